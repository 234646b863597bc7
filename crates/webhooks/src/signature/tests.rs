use std::time::SystemTime;

use reqwest::header::HeaderMap;
use standardwebhooks::Webhook;

use super::*;

const BODY: &[u8] = br#"{"email":"test@example.com","username":"test_user"}"#;
const ID: &str = "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk";
const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

fn now() -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.unwrap().as_secs().try_into().unwrap()
}

/// Whether the official library accepts a body with this secret.
fn is_accepted(secret: &Secret, timestamp: i64, signature: &str, body: &[u8]) -> bool {
    let mut headers = HeaderMap::new();
    headers.insert(ID_HEADER, ID.parse().unwrap());
    headers.insert(TIMESTAMP_HEADER, timestamp.to_string().parse().unwrap());
    headers.insert(SIGNATURE_HEADER, signature.parse().unwrap());
    let receiver = Webhook::new(&secret.expose()).unwrap();
    receiver.verify(body, &headers).is_ok()
}

/// The vector that the official libraries test: https://github.com/standard-webhooks/standard-webhooks
#[test]
fn the_official_vector_is_signed_the_same() {
    let secrets = [SECRET.parse().unwrap()];
    let signature = sign(&secrets, ID, 1_649_367_553, BODY);
    assert_eq!(signature, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
}

#[test]
fn the_official_library_accepts_both_secrets_of_a_rotation() {
    let [current, previous, other] = [(); 3].map(|()| Secret::generate());
    let now = now();
    let signatures = sign(&[current.clone(), previous.clone()], ID, now, BODY);
    assert!(is_accepted(&current, now, &signatures, BODY));
    assert!(is_accepted(&previous, now, &signatures, BODY));
    assert!(!is_accepted(&other, now, &signatures, BODY));
    assert!(!is_accepted(&current, now + 1, &signatures, BODY));
    assert!(!is_accepted(&current, now, &signatures, b"{}"));

    let first = signatures.split(' ').next().unwrap();
    assert!(is_accepted(&current, now, first, BODY));
    assert!(!is_accepted(&previous, now, first, BODY));
}

#[test]
fn other_bodies_are_signed_as_the_official_library_does() {
    for size in [24, 32, 63, 64] {
        let secret = format!("whsec_{}", BASE64_STANDARD.encode(vec![0xa5; size]));
        let official = Webhook::new(&secret).unwrap();
        let secrets = [secret.parse().unwrap()];
        for body in ["", "{}", "Eiweiß 🥚", &"x".repeat(100_000)] {
            let expected = official.sign("1", 1_700_000_000, body.as_bytes());
            let signature = sign(&secrets, "1", 1_700_000_000, body.as_bytes());
            assert_eq!(signature, expected.unwrap());
        }
    }
}

#[test]
fn secrets_are_read_as_they_are_written() {
    let secret: Secret = SECRET.parse().unwrap();
    assert_eq!(secret.expose(), SECRET);
    let generated = Secret::generate();
    let text = generated.expose();
    assert_eq!(text.len(), "whsec_".len() + 44);
    assert_eq!(text.parse::<Secret>().unwrap().expose(), text);
    assert_ne!(text, Secret::generate().expose());
}

#[test]
fn other_texts_are_refused_with_the_reason() {
    let of_size = |size: usize| format!("whsec_{}", BASE64_STANDARD.encode(vec![7; size]));
    for (text, error) in [
        (String::new(), InvalidSecret::Prefix),
        (SECRET["whsec_".len()..].to_owned(), InvalidSecret::Prefix),
        (SECRET.to_uppercase(), InvalidSecret::Prefix),
        ("whsk_AAAA".to_owned(), InvalidSecret::Prefix),
        (format!("{SECRET}!"), InvalidSecret::Base64),
        (format!("{SECRET}\n"), InvalidSecret::Base64),
        (
            of_size(25).trim_end_matches('=').to_owned(),
            InvalidSecret::Base64,
        ),
        ("whsec_".to_owned(), InvalidSecret::Size(0)),
        (of_size(23), InvalidSecret::Size(23)),
        (of_size(65), InvalidSecret::Size(65)),
    ] {
        assert_eq!(text.parse::<Secret>().unwrap_err(), error, "{text:?}");
    }
    assert_eq!(
        InvalidSecret::Size(23).to_string(),
        "the secret must have 24 to 64 bytes, but has 23"
    );
}

#[test]
fn secrets_are_not_printed() {
    let secret: Secret = SECRET.parse().unwrap();
    let text = format!("{secret:?}");
    assert!(text.contains("REDACTED"), "{text}");
    assert!(!text.contains("C2FV") && !text.contains("11, 97"), "{text}");
}
