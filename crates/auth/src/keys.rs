mod checksum;

use std::fmt;

use eggypro_domain::keys::{KeyDigest, KeyId};
use rand::distr::{Alphanumeric, SampleString};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use self::checksum::{CHECK, check};

/// The prefix of every key.
const PREFIX: &str = "egg_";

/// Length of the random secret, in characters: 190 bits.
const RANDOM: usize = 32;

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

#[cfg(test)]
mod tests;
