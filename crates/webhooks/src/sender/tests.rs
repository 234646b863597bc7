mod failures;
mod receiver;

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use async_trait::async_trait;
use standardwebhooks::Webhook;

use self::receiver::{Answer, Receiver};
use super::*;

const OPEN: Guard = Guard {
    allow_private: true,
    allow_http: true,
};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// An answer without a body.
fn empty(head: &str) -> String {
    format!("HTTP/1.1 {head}\r\ncontent-length: 0\r\n\r\n")
}

/// Leads every name to this machine, and counts the questions.
#[derive(Debug, Default)]
struct Loopback(AtomicUsize);

#[async_trait]
impl Lookup for Loopback {
    async fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(vec![Ipv4Addr::LOCALHOST.into()])
    }
}

fn settings(guard: Guard) -> Settings {
    Settings::new(guard, "EggyPro/1.0")
}

fn sender(guard: Guard) -> Sender {
    Sender::new(settings(guard)).unwrap()
}

/// A sender that gives up soon.
fn impatient() -> Sender {
    Sender::new(Settings {
        timeout: Duration::from_millis(300),
        ..settings(OPEN)
    })
    .unwrap()
}

fn now() -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.unwrap().as_secs().try_into().unwrap()
}

async fn send(sender: &Sender, url: &str) -> Outcome {
    let secrets = [Secret::generate()];
    let url = url.parse().unwrap();
    let attempt = sender.send(&url, "7", now(), &secrets, Bytes::from_static(b"{}"));
    attempt.await.outcome
}

#[tokio::test]
async fn an_event_is_sent_as_the_specification_says() {
    let receiver = Receiver::start(Answer::Text(OK)).await;
    let url = receiver.url("/hook?shop=7").parse().unwrap();
    let [current, previous] = [(); 2].map(|()| Secret::generate());
    let body = r#"{"type":"product.updated","data":{"name":"Eiweiß"}}"#;
    let timestamp = now();
    let attempt = sender(OPEN)
        .send(
            &url,
            "1234",
            timestamp,
            &[current.clone(), previous.clone()],
            body.into(),
        )
        .await;
    assert_eq!(attempt.outcome, Outcome::Delivered { status: 200 });
    assert!(attempt.milliseconds < 15_000, "{attempt:?}");

    let [request] = &receiver.requests()[..] else {
        panic!("one request")
    };
    assert_eq!(request.line, "POST /hook?shop=7 HTTP/1.1");
    assert_eq!(request.headers["webhook-id"], "1234");
    assert_eq!(
        request.headers["webhook-timestamp"].to_str().unwrap(),
        timestamp.to_string()
    );
    assert_eq!(request.headers["content-type"], "application/json");
    assert_eq!(request.headers["user-agent"], "EggyPro/1.0");
    assert_eq!(request.body, body.as_bytes());
    for secret in [current, previous] {
        let official = Webhook::new(&secret.expose()).unwrap();
        official.verify(&request.body, &request.headers).unwrap();
    }
}

#[tokio::test]
async fn the_status_decides() {
    let refused = |status, seconds: Option<u64>| Outcome::Refused {
        status,
        retry_after: seconds.map(Duration::from_secs),
    };
    let minute = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(60));
    let dated = empty(&format!("503 Later\r\nretry-after: {minute}"));
    for (answer, outcome) in [
        (OK, Outcome::Delivered { status: 200 }),
        (&empty("204 No Content"), Outcome::Delivered { status: 204 }),
        (
            &empty("100 Continue\r\n\r\nHTTP/1.1 201 Created"),
            Outcome::Delivered { status: 201 },
        ),
        (&empty("410 Gone"), Outcome::Gone),
        (&empty("500 Oops"), refused(500, None)),
        (
            &empty("429 Slow\r\nretry-after: 120"),
            refused(429, Some(120)),
        ),
        (&empty("429 Slow\r\nretry-after: soon"), refused(429, None)),
        (&dated, refused(503, Some(60))),
    ] {
        let receiver = Receiver::start(Answer::Text(answer)).await;
        let url = receiver.url("/").parse().unwrap();
        let secrets = [Secret::generate()];
        let sender = sender(OPEN);
        let attempt = sender.send(&url, "7", 0, &secrets, "{}".into()).await;
        assert_eq!(attempt.outcome, outcome, "{answer}");
    }
    assert_eq!(Outcome::Gone.status(), Some(410));
    assert_eq!(refused(500, None).to_string(), "the receiver answered 500");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let target = Receiver::start(Answer::Text(OK)).await;
    for status in [301, 302, 303, 307, 308] {
        let location = target.url("/");
        let answer = empty(&format!("{status} Moved\r\nlocation: {location}"));
        let receiver = Receiver::start(Answer::Text(&answer)).await;
        let outcome = send(&sender(OPEN), &receiver.url("/")).await;
        assert_eq!(outcome.status(), Some(status));
        assert_eq!(
            outcome.to_string(),
            format!("the receiver answered {status}, and redirects are not followed")
        );
    }
    assert_eq!(target.connections(), 0);
}

