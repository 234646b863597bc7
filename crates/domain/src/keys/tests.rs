use super::*;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-01-01 12:00 UTC);

#[test]
fn ids_are_twelve_letters_and_digits() {
    assert!("0123456789aZ".parse::<KeyId>().is_ok());
    for other in [
        "",
        "0123456789a",
        "0123456789aZ0",
        "0123456789a_",
        "0123456789aé",
    ] {
        assert_eq!(other.parse::<KeyId>(), Err(InvalidKeyId), "{other}");
    }
}

#[test]
fn key_is_valid_until_it_expires_or_is_revoked() {
    let id: KeyId = "0123456789aZ".parse().unwrap();
    let mut key = ApiKey::new(id, "Warehouse".into(), vec![], NOW);
    assert!(key.holds_at(NOW));
    key.expires_at = Some(NOW + Duration::from_secs(1));
    assert!(key.holds_at(NOW) && !key.holds_at(NOW + Duration::from_secs(1)));
    key.revoked_at = Some(NOW);
    assert!(!key.holds_at(NOW));
}

#[test]
fn each_rule_has_its_message() {
    let mut key = NewKey::new(" ".into());
    key.expires_at = Some(NOW);
    let report = key.validate().unwrap_err().to_string();
    assert_eq!(
        report,
        "expires_at: Expires at must be in the future\nname: Name is required\n"
    );
    let mut key = NewKey::new("Warehouse".into());
    assert!(key.validate().is_ok());
    key.expires_at = Some(OffsetDateTime::now_utc() + Duration::from_secs(60));
    assert!(key.validate().is_ok());
}

#[test]
fn an_id_is_text_and_a_digest_is_not_shown() {
    let id: KeyId = "0123456789aZ".parse().unwrap();
    assert_eq!(
        (id.as_str(), id.to_string().as_str()),
        ("0123456789aZ", id.as_str())
    );
    assert_eq!(String::from(id), "0123456789aZ");
    assert_eq!(format!("{:?}", KeyDigest([7; 32])), "KeyDigest { .. }");
}
