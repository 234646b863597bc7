use super::*;

#[test]
fn random_secrets_are_valid_and_differ() {
    let secret = WebhookSecret::random();
    assert_eq!(secret.expose().len(), 6 + 32);
    assert_eq!(secret.expose().parse(), Ok(secret.clone()));
    assert_ne!(secret, WebhookSecret::random());
    // No byte of many secrets has a fixed bit.
    let (mut ones, mut zeros) = ([0_u8; 24], [0_u8; 24]);
    for _ in 0..200 {
        let bytes = BASE64_STANDARD.decode(&WebhookSecret::random().expose()[6..]);
        for (index, byte) in bytes.unwrap().into_iter().enumerate() {
            ones[index] |= byte;
            zeros[index] |= !byte;
        }
    }
    assert_eq!((ones, zeros), ([u8::MAX; 24], [u8::MAX; 24]));
}

#[test]
fn other_texts_are_refused_with_the_reason() {
    use InvalidWebhookSecret::{Base64, Prefix, Size};

    let of_size = |size: usize| format!("whsec_{}", BASE64_STANDARD.encode(vec![7; size]));
    assert!(of_size(24).parse::<WebhookSecret>().is_ok());
    assert!(of_size(64).parse::<WebhookSecret>().is_ok());
    for (text, error) in [
        (String::new(), Prefix),
        (of_size(24).to_uppercase(), Prefix),
        ("whsec_".to_owned(), Size),
        (of_size(23), Size),
        (of_size(65), Size),
        (of_size(25).trim_end_matches('=').to_owned(), Base64),
        (format!("{}\n", of_size(24)), Base64),
    ] {
        assert_eq!(text.parse::<WebhookSecret>(), Err(error), "{text:?}");
    }
}

#[test]
fn secrets_are_not_printed() {
    let secret = WebhookSecret::random();
    assert_eq!(format!("{secret:?}"), "WebhookSecret { .. }");
}
