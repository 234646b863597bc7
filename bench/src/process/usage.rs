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

    /// The peak resident memory of a process, in bytes.
    pub(crate) fn peak_memory(process: &Running) -> Result<u64, Failure> {
        let status = fs::read_to_string(format!("/proc/{}/status", process.child.id()))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.and_then(|peak| peak.split_whitespace().next());
        Ok(kilobytes.ok_or("no peak of memory")?.parse::<u64>()? * 1024)
    }
}
