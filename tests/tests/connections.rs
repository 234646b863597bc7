//! The number of connections that the server accepts, and how long it keeps them open.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::time::{Duration, Instant};

use eggypro_tests::TestShop;
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

const REQUEST: &[u8] = b"GET /api/health/live HTTP/1.1\r\nHost: shop\r\n\r\n";

async fn shop_with_keep_alive(keep_alive: Duration) -> TestShop {
    let keep = |settings: &mut eggypro_server::ShopSettings| {
        settings.http.limits.keep_alive = keep_alive;
    };
    TestShop::start_with(keep).await
}

/// Sends [`REQUEST`] on this connection and returns the head and body of the answer.
async fn answer(stream: &mut TcpStream) -> String {
    stream.write_all(REQUEST).await.unwrap();
    let mut answer = String::new();
    while !answer.ends_with('}') {
        let mut piece = [0; 4_096];
        let length = stream.read(&mut piece).await.unwrap();
        assert_ne!(length, 0, "ended after {answer:?}");
        answer += str::from_utf8(&piece[..length]).unwrap();
    }
    answer
}

/// Whether the server closes an idle connection.
async fn is_closed(mut stream: TcpStream) -> bool {
    let end = timeout(Duration::from_secs(10), stream.read(&mut [0])).await;
    end.is_ok_and(|read| read.unwrap() == 0)
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_keep_alive() {
    const TIME: Duration = Duration::from_secs(2);
    let shop = shop_with_keep_alive(TIME).await;
    let mut used = TcpStream::connect(shop.address).await.unwrap();
    for _ in 0..3 {
        assert!(answer(&mut used).await.starts_with("HTTP/1.1 200"));
    }
    let answered = Instant::now();
    assert!(is_closed(used).await);
    assert!(answered.elapsed() >= TIME);
}

#[tokio::test]
async fn without_keep_alive_each_connection_has_one_answer() {
    let shop = shop_with_keep_alive(Duration::ZERO).await;
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    let answer = answer(&mut stream).await;
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    assert!(is_closed(stream).await);
}

#[tokio::test]
async fn a_burst_of_connections_waits() {
    let with_little_room = |settings: &mut eggypro_server::ShopSettings| {
        settings.http.limits.connections = 1;
    };
    let shop = TestShop::start_with(with_little_room).await;
    // Far more than the server accepts. With a short queue, refused connections would retry every second without success.
    const MANY: usize = 200;
    let burst = (0..MANY).map(|_| {
        let connection = TcpStream::connect(shop.address);
        async { timeout(Duration::from_secs(10), connection).await }
    });
    let burst = join_all(burst).await;
    let connected = burst.iter().filter(|one| matches!(one, Ok(Ok(_))));
    assert_eq!(connected.count(), MANY);
}

/// Connects from this address of the loopback network. The server sees each address as a client of its own.
async fn connect_from(address: &str, shop: &TestShop) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    let address = format!("{address}:0");
    socket.bind(address.parse().unwrap()).unwrap();
    socket.connect(shop.address).await.unwrap()
}

#[tokio::test]
async fn one_address_does_not_lock_the_others_out() {
    let small = |settings: &mut eggypro_server::ShopSettings| {
        settings.http.limits.connections = 32;
        settings.http.limits.connections_of_address = 8;
    };
    let shop = TestShop::start_with(small).await;
    let mut kept = vec![];
    for _ in 0..200 {
        let mut stream = connect_from("127.0.0.2", &shop).await;
        assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200"));
        kept.push(stream);
    }
    let mut other = connect_from("127.0.0.3", &shop).await;
    assert!(answer(&mut other).await.starts_with("HTTP/1.1 200"));
    // The server has closed the oldest connections for the newest ones.
    assert!(is_closed(kept.swap_remove(0)).await);
    let mut last = kept.pop().unwrap();
    assert!(answer(&mut last).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn idle_connections_are_closed_when_the_limit_is_near() {
    let small = |settings: &mut eggypro_server::ShopSettings| {
        settings.http.limits.connections = 16;
        settings.http.limits.connections_of_address = 8;
    };
    let shop = TestShop::start_with(small).await;
    let mut kept = vec![];
    for number in 0..100 {
        let mut stream = connect_from(&format!("127.0.1.{number}"), &shop).await;
        let answer = timeout(Duration::from_secs(10), answer(&mut stream)).await;
        assert!(answer.unwrap().starts_with("HTTP/1.1 200"));
        kept.push(stream);
    }
}

/// Sends a request and reads until the server closes the connection.
async fn answer_until_the_end(shop: &TestShop, request: &str) -> String {
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let end = timeout(Duration::from_secs(10), stream.read_to_string(&mut answer)).await;
    end.unwrap().unwrap();
    answer
}

#[tokio::test]
async fn a_request_for_an_upgrade_is_answered_with_connection_close() {
    let shop = TestShop::start().await;
    for upgrade in [
        // As curl's `--http2` and nginx's recipe for websockets send it.
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n",
        "Connection: upgrade\r\n",
        "Connection: Upgrade\r\nUpgrade: websocket\r\n",
    ] {
        // The second list is a cached answer.
        for path in [
            "/api/health/live",
            "/api/products",
            "/api/products",
            "/api/nothing",
        ] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: shop\r\n{upgrade}\r\n");
            let answer = answer_until_the_end(&shop, &request).await.to_lowercase();
            assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
            assert!(!answer.contains("upgrade"), "{answer}");
        }
    }
}

#[tokio::test]
async fn options_of_the_whole_server_lists_methods() {
    let shop = TestShop::start().await;
    let request = "OPTIONS * HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n";
    let answer = answer_until_the_end(&shop, request).await.to_lowercase();
    assert!(answer.starts_with("http/1.1 204"), "{answer}");
    let allow = "\r\nallow: get, head, post, put, patch, delete, options\r\n";
    assert!(
        answer.contains(allow) && answer.contains("\r\nx-request-id: "),
        "{answer}"
    );
}
