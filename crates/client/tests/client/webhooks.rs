//! Webhooks that are verified.

use std::time::SystemTime;

use eggypro_client::HeaderMap;
use eggypro_client::changes::EventType;
use eggypro_client::webhooks::{Verifier, VerifyError};
use standardwebhooks::Webhook;

use crate::fixtures::event;

const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const OTHER: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn now() -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.unwrap().as_secs().try_into().unwrap()
}

/// The headers of a request that is signed with a secret.
fn signed(secret: &str, timestamp: i64, body: &str) -> HeaderMap {
    let webhook = Webhook::new(secret).unwrap();
    let signature = webhook.sign("4.0", timestamp, body.as_bytes()).unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("webhook-id", "4.0".parse().unwrap());
    headers.insert("webhook-timestamp", timestamp.to_string().parse().unwrap());
    headers.insert("webhook-signature", signature.parse().unwrap());
    headers
}

#[test]
fn signed_events_are_accepted() {
    let verifier = Verifier::new([OTHER.into(), SECRET.into()]).unwrap();
    let body = event(4, "product.low_stock");
    for secret in [SECRET, OTHER] {
        let headers = signed(secret, now(), &body);
        let event = verifier.verify(&headers, body.as_bytes()).unwrap();
        assert_eq!(event.kind, EventType::ProductLowStock);
        let text = |name: &str| headers[name].to_str().unwrap();
        let event = verifier.verify_parts(
            text("webhook-id"),
            text("webhook-timestamp"),
            text("webhook-signature"),
            body.as_bytes(),
        );
        assert_eq!(event.unwrap().id, "4");
    }
}

#[test]
fn other_requests_are_refused() {
    let verifier = Verifier::new([SECRET.into()]).unwrap();
    let body = event(4, "product.low_stock");
    for (headers, body) in [
        (signed(OTHER, now(), &body), body.as_str()),
        (signed(SECRET, now() - 600, &body), &body),
        (signed(SECRET, now(), &body), "{}"),
        (HeaderMap::new(), &body),
    ] {
        let refused = verifier.verify(&headers, body.as_bytes()).unwrap_err();
        assert!(matches!(refused, VerifyError::Signature(_)), "{refused}");
    }
    let headers = signed(SECRET, now(), "{}");
    let refused = verifier.verify(&headers, b"{}").unwrap_err();
    assert!(matches!(refused, VerifyError::Event(_)), "{refused}");
    let refused = verifier.verify_parts("4\n", "1", "v1,", b"{}");
    assert!(matches!(refused, Err(VerifyError::Signature(_))));
}

#[test]
fn secrets_have_a_prefix_and_enough_bytes() {
    let letters = |count| format!("whsec_{}", "A".repeat(count));
    for (secret, is_accepted) in [
        (SECRET.to_owned(), true),
        (letters(32), true),
        (letters(86) + "==", true),
        (letters(31) + "=", false),
        (letters(87) + "=", false),
        (letters(88), false),
        (letters(4), false),
        (letters(0), false),
        (String::new(), false),
        ("whsec_!".to_owned(), false),
        (format!("{SECRET}\n"), false),
        (SECRET.replace("whsec_", ""), false),
        (SECRET.replace("whsec_", "WHSEC_"), false),
    ] {
        let verifier = Verifier::new([SECRET.into(), secret.clone().into()]);
        assert_eq!(verifier.is_ok(), is_accepted, "{secret}");
        if let Err(error) = verifier {
            assert!(matches!(error, VerifyError::Secret), "{secret}: {error}");
        }
    }
    let none = Verifier::new([]);
    assert!(matches!(none, Err(VerifyError::NoSecret)), "{none:?}");
}

#[test]
fn timestamps_are_digits() {
    let verifier = Verifier::new([SECRET.into()]).unwrap();
    let body = event(4, "product.low_stock");
    for timestamp in [
        "",
        "0",
        "-1",
        "+1",
        "1.5",
        "1e9",
        " 1",
        "now",
        "\u{661}",
        "999999999999999",
        "9223372036854775807",
        "-9223372036854775807",
        "-9223372036854775808",
        "99999999999999999999",
    ] {
        let refused = verifier.verify_parts("4.0", timestamp, "v1,AAAA", body.as_bytes());
        let is_refused = matches!(refused, Err(VerifyError::Signature(_)));
        assert!(is_refused, "{timestamp}: {refused:?}");
    }
    let time = now();
    let signature = &signed(SECRET, time, &body)["webhook-signature"];
    let verify = |timestamp: &str| {
        let signature = signature.to_str().unwrap();
        verifier.verify_parts("4.0", timestamp, signature, body.as_bytes())
    };
    assert!(verify(&time.to_string()).is_ok());
    assert!(verify(&format!("+{time}")).is_err());
}
