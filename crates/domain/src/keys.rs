//! API keys of people and programs, and their permissions.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use garde::{Error, Validate};
use time::OffsetDateTime;

use crate::{Permission, StoreError, text};

/// Identifies a key: 12 ASCII letters and digits. It is not secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct KeyId(String);

/// A text is not a [`KeyId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a key")]
pub struct InvalidKeyId;

impl KeyId {
    /// The number of characters.
    pub const LENGTH: usize = 12;

    /// The id as text.
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

/// An API key without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ApiKey {
    /// The id.
    pub id: KeyId,
    /// The id of the first key in a chain of rotations; its own id if it replaces no other key. All keys of a chain are
    /// one caller, so a request that is repeated under its idempotency key gets the first answer also after a rotation.
    pub original_id: KeyId,
    /// The display name.
    pub name: String,
    /// The permissions. The key of a front end has none beyond those of the public.
    pub permissions: Vec<Permission>,
    /// The time of creation.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339"))]
    pub created_at: OffsetDateTime,
    /// The id of the actor that created it.
    pub created_by: Option<String>,
    /// When it expires, if ever.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339::option"))]
    pub expires_at: Option<OffsetDateTime>,
    /// When it was last used, accurate to a minute.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339::option"))]
    pub last_used_at: Option<OffsetDateTime>,
    /// When it was revoked, if it was.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339::option"))]
    pub revoked_at: Option<OffsetDateTime>,
}

impl ApiKey {
    /// An unused key that does not expire and replaces no other.
    pub fn new(
        id: KeyId,
        name: String,
        permissions: Vec<Permission>,
        created_at: OffsetDateTime,
    ) -> Self {
        Self {
            original_id: id.clone(),
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

    /// Whether it is valid at this time.
    pub fn holds_at(&self, now: OffsetDateTime) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// A key to create.
#[derive(Debug, Clone, PartialEq, Eq, Validate)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct NewKey {
    /// 1 to 100 characters, not blank.
    #[garde(custom(name_rule))]
    pub name: String,
    /// The permissions.
    #[garde(skip)]
    pub permissions: Vec<Permission>,
    /// When it expires, if ever. Must be in the future.
    #[garde(custom(in_future))]
    pub expires_at: Option<OffsetDateTime>,
}

impl NewKey {
    /// A key with this name, without permissions, that does not expire.
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

/// The SHA-256 digest of a key's text. The text itself is not stored.
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
    /// There is no key with this id.
    #[error("there is no such key")]
    NotFound,
    /// The key has expired or was revoked already.
    #[error("the key has ended")]
    Ended,
    /// The store is unavailable or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Stores keys by their digests.
#[async_trait]
pub trait KeyRepository: Send + Sync {
    /// All keys, newest first, including expired and revoked ones.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn list(&self) -> Result<Vec<ApiKey>, StoreError>;

    /// The key with this id and its digest.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn find(&self, id: &KeyId) -> Result<Option<(ApiKey, KeyDigest)>, StoreError>;

    /// Creates a key with this id and digest. The current [`Origin`](crate::changes::Origin) is its creator.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn create(
        &self,
        id: &KeyId,
        digest: KeyDigest,
        key: garde::Valid<NewKey>,
    ) -> Result<ApiKey, StoreError>;

    /// Creates a key with the name, permissions, expiry and [original id](ApiKey::original_id) of a valid key. The old key
    /// expires after the overlap, or earlier if it would anyway.
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

    /// Revokes a key permanently. Has no effect on a revoked key.
    ///
    /// # Errors
    /// See [`KeyError`].
    async fn revoke(&self, id: &KeyId) -> Result<(), KeyError>;

    /// Records when keys were last used. An earlier time than the recorded one is ignored.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn used(&self, keys: &[(KeyId, OffsetDateTime)]) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests;