#[tokio::test]
async fn a_kept_connection_is_used_again_without_another_look_up() {
    let receiver = Receiver::start(Answer::Text(OK)).await;
    let lookup = Arc::new(Loopback::default());
    let sender = Sender::with_lookup(settings(OPEN), Arc::clone(&lookup) as _).unwrap();
    let url = receiver.url_of("shop.example");
    for _ in 0..3 {
        let outcome = send(&sender, &url).await;
        assert_eq!(outcome, Outcome::Delivered { status: 200 });
    }
    assert_eq!(receiver.requests().len(), 3);
    assert_eq!(receiver.connections(), 1);
    assert_eq!(lookup.0.load(Ordering::Relaxed), 1);

    // Another name needs a connection of its own, even to the same address.
    send(&sender, &receiver.url_of("shop.test")).await;
    assert_eq!(receiver.connections(), 2);
    assert_eq!(lookup.0.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_kept_connection_that_the_receiver_closes_is_replaced() {
    let receiver = Receiver::start(Answer::Once(OK)).await;
    let sender = sender(OPEN);
    for _ in 0..3 {
        let outcome = send(&sender, &receiver.url("/")).await;
        assert_eq!(outcome, Outcome::Delivered { status: 200 });
        receiver.closed().await;
    }
    assert_eq!(receiver.requests().len(), 3);
    assert_eq!(receiver.connections(), 3);
}

#[tokio::test]
async fn private_addresses_and_names_of_them_are_not_connected_to() {
    let receiver = Receiver::start(Answer::Text(OK)).await;
    let guard = Guard {
        allow_http: true,
        ..Guard::default()
    };
    let lookup = Arc::new(Loopback::default());
    let sender = Sender::with_lookup(settings(guard), lookup).unwrap();
    for (url, reason) in [
        (receiver.url("/"), "127.0.0.1 is a loopback address"),
        (
            receiver.url_of("[::ffff:127.0.0.1]"),
            "::ffff:127.0.0.1 is a loopback address",
        ),
        (
            receiver.url_of("localhost"),
            "the name localhost leads to a loopback address",
        ),
        (
            receiver.url_of("shop.example"),
            "the name shop.example leads to a loopback address",
        ),
    ] {
        let outcome = send(&sender, &url).await;
        assert!(matches!(outcome, Outcome::Failed(Failure::Blocked(_))));
        assert_eq!(outcome.to_string(), reason);
    }
    assert_eq!(receiver.connections(), 0);
}

/// Variables can't be set in a process with threads, so the test runs itself again with them.
#[tokio::test(flavor = "multi_thread")]
async fn variables_for_proxies_are_ignored() {
    const RECEIVER: &str = "EGGYPRO_TEST_RECEIVER";
    const NAME: &str = "sender::tests::variables_for_proxies_are_ignored";
    if let Ok(url) = std::env::var(RECEIVER) {
        let sender = Sender::with_lookup(settings(OPEN), Arc::new(Loopback::default())).unwrap();
        let outcome = send(&sender, &url).await;
        assert_eq!(outcome, Outcome::Delivered { status: 200 });
        return;
    }
    let receiver = Receiver::start(Answer::Text(OK)).await;
    let proxy = Receiver::start(Answer::Text(OK)).await;
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", NAME]);
    child.env(RECEIVER, receiver.url_of("shop.example"));
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        child.env(name, proxy.url("/"));
        child.env(name.to_lowercase(), proxy.url("/"));
    }
    child.env_remove("NO_PROXY").env_remove("no_proxy");
    let output = tokio::task::spawn_blocking(move || child.output());
    let output = output.await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
    assert_eq!(receiver.requests().len(), 1);
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn a_user_agent_must_be_a_header() {
    let error = Sender::new(Settings::new(OPEN, "EggyPro\n1.0")).unwrap_err();
    assert_eq!(error.to_string(), "the client of webhooks can't be built");
}
