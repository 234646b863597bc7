//! The metrics for administrators, and the reports to an error tracker.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use eggypro_server::TrackerSettings;
use eggypro_tests::TestShop;
use serde_json::{Value, json};

#[tokio::test]
async fn administrators_read_the_metrics() {
    let shop = TestShop::start().await;
    for _ in 0..3 {
        shop.anonymous().get("/api/products").await.expect(200);
    }
    shop.anonymous()
        .get("/api/products/nothing")
        .await
        .expect(404);
    shop.anonymous()
        .get("/api/metrics")
        .await
        .expect_problem(401);
    let started = Instant::now();
    let endpoints = loop {
        let metrics = shop.admin().get("/api/metrics").await.expect(200).json();
        assert_eq!(metrics["days"], 7);
        let endpoints = metrics["endpoints"].as_array().unwrap().clone();
        let lists = json!("/api/products");
        if endpoints
            .iter()
            .any(|one| one["endpoint"] == lists && one["total_requests"] == 3)
        {
            break endpoints;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "{endpoints:?}");
        tokio::task::yield_now().await;
    };
    let of = |endpoint: &str| {
        endpoints
            .iter()
            .find(|one| one["endpoint"] == endpoint)
            .unwrap()
    };
    let product = of("/api/products/{slug}");
    assert_eq!(
        (
            &product["method"],
            &product["total_requests"],
            &product["error_count"]
        ),
        (&json!("GET"), &json!(1), &json!(1))
    );
    for name in ["avg_response_time", "p50", "p95", "p99"] {
        assert!(product[name].is_number(), "{product}");
    }
    let metrics = shop.admin().get("/api/metrics?days=90").await.expect(200);
    assert_eq!(metrics.header("cache-control"), "no-store");
    for days in ["0", "91", "x", "1.5"] {
        let path = format!("/api/metrics?days={days}");
        let refused = shop.admin().get(&path).await.expect_problem(400);
        assert_eq!(
            refused.errors(),
            ["days: days must be a whole number from 1 to 90"]
        );
    }
}

/// Accepts one request, answers it with 200, and returns its request line and body.
fn receive(listener: &TcpListener) -> (String, Vec<u8>) {
    let (mut stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut lines = vec![];
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_ascii_lowercase());
    }
    let length = lines
        .iter()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.unwrap().parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    stream
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        .unwrap();
    (lines.swap_remove(0), body)
}

#[tokio::test(flavor = "multi_thread")]
async fn unexpected_failures_are_reported_to_the_tracker() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let dsn = format!("http://public@{}/42", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(receive(&listener)));
    let shop = TestShop::start_with(|settings| {
        settings.tracker = Some(TrackerSettings {
            dsn: dsn.parse().unwrap(),
            environment: "production",
        });
    })
    .await;
    // A client's error is not reported.
    shop.anonymous()
        .get("/api/products/nothing")
        .await
        .expect(404);
    shop.database
        .execute("ALTER TABLE categories RENAME TO others");
    let user = shop.anonymous();
    let request = user
        .request("GET", "/api/categories/bars?")
        .header("User-Agent", "Mozilla/5.0");
    let failed = user.send(request).await.expect_problem(500);
    let (line, body) = receiver.recv_timeout(Duration::from_secs(20)).unwrap();
    assert!(line.starts_with("post /api/42/envelope/"), "{line}");
    let body = String::from_utf8(body).unwrap();
    // The lines are the header of the envelope, the header of the item, and the event.
    let event: Value = serde_json::from_str(body.lines().nth(2).unwrap()).unwrap();
    assert_eq!(event["tags"]["endpoint"], "/api/categories/{slug}");
    assert_eq!(event["tags"]["method"], "GET");
    assert_eq!(event["tags"]["request_id"], failed.header("x-request-id"));
    assert_eq!(event["request"]["headers"]["User-Agent"], "Mozilla/5.0");
    assert_eq!(event["user"]["ip_address"], "127.0.0.0");
    assert_eq!(event["environment"], "production");
    assert!(event["message"].as_str().unwrap().contains("categories"));
}
