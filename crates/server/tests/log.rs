//! The log of a running server.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

#[path = "process/running.rs"]
#[expect(dead_code, reason = "shared with another test")]
mod running;

use std::io::{Read, Write};
use std::net::TcpStream;

use eggypro_persistence::testing::TestDatabase;
use nix::sys::signal::Signal;
use secrecy::ExposeSecret;
use serde_json::Value;

use self::running::{Running, eggypro};

const SECRET: &str = "the-admin-secret-that-no-log-holds";
const CLOUDINARY: [(&str, &str); 4] = [
    ("CLOUDINARY_CLOUD_NAME", "shop"),
    ("CLOUDINARY_API_KEY", "the-api-key-that-no-log-holds"),
    ("CLOUDINARY_API_SECRET", "the-api-secret-that-no-log-holds"),
    // Nothing listens there, so calls fail and are logged.
    ("CLOUDINARY_API_BASE", "http://127.0.0.1:1"),
];

/// The message that a client tries to forge.
const FORGED: &str = "an administrator has come in";

/// Requests that try to forge a log line. Some fail and are therefore logged.
fn requests() -> Vec<String> {
    let forged = format!(
        "%0a{{\"level\":\"INFO\",\"message\":\"{}\"}}%0a%1b[2J",
        FORGED.replace(' ', "+")
    );
    let get = |path: &str, head: &str| {
        format!("GET {path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n{head}\r\n")
    };
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\\\"{FORGED}\"\r\n\r\n\u{89}\r\n--b--\r\n"
    );
    vec![
        get(&format!("/api/products/{forged}"), ""),
        get(&format!("/api/products?search={forged}&sort={forged}"), ""),
        get(
            "/api/products",
            &format!("User-Agent: {FORGED} \u{1b}[2J\u{7f}\r\n"),
        ),
        get("/api/products", &format!("X-Request-Id: {FORGED}\r\n")),
        get("/api/products", &format!("X-Forwarded-For: {FORGED}\r\n")),
        get(
            "/api/auth/admin",
            "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.wrong\r\n",
        ),
        get(
            "/api/auth/admin",
            &format!("Authorization: Bearer {SECRET}\r\n"),
        ),
        get(
            "/api/metrics",
            &format!("Authorization: Bearer {SECRET}-almost\r\n"),
        ),
        // This calls Cloudinary, which fails.
        get("/api/health", ""),
        format!(
            "POST /api/images HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nAuthorization: Bearer {SECRET}\r\n\
             Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        ),
        format!("{FORGED}\n\n"),
    ]
}

#[test]
fn no_client_forges_a_log_line_and_no_secret_is_logged() {
    let database = TestDatabase::migrated();
    for (mode, level) in [
        ("production", "info"),
        ("production", "trace"),
        ("test", "debug"),
    ] {
        let mut server = Running::start(
            eggypro()
                .env("APP_ENV", mode)
                .env("POSTGRES_URL", database.url().expose_secret())
                .env("ADMIN_SECRET_KEY", SECRET)
                .env("JWT_SECRET", "the-jwt-secret-that-no-log-holds!")
                .envs(CLOUDINARY)
                .env("SHUTDOWN_GRACE_MS", "0")
                .env("RUST_LOG", level),
        );
        let mut errors = server.process.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            errors.read_to_string(&mut log).unwrap();
            log
        });
        let address = server.address.strip_prefix("http://").unwrap();
        for request in requests() {
            let mut connection = TcpStream::connect(address).unwrap();
            connection.write_all(request.as_bytes()).unwrap();
            let mut answer = vec![];
            // The server may close the connection of an invalid request.
            let _ = connection.read_to_end(&mut answer);
        }
        assert_eq!(server.stop(Signal::SIGTERM), Some(0));
        let log = log.join().unwrap();
        assert!(log.contains("stopped"), "{log}");
        assert!(!log.contains("that-no-log-holds"), "{log}");
        for line in log.lines() {
            let is_forged = if mode == "production" {
                let event: Value = serde_json::from_str(line).unwrap();
                event["message"] == FORGED
            } else {
                // Each line begins with a time.
                !line.starts_with("20") || line.contains(|letter: char| letter.is_control())
            };
            assert!(!is_forged, "{line}");
        }
    }
}
