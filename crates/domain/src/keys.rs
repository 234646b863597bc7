//! API keys: who calls for a person or a program of the shop's, and what they may do.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use garde::{Error, Validate};
use time::OffsetDateTime;

use crate::{Permission, StoreError, text};

/// Identifies a key: 12 letters and digits of ASCII. It is no secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct KeyId(String);

/// A text is no [`KeyId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a key")]
pub struct InvalidKeyId;

impl KeyId {
    /// How many characters it has.
    pub const LENGTH: usize = 12;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyId {
    type Err = InvalidKeyId;

    fn from_str(text: &str) -> Result<Self, InvalidKeyId> {
        let is_id =
            text.len() == Self::LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_id.then(|| Self(text.to_owned())).ok_or(InvalidKeyId)
    }
}

impl TryFrom<String> for KeyId {
    type Error = InvalidKeyId;

    fn try_from(text: String) -> Result<Self, InvalidKeyId> {
        text.parse()
    }
}

impl From<KeyId> for String {
    fn from(id: KeyId) -> Self {
        id.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is known of a key, but for its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ApiKey {
    /// Its identity.
    pub id: KeyId,
    /// What people call it.
    pub name: String,
    /// What it may do; a front end's may do nothing that the public may not.
    pub permissions: Vec<Permission>,
    /// When it was made.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339"))]
    pub created_at: OffsetDateTime,
    /// By whom: the id of an actor.
    pub created_by: Option<String>,
    /// When it ends by itself, if it does.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339::option"))]
    pub expires_at: Option<OffsetDateTime>,
    /// When it was used last, exact to a minute.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339::option"))]
    pub last_used_at: Option<OffsetDateTime>,
    /// When it was revoked, if it was.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339::option"))]
    pub revoked_at: Option<OffsetDateTime>,
}

impl ApiKey {
    /// A key that was never used, without an end.
    pub fn new(
        id: KeyId,
        name: String,
        permissions: Vec<Permission>,
        created_at: OffsetDateTime,
    ) -> Self {
        Self {
            id,
            name,
            permissions,
            created_at,
            created_by: None,
            expires_at: None,
            last_used_at: None,
            revoked_at: None,
        }
    }

    /// Whether it holds at this time.
    pub fn holds_at(&self, now: OffsetDateTime) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// A key to be made.
#[derive(Debug, Clone, PartialEq, Eq, Validate)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct NewKey {
    /// 1 to 100 characters, not blank.
    #[garde(custom(name_rule))]
    pub name: String,
    /// What it may do.
    #[garde(skip)]
    pub permissions: Vec<Permission>,
    /// When it ends by itself, if it does: later than now.
    #[garde(custom(in_future))]
    pub expires_at: Option<OffsetDateTime>,
}

impl NewKey {
    /// A key of this name that may do nothing, without an end.
    pub fn new(name: String) -> Self {
        Self {
            name,
            permissions: vec![],
            expires_at: None,
        }
    }
}

fn name_rule(value: &str, context: &()) -> garde::Result {
    text::name("Name", 100)(value, context)
}

fn in_future(end: &Option<OffsetDateTime>, _: &()) -> garde::Result {
    match end {
        Some(end) if *end <= OffsetDateTime::now_utc() => {
            Err(Error::new("Expires at must be in the future"))
        }
        _ => Ok(()),
    }
}

/// The SHA-256 digest of the text of a key, which is all of it that is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyDigest(pub [u8; 32]);

impl fmt::Debug for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyDigest").finish_non_exhaustive()
    }
}

/// Why a key was not rotated or revoked.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is no key of this id.
    #[error("there is no such key")]
    NotFound,
    /// The key has ended already.
    #[error("the key has ended")]
    Ended,
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Keeps keys by their digests.
#[async_trait]
pub trait KeyRepository: Send + Sync {
    /// All keys, the newest first, those that have ended included.
    ///
    /// # Errors
    /// When the store did not answer.
    async fn list(&self) -> Result<Vec<ApiKey>, StoreError>;

    /// The key of this id with its digest.
    ///
    /// # Errors
    /// When the store did not answer.
    async fn find(&self, id: &KeyId) -> Result<Option<(ApiKey, KeyDigest)>, StoreError>;

    /// Makes a key of this id and digest in the name of the current [`Origin`](crate::changes::Origin).
    ///
    /// # Errors
    /// When the store did not answer.
    async fn create(
        &self,
        id: &KeyId,
        digest: KeyDigest,
        key: garde::Valid<NewKey>,
    ) -> Result<ApiKey, StoreError>;

    /// Makes another key with the name, permissions and end of a key that holds, which ends after the overlap.
    ///
    /// # Errors
    /// See [`KeyError`].
    async fn rotate(
        &self,
        old: &KeyId,
        new: &KeyId,
        digest: KeyDigest,
        overlap: Duration,
    ) -> Result<ApiKey, KeyError>;

    /// Ends a key for good. One that is revoked stays as it is.
    ///
    /// # Errors
    /// See [`KeyError`].
    async fn revoke(&self, id: &KeyId) -> Result<(), KeyError>;

    /// Notes when keys were used last.
    ///
    /// # Errors
    /// When the store did not answer.
    async fn used(&self, keys: &[(KeyId, OffsetDateTime)]) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests {
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
    fn a_key_holds_until_it_ends_or_is_revoked() {
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
        assert!(NewKey::new("Warehouse".into()).validate().is_ok());
    }
}
