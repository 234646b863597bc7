//! A Redis with TLS is used only if its certificate is trusted.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

#[path = "process/running.rs"]
#[expect(dead_code, reason = "not every test needs all of it")]
mod running;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use eggypro_persistence::testing::TestDatabase;
use reqwest::blocking::get;
use secrecy::ExposeSecret;
use tempfile::TempDir;

use self::running::{Running, eggypro, folder};

/// A Redis with TLS at a port, and without TLS at a socket, through which the test inspects it.
struct Redis {
    process: Child,
    port: u16,
    folder: TempDir,
}

impl Redis {
    fn start() -> Self {
        let folder = folder();
        let names = vec!["localhost".to_owned()];
        let certified = rcgen::generate_simple_self_signed(names).unwrap();
        fs::write(folder.path().join("certificate"), certified.cert.pem()).unwrap();
        let key = certified.signing_key.serialize_pem();
        fs::write(folder.path().join("key"), key).unwrap();
        let socket = folder.path().join("socket");
        loop {
            let free = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = free.local_addr().unwrap().port();
            drop(free);
            let mut process = Command::new("redis-server")
                .args([
                    "--bind",
                    "127.0.0.1",
                    "--port",
                    "0",
                    "--unixsocket",
                    "socket",
                ])
                .args(["--tls-port", &port.to_string(), "--tls-auth-clients", "no"])
                .args(["--tls-cert-file", "certificate", "--tls-key-file", "key"])
                .args(["--save", "", "--loglevel", "warning"])
                .current_dir(folder.path())
                .spawn()
                .unwrap();
            // Redis ends at once if another process has taken the port meanwhile.
            let mut is_over = || process.try_wait().unwrap().is_some();
            poll(|| is_over() || UnixStream::connect(&socket).is_ok());
            if !is_over() {
                break Self {
                    process,
                    port,
                    folder,
                };
            }
        }
    }

    /// Number of keys.
    fn size(&self) -> u32 {
        let mut stream = UnixStream::connect(self.folder.path().join("socket")).unwrap();
        stream.write_all(b"DBSIZE\r\nQUIT\r\n").unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        let size = said.lines().next().unwrap().strip_prefix(':').unwrap();
        size.parse().unwrap()
    }

    fn server(&self, database: &TestDatabase, trusted: &str) -> Running {
        Running::start(
            eggypro()
                .env("POSTGRES_URL", database.url().expose_secret())
                .env("ADMIN_SECRET_KEY", "0123456789abcdef0123456789abcdef")
                .env("REDIS_URL", format!("rediss://localhost:{}", self.port))
                // A busy machine takes longer than the usual 50 ms.
                .env("REDIS_TIMEOUT_MS", "1000")
                .env("SSL_CERT_FILE", self.folder.path().join(trusted)),
        )
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn poll(mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(20));
        std::thread::yield_now();
    }
}

/// The state of Redis in `/api/health`.
fn health(server: &Running) -> String {
    let health = get(format!("{}/api/health", server.address)).unwrap();
    let health: serde_json::Value = health.json().unwrap();
    health["services"]["cache"]["status"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_trusted_redis_is_used() {
    let (database, redis) = (TestDatabase::migrated(), Redis::start());
    let server = redis.server(&database, "certificate");
    assert_eq!(redis.size(), 0);
    // Requests are counted in Redis.
    poll(|| server.get("/api/products") == 200 && redis.size() > 0);
    assert_eq!(health(&server), "healthy");
}

#[test]
fn an_untrusted_redis_is_not_used() {
    let (database, redis) = (TestDatabase::migrated(), Redis::start());
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    fs::write(redis.folder.path().join("other"), other.cert.pem()).unwrap();
    let server = redis.server(&database, "other");
    for _ in 0..5 {
        assert_eq!(server.get("/api/products"), 200);
    }
    assert_eq!(health(&server), "unhealthy");
    assert_eq!(redis.size(), 0);
}
