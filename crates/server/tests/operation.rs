//! Operation of the server: graceful stop, health and metrics, and the request log.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

#[path = "process/running.rs"]
mod running;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use eggypro_persistence::testing::TestDatabase;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::StatusCode;
use reqwest::blocking::{Client, get};
use secrecy::ExposeSecret;

use self::running::{Running, command, eggypro, folder};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn server_on(database: &TestDatabase) -> Command {
    let mut command = eggypro();
    command
        .env("POSTGRES_URL", database.url().expose_secret())
        .env("ADMIN_SECRET_KEY", SECRET)
        .env("RATE_LIMIT_MAX_REQUESTS", "1000000");
    command
}

fn count(database: &TestDatabase, query: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let row: Row = sql_query(query)
        .get_result(&mut *database.connect())
        .unwrap();
    row.count
}

/// A port that is not in use.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

fn poll(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::yield_now();
    }
}

#[test]
fn requests_are_recorded_before_the_server_ends_and_unlimited_ones_counted() {
    let database = TestDatabase::migrated();
    let server = Running::start(&mut server_on(&database));
    assert!(server.secret.is_none());
    let client = Client::builder().tls_certs_only([]).build().unwrap();
    for number in 0..520 {
        let path = match number % 4 {
            0 => "/api/products".to_owned(),
            1 => format!("/api/products/egg-{number}"),
            2 => "/api/health/live".to_owned(),
            _ => "/nowhere".to_owned(),
        };
        let request = client.get(format!("{}{path}", server.address));
        request.header("User-Agent", "test").send().unwrap();
    }
    assert_eq!(server.stop(Signal::SIGTERM), Some(0));
    assert_eq!(count(&database, "SELECT count(*) FROM api_metrics"), 390);
    let of = |condition: &str| {
        count(
            &database,
            &format!("SELECT count(*) FROM api_metrics WHERE method = 'GET' AND {condition}"),
        )
    };
    assert_eq!(of("endpoint = '/api/products' AND status_code = 200"), 130);
    assert_eq!(
        of("endpoint = '/api/products/{slug}' AND status_code = 404"),
        130
    );
    assert_eq!(of("endpoint = '/api/health/live'"), 0);
    assert_eq!(of("endpoint = 'unmatched' AND status_code = 404"), 130);
    // Only the network of the address is recorded.
    assert_eq!(of("ip_address = '127.0.0.0' AND user_agent = 'test'"), 390);
    let counted = "SELECT sum(requests)::bigint AS count FROM api_metrics_hourly";
    assert_eq!(count(&database, counted), 520);
}

#[test]
fn nothing_is_recorded_if_the_request_log_is_disabled() {
    let database = TestDatabase::migrated();
    let server = Running::start(server_on(&database).env("ENABLE_API_METRICS", "false"));
    assert_eq!(server.get("/api/products"), 200);
    assert_eq!(server.stop(Signal::SIGTERM), Some(0));
    assert_eq!(count(&database, "SELECT count(*) FROM api_metrics"), 0);
}

#[test]
fn a_server_that_stops_is_not_ready_and_still_answers() {
    let database = TestDatabase::migrated();
    let mut server = Running::start(server_on(&database).env("SHUTDOWN_GRACE_MS", "60000"));
    assert_eq!(server.get("/api/health/ready"), 200);
    let process = Pid::from_raw(server.process.id().try_into().unwrap());
    kill(process, Signal::SIGTERM).unwrap();
    poll("still ready", || server.get("/api/health/ready") == 503);
    assert_eq!(server.get("/api/health/live"), 200);
    assert_eq!(server.get("/api/products"), 200);
    // A second signal ends the grace period, and no record is lost.
    kill(process, Signal::SIGTERM).unwrap();
    assert_eq!(server.process.wait().unwrap().code(), Some(0));
    let recorded = "SELECT count(*) FROM api_metrics WHERE endpoint = '/api/products'";
    assert_eq!(count(&database, recorded), 1);

    let server = Running::start(server_on(&database).env("SHUTDOWN_GRACE_MS", "200"));
    let asked = Instant::now();
    assert_eq!(server.stop(Signal::SIGTERM), Some(0));
    assert!(asked.elapsed() >= Duration::from_millis(200));
}

