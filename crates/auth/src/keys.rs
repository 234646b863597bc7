use std::fmt;

use eggypro_domain::keys::{KeyDigest, KeyId};
use rand::distr::{Alphanumeric, SampleString};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The prefix of every key.
const PREFIX: &str = "egg_";

/// Length of the random secret, in characters: 190 bits.
const RANDOM: usize = 32;

/// Length of the checksum, in characters.
const CHECK: usize = 6;

/// The digits of base 62.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A new API key: `egg_<id>_<secret><check>`. The check is the CRC-32 of all characters before it, in base 62. With it,
/// a mistyped or leaked key is recognised without a look-up. The text is shown to the user once and is not stored.
pub struct GeneratedKey {
    /// The id.
    pub id: KeyId,
    /// The full text.
    pub text: SecretString,
    /// The digest, which is stored instead of the text.
    pub digest: KeyDigest,
}

impl GeneratedKey {
    /// Generates a random key. Never returns `None`, since the random characters are always a valid id.
    pub fn generate() -> Option<Self> {
        let mut random = rand::rng();
        let id = Alphanumeric.sample_string(&mut random, KeyId::LENGTH);
        let secret = Alphanumeric.sample_string(&mut random, RANDOM);
        let body = format!("{PREFIX}{id}_{secret}");
        let text = format!("{body}{}", check(&body));
        Some(Self {
            id: id.parse().ok()?,
            digest: digest(&text),
            text: text.into(),
        })
    }
}

impl fmt::Debug for GeneratedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeneratedKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A text with the format and the checksum of a key. It is not authenticated yet.
#[derive(Debug)]
pub struct PresentedKey {
    /// The id that it claims.
    pub id: KeyId,
    digest: KeyDigest,
}

impl PresentedKey {
    /// Parses a key; `None` if the format or the checksum is wrong. Such a text needs no look-up.
    pub fn read(token: &str) -> Option<Self> {
        let (id, rest) = token.strip_prefix(PREFIX)?.split_once('_')?;
        let is_whole =
            rest.len() == RANDOM + CHECK && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_whole {
            return None;
        }
        let (body, given) = token.split_at_checked(token.len() - CHECK)?;
        (check(body) == given).then_some(())?;
        Some(Self {
            id: id.parse().ok()?,
            digest: digest(token),
        })
    }

    /// Whether this is the key with the stored digest. Takes constant time.
    pub fn is(&self, stored: KeyDigest) -> bool {
        self.digest.0.ct_eq(&stored.0).into()
    }
}

fn digest(text: &str) -> KeyDigest {
    KeyDigest(Sha256::digest(text.as_bytes()).into())
}

/// The CRC-32 of a text as six digits of base 62.
fn check(body: &str) -> String {
    let mut rest = crc32fast::hash(body.as_bytes()) as usize;
    let mut digits = [b'0'; CHECK];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[rest % DIGITS.len()];
        rest /= DIGITS.len();
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
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
}
