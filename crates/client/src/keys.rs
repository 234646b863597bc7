//! API keys.

use std::ops::Deref;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::operation as op;
use crate::request::Request;
use crate::text_enum::text_enum;
use crate::{Call, Client};

text_enum! {
    /// What a caller may do.
    Permission {
        /// See inactive products and categories.
        ProductsRead = "products:read",
        /// Write products and categories.
        ProductsWrite = "products:write",
        /// Delete products and images.
        ProductsDelete = "products:delete",
        /// Move and reserve stock.
        StockWrite = "stock:write",
        /// Moderate reviews.
        ReviewsModerate = "reviews:moderate",
        /// Read metrics.
        MetricsRead = "metrics:read",
        /// Read changes and events.
        ChangesRead = "changes:read",
        /// Manage webhooks.
        WebhooksManage = "webhooks:manage",
        /// Manage API keys.
        KeysManage = "keys:manage",
    }
}

/// An API key without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ApiKey {
    /// The id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What the key begins with.
    pub prefix: String,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// The time of creation.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// The id of who made it.
    pub created_by: Option<String>,
    /// When it ends by itself.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub expires_at: Option<OffsetDateTime>,
    /// When it was last used, exact to a minute.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub last_used_at: Option<OffsetDateTime>,
    /// When it was revoked.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub revoked_at: Option<OffsetDateTime>,
}

/// A key that was just made. It dereferences to the key without its secret.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct FreshApiKey {
    /// The key without its secret.
    #[serde(flatten)]
    pub key: ApiKey,
    /// The complete key. The server shows it once.
    pub secret: SecretString,
}

impl Deref for FreshApiKey {
    type Target = ApiKey;

    fn deref(&self) -> &ApiKey {
        &self.key
    }
}

/// A key to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewApiKey {
    /// What it is for: 1 to 100 characters.
    pub name: String,
    /// What it may do; nothing for a front end. Nobody gives a permission that they lack.
    pub permissions: Vec<Permission>,
    /// When it ends by itself.
    #[serde(with = "time::serde::rfc3339::option")]
    pub expires_at: Option<OffsetDateTime>,
}

impl NewApiKey {
    /// A key that does not end by itself.
    pub fn new(name: impl Into<String>, permissions: impl IntoIterator<Item = Permission>) -> Self {
        Self {
            name: name.into(),
            permissions: permissions.into_iter().collect(),
            expires_at: None,
        }
    }
}

/// All API keys.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ApiKeyList {
    /// The keys.
    pub data: Vec<ApiKey>,
}

/// The calls of API keys, which need `keys:manage`. See [`Client::keys`].
#[derive(Debug, Clone, Copy)]
pub struct Keys<'a>(&'a Client);

impl Client {
    /// API keys.
    pub fn keys(&self) -> Keys<'_> {
        Keys(self)
    }
}

impl Keys<'_> {
    /// Lists all keys.
    pub fn list(&self) -> Call<ApiKeyList> {
        Call::json(self.0, Request::new(&op::LIST_KEYS, &[]))
    }

    /// Makes a key.
    ///
    /// If the answer was lost, or the call fails with 409 `idempotent-answer-lost`, the key may exist although nobody has its
    /// secret: [list](Self::list) the keys, [revoke](Self::revoke) it, and make a new one.
    ///
    /// # Errors
    /// 403 for a permission that the caller lacks, 422 if a field breaks a rule.
    pub fn create(&self, key: &NewApiKey) -> Call<FreshApiKey> {
        Call::json(self.0, Request::new(&op::CREATE_KEY, &[]).json(key))
    }

    /// Makes a new key with the same name and permissions. The old one ends after `overlap_seconds`: 0 to 604 800, a day by
    /// default. Both are the same caller, so a write that is repeated under its idempotency key is not made twice. If others may
    /// know a key, [revoke](Self::revoke) it and create a new one.
    ///
    /// If the answer was lost, or the call fails with 409 `idempotent-answer-lost`, the new key may exist although nobody has its
    /// secret: [list](Self::list) the keys, [revoke](Self::revoke) it, and rotate the old key again before it ends.
    ///
    /// # Errors
    /// 404, 409 if the key has ended.
    pub fn rotate(&self, id: &str, overlap_seconds: Option<u32>) -> Call<FreshApiKey> {
        #[derive(Serialize)]
        struct Body {
            #[serde(skip_serializing_if = "Option::is_none")]
            overlap_seconds: Option<u32>,
        }
        let request = Request::new(&op::ROTATE_KEY, &[&id]);
        Call::json(self.0, request.json(&Body { overlap_seconds }))
    }

    /// Revokes a key, which every server then refuses at once.
    ///
    /// # Errors
    /// 404 if it does not exist.
    pub fn revoke(&self, id: &str) -> Call<()> {
        Call::empty(self.0, Request::new(&op::REVOKE_KEY, &[&id]))
    }
}
