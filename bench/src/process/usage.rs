use std::fs;

use super::Running;
use crate::Failure;

/// The resources that a process has used, read from `/proc`.
pub(crate) struct Usage;

impl Usage {
    /// The processor time of a process since its start, in microseconds.
    pub(crate) fn processor_time(process: &Running) -> Result<u64, Failure> {
        Self::ticks(process.child.id(), 2)
    }

    /// The processor time of a process and its children, including ended ones, in microseconds.
    pub(crate) fn of_all_under(parent: u32) -> Result<u64, Failure> {
        let mut all = Self::ticks(parent, 4)?;
        for entry in fs::read_dir("/proc")? {
            let name = entry?.file_name();
            let Some(pid) = name.to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            // A child that ends meanwhile is counted with its parent the next time.
            let is_child = Self::stat(pid)
                .is_ok_and(|stat| stat.get(1).is_some_and(|of| *of == parent.to_string()));
            if is_child {
                all += Self::ticks(pid, 2).unwrap_or(0);
            }
        }
        Ok(all)
    }

    /// The fields of `/proc/<pid>/stat` after the process name: state, parent and so on.
    fn stat(pid: u32) -> Result<Vec<String>, Failure> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let behind_name = stat.rsplit(") ").next().ok_or("a line without a name")?;
        Ok(behind_name.split(' ').map(str::to_owned).collect())
    }

    /// The sum of the first `fields` of: user time, system time, and the same two of ended children, in microseconds.
    fn ticks(pid: u32, fields: usize) -> Result<u64, Failure> {
        let stat = Self::stat(pid)?;
        let ticks = stat
            .iter()
            .skip(11)
            .take(fields)
            .map(|ticks| ticks.parse::<u64>());
        // Linux reports 100 ticks a second to programs on every machine.
        Ok(ticks.sum::<Result<u64, _>>()? * 10_000)
    }

    /// The resident memory of a process, in bytes.
    pub(crate) fn memory(process: &Running) -> Result<u64, Failure> {
        Self::bytes(process, "VmRSS:")
    }

    /// The peak resident memory of a process, in bytes.
    pub(crate) fn peak_memory(process: &Running) -> Result<u64, Failure> {
        Self::bytes(process, "VmHWM:")
    }

    /// Begins the peak anew.
    pub(crate) fn forget_peak(process: &Running) -> Result<(), Failure> {
        Ok(fs::write(
            format!("/proc/{}/clear_refs", process.child.id()),
            "5",
        )?)
    }

    fn bytes(process: &Running, name: &str) -> Result<u64, Failure> {
        let status = fs::read_to_string(format!("/proc/{}/status", process.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes = line.and_then(|line| line.split_whitespace().next());
        Ok(kilobytes.ok_or("no figure of memory")?.parse::<u64>()? * 1024)
    }
}
