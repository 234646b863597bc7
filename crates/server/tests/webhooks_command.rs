//! The command `eggypro webhooks`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

#[path = "webhooks/receiver.rs"]
#[expect(dead_code, reason = "shared with another test")]
mod receiver;
#[path = "process/running.rs"]
#[expect(dead_code, reason = "shared with another test")]
mod running;

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use reqwest::header::{HeaderMap, HeaderName};
use serde_json::Value;
use standardwebhooks::Webhook;

use self::receiver::{Answer, Decide, Request};
use self::running::eggypro;

const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

/// Answers each request alike, and keeps the last one.
struct Receiver {
    head: &'static str,
    received: Mutex<Option<(HeaderMap, Vec<u8>)>>,
}

impl Receiver {
    /// A receiver and its URL.
    fn start(head: &'static str) -> (Arc<Self>, String) {
        let receiver = Arc::new(Self {
            head,
            received: Mutex::default(),
        });
        let address = receiver::start(Arc::clone(&receiver) as _);
        (receiver, format!("http://{address}/hook"))
    }

    /// The body of the request, if it is signed with this secret.
    fn event(&self, secret: &str) -> Value {
        let (headers, body) = self.received.lock().unwrap().take().unwrap();
        let webhook = Webhook::new(secret).unwrap();
        webhook.verify(&body, &headers).unwrap();
        serde_json::from_slice(&body).unwrap()
    }
}

impl Decide for Receiver {
    fn begun(&self, request: &Request) -> Answer {
        let headers = request.headers.iter().map(|(name, value)| {
            let name: HeaderName = name.parse().unwrap();
            (name, value.parse().unwrap())
        });
        let received = (headers.collect(), request.body.clone());
        *self.received.lock().unwrap() = Some(received);
        Answer::Head(self.head.to_owned())
    }

    fn ended(&self, _: &Request, _: Option<&Answer>) {}
}

/// Runs `eggypro webhooks test`. Returns its exit code, and what it printed to its outputs.
fn test(arguments: &[&str]) -> (i32, String, String) {
    let mut command = eggypro();
    command.args(["webhooks", "test"]).args(arguments);
    let output = command.output().unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn a_receiver_gets_a_signed_event() {
    let (receiver, url) = Receiver::start("204 No Content");
    let (code, said, errors) = test(&[&url, "--secret", SECRET]);
    assert_eq!((code, errors.as_str()), (0, ""));
    assert!(said.ends_with(" ms: the receiver answered 204\n"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    let event = receiver.event(SECRET);
    assert_eq!(event["type"], "webhook.test");
    assert_eq!(event["data"]["url"], url.as_str());

    // Without a secret, it makes one and prints it.
    let (code, said, _) = test(&[&url]);
    assert_eq!(code, 0);
    let secret = said.lines().next().unwrap().strip_prefix("The secret is ");
    receiver.event(secret.unwrap());
}

#[test]
fn any_other_answer_is_a_failure() {
    for (head, said) in [
        ("500 Oops", "the receiver answered 500"),
        (
            "308 Moved\r\nlocation: /",
            "the receiver answered 308, and redirects are not followed",
        ),
        (
            "410 Gone",
            "the receiver answered 410 and wants no more events",
        ),
    ] {
        let (_, url) = Receiver::start(head);
        let (code, printed, errors) = test(&[&url, "--secret", SECRET]);
        assert_eq!((code, printed.as_str()), (1, ""));
        assert!(errors.ends_with(&format!(" ms: {said}\n")), "{errors}");
    }
    // Nobody listens at a port that was free a moment ago.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let (code, _, errors) = test(&[&url, "--secret", SECRET]);
    assert_eq!(code, 1);
    assert!(errors.contains("the connection was refused"), "{errors}");
}

#[test]
fn invalid_arguments_are_named() {
    for (arguments, error) in [
        (
            &["erp.example"][..],
            "URL must be an absolute http or https URL",
        ),
        (
            &["https://ada:hush@erp.example/"],
            "URL must not contain a user name or password",
        ),
        (
            &["https://erp.example/", "--secret", "hush"],
            "the secret must begin with whsec_",
        ),
    ] {
        let (code, _, errors) = test(arguments);
        assert_eq!(code, 2);
        assert!(errors.contains(error), "{errors}");
    }
}
