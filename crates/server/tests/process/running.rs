//! Runs the binary as a process.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::blocking::get;
use tempfile::TempDir;

/// A server prints this once it listens.
const GREETING: &str = "EggyPro listens on ";

/// The binary with an empty environment.
pub(crate) fn eggypro() -> Command {
    command(Path::new(env!("CARGO_BIN_EXE_eggypro")))
}

pub(crate) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap());
    command.env("PORT", "0");
    command
}

/// A folder that users other than root can read.
pub(crate) fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// A server that listens.
pub(crate) struct Running {
    pub(crate) process: Child,
    pub(crate) address: String,
    pub(crate) secret: Option<String>,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
        let Some(Ok(first)) = said.next() else {
            let mut errors = String::new();
            process
                .stderr
                .take()
                .unwrap()
                .read_to_string(&mut errors)
                .unwrap();
            panic!("the server did not start: {errors}");
        };
        let documentation = said.next().unwrap().unwrap();
        assert!(documentation.ends_with("/api/docs"), "{documentation}");
        let makes_secret = !command
            .get_envs()
            .any(|(name, _)| name == "ADMIN_SECRET_KEY");
        let secret = makes_secret.then(|| {
            let line = said.next().unwrap().unwrap();
            line.split_whitespace().last().unwrap().to_owned()
        });
        Self {
            process,
            address: first.strip_prefix(GREETING).unwrap().to_owned(),
            secret,
        }
    }

    pub(crate) fn get(&self, path: &str) -> u16 {
        get(format!("{}{path}", self.address))
            .unwrap()
            .status()
            .as_u16()
    }

    pub(crate) fn stop(mut self, signal: Signal) -> Option<i32> {
        kill(Pid::from_raw(self.process.id().try_into().unwrap()), signal).unwrap();
        self.process.wait().unwrap().code()
    }
}

/// Stops the server, also if a test fails.
impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            let _ = kill(Pid::from_raw(self.process.id() as i32), Signal::SIGTERM);
            let _ = self.process.wait();
        }
    }
}
