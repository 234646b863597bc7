use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::fcntl::OFlag;
use nix::sys::signal::kill;
use nix::unistd::Pid;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::Error;
use crate::binaries::Binaries;
use crate::user::ClusterUser;

/// The role that owns everything in the cluster.
const ROLE: &str = "eggypro";

/// The file with our settings, next to the data folder. The cluster's `postgresql.conf` includes it.
const SETTINGS: &str = "settings.conf";

/// Maximum length of the path of a socket's folder, in bytes. macOS has the lowest limit: 103 bytes including the
/// socket's name.
const MAX_SOCKET_DIRECTORY: usize = 103 - "/.s.PGSQL.5432".len();

/// Maximum time to wait for a server that another process has just started.
const PATIENCE: Duration = Duration::from_secs(15);

/// A cluster in a folder, with the binaries and the user that run it.
#[derive(Debug)]
pub(crate) struct Cluster {
    data: PathBuf,
    socket_directory: PathBuf,
    binaries: Binaries,
    user: ClusterUser,
}

impl Cluster {
    pub(crate) fn new(
        directory: &Path,
        binaries: Binaries,
        user: ClusterUser,
    ) -> Result<Self, Error> {
        let socket_directory = socket_directory(directory, &user)?;
        Ok(Self {
            data: directory.join("data"),
            socket_directory,
            binaries,
            user,
        })
    }

    pub(crate) fn url(&self, database: &str) -> String {
        const SAFE: &AsciiSet = &NON_ALPHANUMERIC
            .remove(b'/')
            .remove(b'-')
            .remove(b'_')
            .remove(b'.');
        let host = percent_encode(self.socket_directory.as_os_str().as_encoded_bytes(), SAFE);
        format!("postgresql://{ROLE}@/{database}?host={host}")
    }

    /// Creates the cluster if it does not exist, and starts it if it does not run.
    pub(crate) fn ensure_running(&self, is_durable: bool) -> Result<(), Error> {
        if !self.data.join("PG_VERSION").exists() {
            self.make()?;
        }
        if self.is_running()? {
            Ok(())
        } else {
            self.start(is_durable)
        }
    }

    /// Starts the server of an existing cluster unless it runs; returns whether it was started. Fails if the data is
    /// missing: an empty cluster in its place would hide the loss.
    pub(crate) fn start_again(&self, is_durable: bool) -> Result<bool, Error> {
        if !self.data.join("PG_VERSION").exists() {
            return Err(Error::Vanished {
                path: self.data.clone(),
            });
        }
        if self.is_running()? {
            return Ok(false);
        }
        self.start(is_durable)?;
        Ok(true)
    }

    pub(crate) fn stop(&self) -> Result<(), Error> {
        self.run(self.pg_ctl("stop").args(["-m", "fast"]))?;
        if !self.data.starts_with(&self.socket_directory) {
            let _ = fs::remove_dir(&self.socket_directory);
        }
        Ok(())
    }

    pub(crate) fn ensure_database(&self, name: &str) -> Result<(), Error> {
        // psql quotes the name itself: `:'name'` as a text and %I as an identifier.
        let statement = "SELECT format('CREATE DATABASE %I', :'name') \
                         WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \\gexec\n";
        let mut psql = self.psql();
        psql.args([
            "-v",
            "ON_ERROR_STOP=1",
            "-v",
            &format!("name={name}"),
            "-f",
            "-",
        ]);
        self.run_with_input(&mut psql, statement)
    }

    /// Whether the server has ended, according to its lock and the process table.
    pub(crate) fn has_ended(&self) -> bool {
        let pid = read_pid(&self.data.join("postmaster.pid"));
        !pid.is_some_and(|pid| matches!(holder(&self.data, pid), Holder::Server))
    }

    /// Creates the cluster in a temporary folder and renames it when it is complete, so that a partial cluster is never
    /// used. Tries several locales, of which every machine has at least one. The preferred one sorts by bytes and knows
    /// Unicode letters.
    fn make(&self) -> Result<(), Error> {
        let new = self.data.with_file_name("data.new");
        let unusable = |source| Error::Directory {
            path: new.clone(),
            source,
        };
        let mut result = Ok(());
        for locale in ["C.UTF-8", "en_US.UTF-8", "C"] {
            if new.exists() {
                fs::remove_dir_all(&new).map_err(unusable)?;
            }
            let mut initdb = self.user.command(&self.binaries.program("initdb"));
            initdb.arg("-D").arg(&new).args(["-U", ROLE, "-E", "UTF8"]);
            let locale = format!("--locale={locale}");
            result = self.run(initdb.args([&locale, "--auth-local=trust", "--auth-host=reject"]));
            if result.is_ok() {
                break;
            }
        }
        result?;
        let include = format!("\ninclude_if_exists = '../{SETTINGS}'\n");
        self.write_as_user("cat >>\"$0\"", &new.join("postgresql.conf"), &include)?;
        fs::rename(&new, &self.data).map_err(unusable)
    }

