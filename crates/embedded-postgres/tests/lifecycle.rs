//! The lifecycle of a private PostgreSQL, including processes that are killed.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use eggypro_embedded_postgres::{Postgres, Settings};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

/// A folder that users other than root can access.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn start(folder: &Path) -> Postgres {
    Postgres::start(&settings(folder)).unwrap()
}

fn settings(folder: &Path) -> Settings {
    Settings::new(folder.join("cluster"))
        .with_database("with \"quotes' and spaces")
        .not_durable()
}

fn lock(folder: &Path) -> String {
    fs::read_to_string(folder.join("cluster/data/postmaster.pid")).unwrap_or_default()
}

fn pid(folder: &Path) -> Pid {
    Pid::from_raw(lock(folder).lines().next().unwrap().parse().unwrap())
}

fn wait_until_gone(pid: Pid) {
    let started = Instant::now();
    while kill(pid, None).is_ok() && !is_zombie(pid) {
        assert!(started.elapsed() < Duration::from_secs(10));
        std::thread::yield_now();
    }
}

/// A process stays in the process table until its parent collects it. In a container that may never happen.
fn is_zombie(pid: Pid) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| stat.contains(") Z "))
}

#[test]
fn the_last_holder_stops_the_server() {
    let folder = folder();
    let first = start(folder.path());
    let pid = pid(folder.path());
    let second = start(folder.path());
    assert_eq!(first.url(), second.url());
    drop(first);
    drop(second);
    wait_until_gone(pid);
    assert_eq!(lock(folder.path()), "");
}

#[test]
fn the_next_holder_restarts_a_killed_server() {
    let folder = folder();
    let first = start(folder.path());
    let killed = pid(folder.path());
    kill(killed, Signal::SIGKILL).unwrap();
    wait_until_gone(killed);
    assert_ne!(lock(folder.path()), "");
    let second = start(folder.path());
    assert_ne!(pid(folder.path()), killed);
    drop(second);
    drop(first);
    assert_eq!(lock(folder.path()), "");
}

#[test]
fn a_lock_with_a_reused_process_id_is_removed() {
    let folder = folder();
    drop(start(folder.path()));
    let data = folder.path().join("cluster/data");
    let mut other = Command::new("sleep")
        .arg("60")
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    // A killed server leaves both of its locks behind.
    let left = format!("{}\n{}\n", other.id(), data.display());
    fs::write(data.join("postmaster.pid"), &left).unwrap();
    fs::write(folder.path().join("cluster/.s.PGSQL.5432.lock"), &left).unwrap();
    drop(start(folder.path()));
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn long_paths_and_unusual_names_work() {
    let folder = folder();
    let deep = folder.path().join("it's a long name".repeat(8));
    fs::create_dir(&deep).unwrap();
    drop(start(&deep));
}

#[test]
fn leftovers_of_an_interrupted_first_start_are_removed() {
    let folder = folder();
    drop(start(folder.path()));
    let data = folder.path().join("cluster/data");
    fs::rename(&data, folder.path().join("cluster/data.new")).unwrap();
    fs::remove_file(folder.path().join("cluster/data.new/postgresql.conf")).unwrap();
    drop(start(folder.path()));
}

#[test]
fn concurrent_first_starts_share_one_cluster() {
    let folder = folder();
    let starters: Vec<_> = (0..4)
        .map(|_| {
            let settings = settings(folder.path());
            std::thread::spawn(move || Postgres::start(&settings).unwrap())
        })
        .collect();
    let holders: Vec<Postgres> = starters
        .into_iter()
        .map(|starter| starter.join().unwrap())
        .collect();
    drop(holders);
    assert_eq!(lock(folder.path()), "");
}

#[test]
fn a_cluster_of_another_version_is_refused() {
    let folder = folder();
    drop(start(folder.path()));
    fs::write(folder.path().join("cluster/data/PG_VERSION"), "9\n").unwrap();
    let error = Postgres::start(&settings(folder.path())).unwrap_err();
    assert!(
        error.to_string().contains("made by PostgreSQL 9"),
        "{error}"
    );
}

#[test]
fn revive_restarts_a_dead_server() {
    let folder = folder();
    let postgres = start(folder.path());
    assert!(!postgres.revive().unwrap());
    let dead = pid(folder.path());
    kill(dead, Signal::SIGKILL).unwrap();
    wait_until_gone(dead);
    let started = Instant::now();
    // Child processes of the dead server may still be running.
    while !postgres.revive().unwrap_or_default() {
        assert!(started.elapsed() < Duration::from_secs(20));
    }
    assert_ne!(pid(folder.path()), dead);
    assert!(!postgres.revive().unwrap());
    drop(postgres);
    assert_eq!(lock(folder.path()), "");
}

#[test]
fn missing_data_is_not_replaced_by_an_empty_cluster() {
    let folder = folder();
    let postgres = start(folder.path());
    let server = pid(folder.path());
    let data = folder.path().join("cluster/data");
    let moved = folder.path().join("cluster/moved");
    fs::rename(&data, &moved).unwrap();
    kill(server, Signal::SIGKILL).unwrap();
    wait_until_gone(server);
    let error = postgres.revive().unwrap_err();
    assert!(error.to_string().contains("is gone from"), "{error}");
    assert!(!data.exists());
    fs::rename(&moved, &data).unwrap();
    let started = Instant::now();
    while !postgres.revive().unwrap_or_default() {
        assert!(started.elapsed() < Duration::from_secs(20));
    }
}

#[test]
fn nothing_is_written_through_a_link() {
    let folder = folder();
    drop(start(folder.path()));
    let elsewhere = folder.path().join("elsewhere");
    for name in [
        "settings.conf",
        "ensure-database.sql",
        "postgres.log",
        "starting.lock",
    ] {
        let link = folder.path().join("cluster").join(name);
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink(&elsewhere, &link).unwrap();
        drop(Postgres::start(&settings(folder.path())));
        assert!(!elsewhere.exists(), "{name}");
        fs::remove_file(&link).unwrap();
        drop(start(folder.path()));
    }
}

#[test]
fn the_server_does_not_inherit_our_environment() {
    let folder = folder();
    let postgres = start(folder.path());
    let environment = fs::read(format!("/proc/{}/environ", pid(folder.path()))).unwrap();
    let environment = String::from_utf8_lossy(&environment);
    // Cargo sets this variable for the test.
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    assert!(!environment.contains("CARGO"), "{environment}");
    drop(postgres);
    let left = fs::read_dir(folder.path().join("cluster")).unwrap();
    let mut left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(!left.any(|name| name.starts_with("output-")));
}
