//! Looks up API keys and ended sessions in the cache or the store. Each request with credentials needs such a look-up.

use std::sync::Arc;

use actix_web::web::Bytes;
use eggypro_auth::RunningSession;
use eggypro_cache::{Key, LoadError, Loaded, Region};
use eggypro_domain::changes::Tag;
use eggypro_domain::keys::{ApiKey, KeyDigest, KeyId};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::message::problem::Problem;
use crate::state::Api;

/// An API key as it is cached.
#[derive(Serialize, Deserialize)]
struct CachedKey {
    original_id: String,
    name: String,
    permissions: Vec<String>,
    expires_at: Option<i64>,
    is_revoked: bool,
    digest: [u8; 32],
}

/// Finds a key and its digest by its id. The result is cached until the key changes, in this process only.
///
/// # Errors
/// If nothing is cached and the store is unavailable.
pub(super) async fn find_key(
    api: &Api,
    id: &KeyId,
) -> Result<Option<(ApiKey, KeyDigest)>, Problem> {
    let entry = Key::new(format!("key {id}"), Tag::Key(id.clone()), Region::Searches);
    let (keys, wanted) = (Arc::clone(&api.keys), id.clone());
    let load = async move {
        let found = keys.find(&wanted).await;
        let found = found.map_err(|error| Arc::new(Problem::from(error)) as LoadError)?;
        let Some((key, digest)) = found else {
            return Ok(Loaded::short_lived(Bytes::new()));
        };
        let cached = CachedKey::of(&key, digest);
        let bytes = serde_json::to_vec(&cached)
            .map_err(|error| Arc::new(Problem::unexpected(error.to_string())) as LoadError)?;
        Ok(Loaded::long_lived(bytes.into()))
    };
    let bytes = cached_or_loaded(api, entry, load).await?;
    if bytes.is_empty() {
        return Ok(None);
    }
    let cached: CachedKey =
        serde_json::from_slice(&bytes).map_err(|error| Problem::unexpected(error.to_string()))?;
    cached.read(id).map(Some)
}

impl CachedKey {
    fn of(key: &ApiKey, digest: KeyDigest) -> Self {
        let permissions = key.permissions.iter();
        Self {
            original_id: key.original_id.to_string(),
            name: key.name.clone(),
            permissions: permissions.map(ToString::to_string).collect(),
            // Rounded down, so that no key is valid for longer than it should be.
            expires_at: key.expires_at.map(OffsetDateTime::unix_timestamp),
            is_revoked: key.revoked_at.is_some(),
            digest: digest.0,
        }
    }

    fn read(self, id: &KeyId) -> Result<(ApiKey, KeyDigest), Problem> {
        let permissions = self.permissions.iter();
        let permissions = permissions.filter_map(|name| name.parse().ok()).collect();
        let long_ago = OffsetDateTime::UNIX_EPOCH;
        let mut key = ApiKey::new(id.clone(), self.name, permissions, long_ago);
        let original = self.original_id.parse::<KeyId>();
        key.original_id = original.map_err(|error| Problem::unexpected(error.to_string()))?;
        key.expires_at = self
            .expires_at
            .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
        key.revoked_at = self.is_revoked.then_some(long_ago);
        Ok((key, KeyDigest(self.digest)))
    }
}

/// Whether a session was ended before it expired. The result is cached until it changes, since each request of a
/// session needs it.
///
/// # Errors
/// If nothing is cached and the store is unavailable.
pub(super) async fn has_ended(api: &Api, session: &RunningSession) -> Result<bool, Problem> {
    let Some(id) = session.id else {
        return Ok(false);
    };
    let key = Key::new(format!("session {id}"), Tag::Session(id), Region::Searches);
    let sessions = Arc::clone(&api.sessions);
    let load = async move {
        let has_ended = sessions.has_ended(id).await;
        let has_ended = has_ended.map_err(|error| Arc::new(Problem::from(error)) as LoadError)?;
        Ok(Loaded::long_lived(Bytes::copy_from_slice(&[
            has_ended.into()
        ])))
    };
    let bytes = cached_or_loaded(api, key, load).await?;
    Ok(*bytes == [1])
}

/// The cached value of a key, or the loaded one. While the cache receives no changes, cached values may be outdated:
/// then the value is loaded, and the cached one is only used if the load fails.
///
/// # Errors
/// Those of the load, if nothing is cached.
async fn cached_or_loaded(
    api: &Api,
    key: Key,
    load: impl Future<Output = Result<Loaded, LoadError>> + Send + 'static,
) -> Result<Bytes, Problem> {
    let cached = api.cache.get(&key);
    let loaded = match cached {
        Some(cached) if api.cache.is_connected() => return Ok(cached),
        Some(cached) => match load.await {
            Ok(loaded) => Ok(loaded.into_bytes()),
            Err(_) => return Ok(cached),
        },
        None => api.cache.load(key, load).await,
    };
    loaded.map_err(|error| Problem::of_load(&error))
}