    fn start(&self, is_durable: bool) -> Result<(), Error> {
        self.configure(is_durable)?;
        // The server inherits the log as its output. pg_ctl's own log option would pass the path through a shell.
        let log = self.data.with_file_name("postgres.log");
        let opened = open_without_links(&log).map_err(|source| Error::Directory {
            path: log.clone(),
            source,
        })?;
        run_printing_to(&mut self.pg_ctl("start"), opened)
    }

    /// Writes the settings to a file, since options on the command line would have to be quoted for two shells.
    fn configure(&self, is_durable: bool) -> Result<(), Error> {
        let socket_directory = self
            .socket_directory
            .display()
            .to_string()
            .replace('\'', "''");
        let durability = if is_durable { "on" } else { "off" };
        let settings = format!(
            "listen_addresses = ''\nport = 5432\nunix_socket_directories = '\"{socket_directory}\"'\n\
             unix_socket_permissions = 0700\nmax_connections = 200\nshared_buffers = 256MB\nfsync = {durability}\n\
             synchronous_commit = {durability}\nfull_page_writes = {durability}\n"
        );
        let path = self.data.with_file_name(SETTINGS);
        self.write_as_user("rm -f \"$0\" && cat >\"$0\"", &path, &settings)
    }

    /// Writes a file with a shell that runs as the cluster's user. That user owns the folder and may have put a
    /// symbolic link there, which root must not follow.
    fn write_as_user(&self, script: &str, path: &Path, text: &str) -> Result<(), Error> {
        let mut shell = self.user.command(Path::new("/bin/sh"));
        self.run_with_input(shell.args(["-c", script]).arg(path), text)
    }

    /// Whether the server runs. A lock of an ended process is left to PostgreSQL, which also checks for surviving child
    /// processes. A lock whose process id is now used by another process would prevent a start, so it is removed.
    fn is_running(&self) -> Result<bool, Error> {
        let lock = self.data.join("postmaster.pid");
        let started = Instant::now();
        loop {
            let Some(pid) = read_pid(&lock) else {
                return Ok(false);
            };
            match holder(&self.data, pid) {
                Holder::Gone => return Ok(false),
                Holder::Stranger => {
                    tracing::info!(
                        pid,
                        "removing the lock files of a PostgreSQL that has ended"
                    );
                    let socket = self.socket_directory.join(".s.PGSQL.5432.lock");
                    // As the cluster's user, since root must not follow that user's links.
                    let mut remove = self.user.command(Path::new("/bin/rm"));
                    self.run(remove.arg("-f").args([&lock, &socket]))?;
                    return Ok(false);
                }
                Holder::Server if self.answers() => return Ok(true),
                Holder::Server if started.elapsed() > PATIENCE => {
                    return Err(Error::Stuck {
                        pid,
                        path: self.data.clone(),
                    });
                }
                Holder::Server => std::thread::sleep(Duration::from_millis(100)),
            }
        }
    }

    fn answers(&self) -> bool {
        self.run(self.psql().args(["-c", "SELECT 1"])).is_ok()
    }

    fn pg_ctl(&self, action: &str) -> Command {
        let mut command = self.user.command(&self.binaries.program("pg_ctl"));
        command
            .arg(action)
            .arg("-D")
            .arg(&self.data)
            .args(["-w", "-s"])
            .stdin(Stdio::null());
        command
    }

    fn psql(&self) -> Command {
        let mut command = self.user.command(&self.binaries.program("psql"));
        command.args(["-X", "-q", "-t", "-d", &self.url("postgres")]);
        command.env("PGCONNECT_TIMEOUT", "2");
        command
    }

    /// Runs a program and waits for its end.
    fn run(&self, command: &mut Command) -> Result<(), Error> {
        run_printing_to(command.stdin(Stdio::null()), scratch()?)
    }

