use super::*;
use secrecy::ExposeSecret;

/// Has the format of a key, but a wrong checksum.
const KEY: &str = "egg_0123456789aZ_abcdefghijklmnopqrstuvwxyzABCDEF";

#[test]
fn a_generated_key_can_be_parsed() {
    let fresh = GeneratedKey::generate().unwrap();
    let text = fresh.text.expose_secret();
    assert_eq!(text.len(), 4 + 12 + 1 + 32 + 6);
    let given = PresentedKey::read(text).unwrap();
    assert_eq!(given.id, fresh.id);
    assert!(given.is(fresh.digest));
    let other = GeneratedKey::generate().unwrap();
    assert!(!given.is(other.digest) && other.id != fresh.id);
}

#[test]
fn a_single_wrong_letter_is_detected() {
    let fresh = GeneratedKey::generate().unwrap();
    let text = fresh.text.expose_secret();
    for place in 0..text.len() {
        let mut mistyped = text.as_bytes().to_vec();
        mistyped[place] = if mistyped[place] == b'x' { b'y' } else { b'x' };
        let mistyped = String::from_utf8(mistyped).unwrap();
        assert!(PresentedKey::read(&mistyped).is_none(), "{place}");
    }
    for other in [
        "",
        "egg_",
        "egg__",
        KEY,
        &format!("{text}0"),
        &text[..text.len() - 1],
    ] {
        assert!(PresentedKey::read(other).is_none(), "{other}");
    }
}

#[test]
fn the_checksum_is_the_crc_of_all_before_it() {
    assert_eq!(crc32fast::hash(b"123456789"), 0xCBF4_3926);
    // 0xCBF43926 in base 62.
    assert_eq!(check("123456789"), "3jZRME");
}

#[test]
fn the_secret_of_a_key_is_not_printed() {
    let fresh = GeneratedKey::generate().unwrap();
    let printed = format!("{fresh:?} {:?}", fresh.digest);
    assert!(!printed.contains(&fresh.text.expose_secret()[17..]));
    assert!(printed.ends_with("KeyDigest { .. }"), "{printed}");
}
