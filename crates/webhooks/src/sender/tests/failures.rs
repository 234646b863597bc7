//! Receivers that don't answer, or not as they should.

use std::net::TcpListener;
use std::thread;

use rcgen::CertifiedKey;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection};

use super::*;

async fn failure(sender: &Sender, url: &str) -> String {
    match send(sender, url).await {
        Outcome::Failed(failure) => failure.to_string(),
        outcome => panic!("{outcome:?}"),
    }
}

#[tokio::test]
async fn an_endless_body_is_cut_off() {
    let receiver = Receiver::start(Answer::Endless).await;
    let outcome = send(&sender(OPEN), &receiver.url("/")).await;
    assert_eq!(outcome, Outcome::Delivered { status: 200 });
    receiver.closed().await;
    // Both ends of the connection have buffers that the receiver fills.
    assert!(receiver.written() < 16 * 1024 * 1024);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nthe rest is missing";
    let receiver = Receiver::start(Answer::Text(answer)).await;
    let outcome = send(&impatient(), &receiver.url("/")).await;
    assert_eq!(outcome, Outcome::Delivered { status: 200 });
    receiver.closed().await;
}

#[tokio::test]
async fn a_silent_receiver_is_given_up() {
    let receiver = Receiver::start(Answer::Silent).await;
    let reason = failure(&impatient(), &receiver.url("/")).await;
    assert_eq!(reason, "no answer within 300 ms");
    receiver.closed().await;
}

#[tokio::test]
async fn half_an_answer_is_given_up() {
    let receiver = Receiver::start(Answer::Text("HTTP/1.1 200 OK\r\nserver: ")).await;
    let reason = failure(&impatient(), &receiver.url("/")).await;
    assert_eq!(reason, "no answer within 300 ms");
}

#[tokio::test]
async fn a_name_that_is_not_resolved_in_time_is_given_up() {
    #[derive(Debug)]
    struct Never;

    #[async_trait]
    impl Lookup for Never {
        async fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
            std::future::pending().await
        }
    }

    let settings = impatient().settings;
    let sender = Sender::with_lookup(settings, Arc::new(Never)).unwrap();
    let reason = failure(&sender, "http://shop.example/").await;
    assert_eq!(reason, "no connection within 200 ms");
}

#[tokio::test]
async fn broken_connections_are_named() {
    for answer in [Answer::Reset, Answer::Close] {
        let receiver = Receiver::start(answer).await;
        let reason = failure(&sender(OPEN), &receiver.url("/")).await;
        assert_eq!(reason, "the connection was closed before an answer came");
        // An event that may have arrived is not sent twice in one attempt.
        assert_eq!(receiver.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_refused_connection_is_named() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let reason = failure(&sender(OPEN), &format!("http://{address}/")).await;
    assert_eq!(reason, "the connection was refused");
}

#[tokio::test]
async fn other_protocols_are_named() {
    let receiver = Receiver::start(Answer::Text("220 mail.example ESMTP\r\n")).await;
    let reason = failure(&sender(OPEN), &receiver.url("/")).await;
    assert_eq!(reason, "the answer is not HTTP");
}

#[tokio::test]
async fn an_unknown_name_is_named() {
    let reason = failure(&sender(OPEN), "http://no-such-name.invalid/").await;
    assert_eq!(reason, "the name no-such-name.invalid can't be resolved");
}

#[tokio::test]
async fn nothing_is_sent_without_a_secret_or_an_id() {
    let receiver = Receiver::start(Answer::Text(OK)).await;
    let sender = sender(OPEN);
    let url = receiver.url("/").parse().unwrap();
    let attempt = sender.send(&url, "7", 0, &[], Bytes::new()).await;
    assert_eq!(attempt.outcome, Outcome::Failed(Failure::NoSecret));
    for id in ["", "7.8", "7\r\nx: y", "ü", "7 8"] {
        let secrets = [Secret::generate()];
        let attempt = sender.send(&url, id, 0, &secrets, Bytes::new()).await;
        assert_eq!(attempt.outcome, Outcome::Failed(Failure::InvalidId), "{id}");
    }
    assert_eq!(receiver.connections(), 0);
}

#[tokio::test]
async fn a_certificate_that_nobody_trusts_is_refused() {
    let address = tls_server();
    let url = format!("https://localhost:{}/", address.port());
    let reason = failure(&sender(OPEN), &url).await;
    assert_eq!(reason, "the certificate is not trusted");
}

#[tokio::test]
async fn plain_http_is_no_tls() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let answer = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
        io::Write::write_all(&mut stream, answer).unwrap();
        let _ = io::copy(&mut stream, &mut io::sink());
    });
    let reason = failure(&sender(OPEN), &format!("https://{address}/")).await;
    assert_eq!(reason, "a TLS connection can't be made");
}

/// A server with a certificate of its own making, for one connection.
fn tls_server() -> std::net::SocketAddr {
    let names = vec!["localhost".to_owned()];
    let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(names).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut connection = ServerConnection::new(Arc::new(config)).unwrap();
        while connection.complete_io(&mut stream).is_ok() {}
    });
    address
}
