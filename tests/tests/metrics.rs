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

/// The sum of a member of all points.
fn sum(series: &[Value], name: &str) -> u64 {
    series
        .iter()
        .map(|point| point[name].as_u64().unwrap())
        .sum()
}

#[tokio::test]
async fn the_metrics_have_a_series_and_the_hits_of_the_cache() {
    let shop = TestShop::start().await;
    for _ in 0..3 {
        shop.anonymous().get("/api/products").await.expect(200);
    }
    shop.anonymous()
        .get("/api/products/nothing")
        .await
        .expect(404);
    let read = async |days: u8| {
        let path = format!("/api/metrics?days={days}");
        shop.admin().get(&path).await.expect(200).json()
    };
    let started = Instant::now();
    let metrics = loop {
        let metrics = read(7).await;
        let series = metrics["series"].as_array().unwrap();
        if sum(series, "error_count") == 1 && sum(series, "total_requests") >= 4 {
            break metrics;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "{series:?}");
        tokio::task::yield_now().await;
    };
    let series = metrics["series"].as_array().unwrap();
    assert_eq!(series.len(), 7 * 24 + 1);
    let times: Vec<&str> = series
        .iter()
        .map(|point| point["at"].as_str().unwrap())
        .collect();
    assert!(times.is_sorted() && times.iter().all(|at| at.ends_with(":00:00Z")));
    for point in series {
        let has_requests = point["total_requests"] != 0;
        for name in ["p50", "p95", "p99"] {
            assert_eq!(point[name].is_number(), has_requests, "{point}");
            assert_eq!(point[name].is_null(), !has_requests, "{point}");
        }
    }
    let cache = &metrics["cache"];
    assert!(cache["hits"].as_u64() >= Some(1), "{cache}");
    assert!(cache["misses"].as_u64() >= Some(1), "{cache}");

    let metrics = read(30).await;
    let days = metrics["series"].as_array().unwrap();
    assert_eq!(days.len(), 31);
    for day in days {
        assert!(day["at"].as_str().unwrap().ends_with("T00:00:00Z"), "{day}");
    }
    assert_eq!(sum(days, "error_count"), 1);
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
