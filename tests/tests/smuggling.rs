//! Request smuggling (RFC 9112, 11.2): requests whose end a proxy may see elsewhere than the server. They are refused,
//! and nothing that follows on their connection is answered.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::time::Duration;

use eggypro_tests::TestShop;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A second request. An answer to it means that the server saw the end of the first request before it.
const NEXT: &str = "GET /api/health/live HTTP/1.1\r\nHost: shop\r\n\r\n";

/// Sends a request and [`NEXT`], and returns all answers until the server closes the connection.
async fn answers(shop: &TestShop, request: &str) -> String {
    let mut connection = TcpStream::connect(shop.address).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    connection.write_all(NEXT.as_bytes()).await.unwrap();
    let mut answers = vec![];
    let read = connection.read_to_end(&mut answers);
    let read = tokio::time::timeout(Duration::from_secs(4), read).await;
    assert!(read.is_ok(), "the connection stays open after {request:?}");
    String::from_utf8(answers).unwrap()
}

async fn expect_refused(shop: &TestShop, request: &str) {
    let answers = answers(shop, request).await;
    assert!(
        answers.starts_with("HTTP/1.1 400 "),
        "{request:?}: {answers}"
    );
    assert_eq!(
        answers.matches("HTTP/1.1 ").count(),
        1,
        "{request:?}: {answers}"
    );
}

fn post(head: &str, body: &str) -> String {
    format!(
        "POST /api/products/eggs/reviews HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n{head}\r\n{body}"
    )
}

#[tokio::test]
async fn ambiguous_body_lengths_are_refused() {
    let shop = TestShop::start().await;
    for head in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 0\r\n",
        "Content-Length: 5\r\nContent-Length: 5\r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: -5\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: 5 0\r\n",
        "Content-Length:\r\n",
        "Content-Length: 99999999999999999999999\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: \"chunked\"\r\n",
        "Transfer-Encoding: \u{b}chunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    ] {
        expect_refused(&shop, &post(head, "0\r\n\r\n")).await;
    }
    let old = post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n").replace("HTTP/1.1", "HTTP/1.0");
    expect_refused(&shop, &old).await;
}

#[tokio::test]
async fn invalid_chunks_are_refused() {
    let shop = TestShop::start().await;
    for body in [
        "0x2\r\n{}\r\n0\r\n\r\n",
        "-2\r\n{}\r\n0\r\n\r\n",
        "+2\r\n{}\r\n0\r\n\r\n",
        "fffffffffffffffff2\r\n{}\r\n0\r\n\r\n",
        "2\n{}\r\n0\r\n\r\n",
        "2;x\n{}\r\n0\r\n\r\n",
        "2\r\n{}xx0\r\n\r\n",
        "3\r\n{}\r\n0\r\n\r\n",
        "1\r\n{}\r\n0\r\n\r\n",
        "\r\n{}\r\n0\r\n\r\n",
    ] {
        expect_refused(&shop, &post("Transfer-Encoding: chunked\r\n", body)).await;
    }
}

#[tokio::test]
async fn ambiguous_heads_are_refused() {
    let shop = TestShop::start().await;
    for head in [
        "Content-Length : 5\r\n",
        "Transfer-Encoding : chunked\r\n",
        "X-Folded: a\r\n b\r\n",
        "Transfer-Encoding:\r\n chunked\r\n",
        "X-Return: a\rContent-Length: 5\r\n",
        "X-Nul: a\0b\r\n",
        "X Space: a\r\n",
        ": a\r\n",
        "Host: another\r\n",
    ] {
        expect_refused(&shop, &post(head, "")).await;
    }
    for head in [
        "GET /api/products HTTP/1.1\r\n\r\n",
        "GET /api/products HTTP/1.1\r\n Host: shop\r\n\r\n",
        "GET  /api/products HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /api/products HTTP/1.2\r\nHost: shop\r\n\r\n",
        "GET /api/products\tHTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /api/products\r\nHost: shop\r\n\r\n",
    ] {
        expect_refused(&shop, head).await;
    }
}

#[tokio::test]
async fn valid_requests_and_their_successors_are_answered() {
    let shop = TestShop::start().await;
    for request in [
        post("Content-Length: 2\r\n", "{}"),
        post("Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"),
        post(
            "Transfer-Encoding: Chunked\r\n",
            "2;name=value\r\n{}\r\n0\r\nTrailer: x\r\n\r\n",
        ),
    ] {
        let mut connection = TcpStream::connect(shop.address).await.unwrap();
        connection.write_all(request.as_bytes()).await.unwrap();
        let last = NEXT.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
        connection.write_all(last.as_bytes()).await.unwrap();
        let mut answers = String::new();
        connection.read_to_string(&mut answers).await.unwrap();
        assert!(
            answers.starts_with("HTTP/1.1 422 "),
            "{request:?}: {answers}"
        );
        assert_eq!(
            answers.matches("HTTP/1.1 200 OK").count(),
            1,
            "{request:?}: {answers}"
        );
    }
}
