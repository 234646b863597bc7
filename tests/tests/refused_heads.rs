//! Invalid request heads are answered with a problem, and counted.

use std::time::{Duration, Instant};

use eggypro_tests::TestShop;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn invalid_heads_are_answered_with_problems() {
    let shop = TestShop::start_with(|settings| {
        settings.http.limits.head_time = Duration::from_secs(1);
    })
    .await;
    let endless = format!(
        "GET / HTTP/1.1\r\nHost: shop\r\nX-A: {}",
        "a".repeat(400_000)
    );
    for (status, kind, head) in [
        (
            400,
            "bad-request",
            "GET / HTTP/1.1\r\nHost: shop\r\nno header\r\n\r\n",
        ),
        (400, "bad-request", "\u{1}\u{2}\u{3}\r\n\r\n"),
        (408, "head-too-slow", "GET / HTTP/1.1\r\nHost:"),
        (431, "headers-too-large", &endless),
    ] {
        let mut connection = TcpStream::connect(shop.address).await.unwrap();
        // The server may answer and close the connection before the whole head is sent.
        let _ = connection.write_all(head.as_bytes()).await;
        let mut answer = vec![];
        let _ = connection.read_to_end(&mut answer).await;
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let problem: Value = serde_json::from_str(body).unwrap();
        assert_eq!(problem["status"], status, "{answer}");
        assert_eq!(problem["type"], format!("urn:eggypro:problem:{kind}"));
        let id = problem["request_id"].as_str().unwrap();
        assert!(head.contains(&format!("x-request-id: {id}")), "{answer}");
        assert!(head.contains("content-type: application/problem+json"));
        assert!(head.contains(&format!("content-length: {}", body.len())));
    }
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let metrics = shop.admin().get("/api/metrics").await.expect(200).json();
        let endpoints = metrics["endpoints"].as_array().unwrap().clone();
        let is_it = |one: &&Value| one["endpoint"] == "unmatched" && one["method"] == "OTHER";
        if endpoints
            .iter()
            .find(is_it)
            .is_some_and(|one| one["error_count"] == 4)
        {
            break;
        }
        assert!(Instant::now() < deadline, "{endpoints:?}");
        tokio::task::yield_now().await;
    }
}
