//! The server closes connections of slow clients. They do not delay other clients.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::time::{Duration, Instant};

use eggypro_tests::TestShop;
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const HALF: &[u8] = b"GET /api/health/live HTTP/1.1\r\nHost: shop\r\nX-Slow: ";
const WHOLE: &[u8] = b"GET /api/health/live HTTP/1.1\r\nHost: shop\r\n\r\n";

async fn impatient_shop() -> TestShop {
    let impatiently = |settings: &mut eggypro_server::ShopSettings| {
        settings.http.limits.head_time = Duration::from_secs(1);
        settings.http.limits.body_time = Duration::from_secs(1);
        settings.http.limits.write_time = Duration::from_secs(1);
        settings.http.limits.keep_alive = Duration::from_secs(1);
    };
    TestShop::start_with(impatiently).await
}

/// Opens a connection, sends this number of complete requests, reads their answers, and then sends half a head.
async fn half_open(shop: &TestShop, answered: usize) -> TcpStream {
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    for _ in 0..answered {
        stream.write_all(WHOLE).await.unwrap();
        let mut answer = vec![0; 4_096];
        let length = stream.read(&mut answer).await.unwrap();
        assert!(answer[..length].starts_with(b"HTTP/1.1 200"));
    }
    stream.write_all(HALF).await.unwrap();
    stream
}

/// Whether the server closes a connection, with no answer or a 408.
async fn is_dropped(mut stream: TcpStream) -> bool {
    let mut rest = vec![];
    let end = timeout(Duration::from_secs(10), stream.read_to_end(&mut rest)).await;
    end.is_ok() && (rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"))
}

#[tokio::test]
async fn two_hundred_half_open_connections_are_closed_without_delaying_others() {
    let shop = impatient_shop().await;
    let slow = join_all((0..200).map(|number| half_open(&shop, number % 2))).await;
    let started = Instant::now();
    shop.anonymous().get("/api/products").await.expect(200);
    assert!(started.elapsed() < Duration::from_millis(500));
    let dropped = join_all(slow.into_iter().map(is_dropped)).await;
    assert_eq!(dropped.iter().filter(|dropped| **dropped).count(), 200);
    // On a new connection, since the server may be closing the idle one of the first request.
    half_open(&shop, 1).await;
}

#[tokio::test]
async fn an_unfinished_body_of_a_refused_request_closes_the_connection() {
    let shop = impatient_shop().await;
    for body in [
        "Content-Length: 1000\r\n\r\n{",
        "Transfer-Encoding: chunked\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
        "\r\nGET /api/health/live HTTP/1.1\r\nHo",
    ] {
        let mut stream = TcpStream::connect(shop.address).await.unwrap();
        let head = format!("POST /api/products HTTP/1.1\r\nHost: shop\r\n{body}");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = vec![];
        let end = timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await;
        assert!(end.is_ok(), "the connection stays open: {body:?}");
        assert!(answer.starts_with(b"HTTP/1.1 401"));
    }
}

#[tokio::test]
async fn a_client_that_still_sends_can_read_the_answer() {
    let shop = impatient_shop().await;
    let stream = TcpStream::connect(shop.address).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    let writing = tokio::spawn(async move {
        let head = b"POST /api/products HTTP/1.1\r\nHost: shop\r\nContent-Length: 4000000\r\n\r\n";
        writer.write_all(head).await.unwrap();
        // The server need not read all of the body.
        drop(writer.write_all(&vec![b'x'; 4_000_000]).await);
    });
    let mut answer = vec![0; 64];
    let length = reader.read(&mut answer).await.unwrap();
    assert!(answer[..length].starts_with(b"HTTP/1.1 401"));
    writing.await.unwrap();
}

#[tokio::test]
async fn a_client_that_does_not_read_is_disconnected() {
    let shop = impatient_shop().await;
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    let requests = b"GET /api/openapi.json HTTP/1.1\r\nHost: shop\r\n\r\n".repeat(100_000);
    // After some megabytes of answers the socket buffers are full, and neither side reads any more.
    let written = timeout(Duration::from_secs(20), stream.write_all(&requests)).await;
    assert!(written.expect("the connection stays open").is_err());
    shop.anonymous().get("/api/products").await.expect(200);
}

#[tokio::test]
async fn a_head_in_pieces_is_accepted_in_time() {
    let shop = impatient_shop().await;
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    let mut answer = vec![0; 4_096];
    for _ in 0..50 {
        for byte in WHOLE {
            stream.write_all(&[*byte]).await.unwrap();
        }
        let length = stream.read(&mut answer).await.unwrap();
        assert!(answer[..length].starts_with(b"HTTP/1.1 200"));
    }
}