    /// Like `run`, for a program that reads this text from its standard input.
    fn run_with_input(&self, command: &mut Command, text: &str) -> Result<(), Error> {
        let mut input = scratch()?;
        let written = input
            .write_all(text.as_bytes())
            .and_then(|()| input.rewind());
        written.map_err(Error::Scratch)?;
        run_printing_to(command.stdin(input), scratch()?)
    }
}

/// An anonymous temporary file. It leaves nothing behind and can't be replaced by a link.
fn scratch() -> Result<File, Error> {
    tempfile::tempfile().map_err(Error::Scratch)
}

/// Opens a file in a folder that another user may own, for appending. Fails if the path is a symbolic link.
pub(crate) fn open_without_links(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .read(true)
        .custom_flags(OFlag::O_NOFOLLOW.bits())
        .open(path)
}

/// Runs a program and waits for its end. Its output goes to a file, since a pipe would stay open as long as a server
/// that the program has started.
fn run_printing_to(command: &mut Command, mut output: File) -> Result<(), Error> {
    let program = PathBuf::from(command.get_program());
    let spawn = |source| Error::Spawn {
        program: program.clone(),
        source,
    };
    let (printed, errors) = (output.try_clone(), output.try_clone());
    command.stdout(printed.map_err(spawn)?);
    command.stderr(errors.map_err(spawn)?);
    if command.status().map_err(spawn)?.success() {
        Ok(())
    } else {
        let output = last_lines(&mut output);
        Err(Error::Failed { program, output })
    }
}

/// The major PostgreSQL version of the cluster in a folder, if there is a cluster.
pub(crate) fn version_in(directory: &Path) -> Option<String> {
    let version = fs::read_to_string(directory.join("data/PG_VERSION")).ok()?;
    let version = version.trim();
    // The text comes from a file, so anything but a number is ignored.
    let is_number = version.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| version.to_owned())
}

/// The folder of the socket: the cluster's folder or, if its path is too long for a socket, a private folder among the
/// temporary files.
fn socket_directory(directory: &Path, user: &ClusterUser) -> Result<PathBuf, Error> {
    if directory.as_os_str().len() <= MAX_SOCKET_DIRECTORY {
        return Ok(directory.to_owned());
    }
    let unusable = |source| Error::Directory {
        path: directory.to_owned(),
        source,
    };
    let identity = fs::metadata(directory).map_err(unusable)?;
    let name = format!("eggypro-{:x}-{:x}", identity.dev(), identity.ino());
    let short = std::env::temp_dir().join(name);
    fs::create_dir_all(&short).map_err(unusable)?;
    // Another user may have put a link there first.
    if !fs::symlink_metadata(&short).map_err(unusable)?.is_dir() {
        return Err(unusable(io::Error::other("its socket's folder is taken")));
    }
    user.take(&short)?;
    Ok(short)
}

fn read_pid(lock: &Path) -> Option<i32> {
    fs::read_to_string(lock)
        .ok()?
        .lines()
        .next()?
        .trim()
        .parse()
        .ok()
}

/// The process whose id is in a lock.
enum Holder {
    /// There is no such process.
    Gone,
    /// This cluster's server, as far as can be determined.
    Server,
    /// Another process: ids are reused, and in containers very soon.
    Stranger,
}

fn holder(data: &Path, pid: i32) -> Holder {
    match kill(Pid::from_raw(pid), None) {
        Err(nix::errno::Errno::ESRCH) => return Holder::Gone,
        // The server's process can always be signalled: it runs as our user, or we are root.
        Err(_) => return Holder::Stranger,
        Ok(()) => {}
    }
    let process = PathBuf::from(format!("/proc/{pid}"));
    let Ok(name) = fs::read_to_string(process.join("comm")) else {
        return Holder::Server;
    };
    // A zombie has ended, but its parent has not collected it yet. PostgreSQL itself would take it for a live process.
    let is_zombie =
        fs::read_to_string(process.join("stat")).is_ok_and(|stat| stat.contains(") Z "));
    let is_elsewhere = fs::read_link(process.join("cwd")).is_ok_and(|folder| folder != data);
    if is_zombie || is_elsewhere || !name.starts_with("post") {
        Holder::Stranger
    } else {
        Holder::Server
    }
}

fn last_lines(file: &mut File) -> String {
    // The log may be very long.
    const ENOUGH: u64 = 8 * 1024;
    let mut text = vec![];
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    let start = SeekFrom::Start(length.saturating_sub(ENOUGH));
    let read = file
        .seek(start)
        .and_then(|_| file.take(ENOUGH).read_to_end(&mut text));
    if read.is_err() {
        return String::new();
    }
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}
