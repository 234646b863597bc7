//! Servers that start while their database is unavailable or refuses connections.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

#[path = "process/running.rs"]
#[expect(dead_code, reason = "shared with another test")]
mod running;
#[path = "process/trap.rs"]
#[expect(dead_code, reason = "shared with another test")]
mod trap;

use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use eggypro_persistence::testing::TestDatabase;
use nix::sys::signal::Signal;
use secrecy::ExposeSecret;

use self::running::{Running, eggypro};
use self::trap::{Trap, url_at};

fn server_at(url: &str) -> Command {
    let mut command = eggypro();
    command.env("POSTGRES_URL", url);
    command.env("ADMIN_SECRET_KEY", "0123456789abcdef0123456789abcdef");
    command.env("RATE_LIMIT_MAX_REQUESTS", "1000000000");
    command
}

/// An address that is not in use.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

fn state(server: &Running) -> [u16; 3] {
    ["/api/health/live", "/api/health/ready", "/api/products"].map(|path| server.get(path))
}

fn until_ready(server: &Running) {
    let started = Instant::now();
    while server.get("/api/health/ready") != 200 {
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "it is not ready"
        );
        std::thread::yield_now();
    }
}

#[test]
fn a_server_recovers_if_its_database_is_unavailable_at_the_start() {
    let (database, address) = (TestDatabase::blank(), free_address());
    let server = Running::start(&mut server_at(&url_at(address, &database)));
    assert_eq!(state(&server), [200, 503, 503]);
    assert_eq!(server.get("/api/openapi.json"), 200);
    let _trap = Trap::at(address, &database);
    until_ready(&server);
    assert_eq!(state(&server), [200, 200, 200]);
    assert_eq!(server.stop(Signal::SIGTERM), Some(0));
}

#[test]
fn a_database_without_migrations_gets_no_queries() {
    let (database, address) = (TestDatabase::blank(), free_address());
    let url = url_at(address, &database);
    let server = Running::start(server_at(&url).env("MIGRATE_ON_START", "false"));
    let trap = Trap::at(address, &database);
    // A query without tables would lead to a 500. After eight connections the server has checked several times and its
    // pool is connected.
    let started = Instant::now();
    while trap.connections.load(Ordering::Relaxed) < 8 {
        assert_eq!(state(&server), [200, 503, 503]);
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "it does not look"
        );
    }
    assert_eq!(state(&server), [200, 503, 503]);
    let migrated = server_at(&url).arg("migrate").output().unwrap();
    assert!(migrated.status.success());
    until_ready(&server);
    assert_eq!(state(&server), [200, 200, 200]);
    assert_eq!(server.stop(Signal::SIGTERM), Some(0));
}

#[test]
fn a_server_without_its_database_stops_normally() {
    let database = TestDatabase::blank();
    let server = Running::start(&mut server_at(&url_at(free_address(), &database)));
    assert_eq!(state(&server), [200, 503, 503]);
    assert_eq!(server.stop(Signal::SIGTERM), Some(0));
}

#[test]
fn a_refusal_by_the_database_ends_the_server_at_once() {
    let database = TestDatabase::blank();
    let url = database.url().expose_secret().to_owned();
    let name = url.split('?').next().and_then(|url| url.rsplit('/').next());
    let another = url.replace(name.unwrap(), "no_such_shop");
    let started = Instant::now();
    let output = server_at(&another).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(started.elapsed() < Duration::from_secs(10));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("the database can't be reached"), "{said}");
}