#[test]
fn health_is_answered_while_clients_hold_all_connections() {
    let database = TestDatabase::migrated();
    let bind = format!("127.0.0.1:{}", free_port());
    let server = Running::start(
        server_on(&database)
            .env("METRICS_BIND", &bind)
            .env("HTTP_MAX_CONNECTIONS", "16"),
    );
    let address = server.address.strip_prefix("http://").unwrap();
    let held: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut connection = TcpStream::connect(address).unwrap();
            // The server may have closed it in favour of the next connection.
            let _ = connection.write_all(b"GET /api/products HTTP/1.1\r\nHost: ");
            connection
        })
        .collect();
    for path in ["live", "ready", "live", "ready"] {
        let answer = get(format!("http://{bind}/api/health/{path}")).unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
    }
    drop(held);
    assert_eq!(server.stop(Signal::SIGTERM), Some(0));
}

#[test]
fn a_stalled_upload_does_not_delay_the_stop_for_long() {
    let (database, folder) = (TestDatabase::migrated(), folder());
    let server = Running::start(server_on(&database).env("EGGYPRO_DATA_DIR", folder.path()));
    let address = server.address.strip_prefix("http://").unwrap();
    let mut upload = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /api/images HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer {SECRET}\r\nContent-Length: 1000000\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nExpect: 100-continue\r\n\r\n"
    );
    upload.write_all(head.as_bytes()).unwrap();
    let mut answer = [0; 25];
    upload.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 100 Continue\r\n\r\n");
    upload.write_all(b"--b\r\n").unwrap();
    let asked = Instant::now();
    assert_eq!(server.stop(Signal::SIGTERM), Some(0));
    let took = asked.elapsed();
    assert!(took < Duration::from_secs(25), "{took:?}");
}

#[test]
fn the_health_command_asks_the_server() {
    let (database, folder) = (TestDatabase::migrated(), folder());
    let port = free_port().to_string();
    let health = || {
        let mut health = command(env!("CARGO_BIN_EXE_eggypro").as_ref());
        health
            .arg("health")
            .env("PORT", &port)
            .env("HOST", "0.0.0.0");
        health.current_dir(folder.path()).output().unwrap()
    };
    let alone = health();
    assert_eq!(alone.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&alone.stderr).contains("does not answer"));
    let server = Running::start(server_on(&database).env("PORT", &port));
    assert_eq!(health().status.code(), Some(0));
    assert_eq!(server.stop(Signal::SIGTERM), Some(0));
}

#[test]
fn metrics_are_served_for_prometheus() {
    let database = TestDatabase::migrated();
    let bind = format!("127.0.0.1:{}", free_port());
    let server = Running::start(server_on(&database).env("METRICS_BIND", &bind));
    for _ in 0..3 {
        assert_eq!(server.get("/api/products"), 200);
    }
    assert_eq!(server.get("/api/products/nothing"), 404);
    let figures = || {
        get(format!("http://{bind}/metrics"))
            .unwrap()
            .text()
            .unwrap()
    };
    // The last of the requests above.
    let last = r#"http_request_duration_seconds_count{method="GET",route="/api/products/{slug}",status="4xx"} 1"#;
    poll("requests are not counted", || figures().contains(last));
    let text = figures();
    for line in [
        r#"http_request_duration_seconds_count{method="GET",route="/api/products",status="2xx"} 3"#,
        r#"http_request_duration_seconds_bucket{method="GET",route="/api/products",status="2xx",le="10"} 3"#,
        r#"eggypro_cache_reads_total{result="hit"} 2"#,
        // The list, the missing product, and the check whether its slug was renamed.
        "eggypro_cache_loads_total 3",
        "eggypro_request_log_lost_total 0",
        "eggypro_rate_limited_requests_total 0",
        "process_resident_memory_bytes ",
        "eggypro_db_jobs_waiting 0",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    // Health probes are served there too.
    let health = |of: &str| {
        get(format!("http://{bind}/api/health/{of}"))
            .unwrap()
            .status()
    };
    assert_eq!(
        (health("live"), health("ready")),
        (StatusCode::OK, StatusCode::OK)
    );
    assert_eq!(
        get(format!("http://{bind}/api/products")).unwrap().status(),
        404
    );
    // The API does not serve metrics.
    assert_eq!(server.get("/metrics"), 404);
    assert_eq!(server.stop(Signal::SIGTERM), Some(0));
}
