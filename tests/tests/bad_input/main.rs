//! Invalid input: it is refused with a clear message, never with a 500, and nothing is stored.

mod bodies;
mod values;

use eggypro_tests::TestShop;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn addresses_that_are_too_long_are_refused() {
    let shop = TestShop::start().await;
    shop.anonymous()
        .get(&format!("/api/products?search={}", "a".repeat(17_000)))
        .await
        .expect_problem(414);
    shop.anonymous()
        .get(&format!("/api/products/{}", "a".repeat(300)))
        .await
        .expect_problem(404);
}

#[tokio::test]
async fn requests_that_are_not_http_are_refused_and_others_served() {
    let shop = TestShop::start().await;
    for garbage in [
        &b"\x00\x01\x02\x03\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\r\n\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(shop.address).await.unwrap();
        stream.write_all(garbage).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        assert!(!answer.contains(" 500 "), "{answer}");
    }
    shop.anonymous().get("/api/health/live").await.expect(200);
}
