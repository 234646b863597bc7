//! `/api/keys`: a file a call, and how a key is known when it comes.

mod body;
mod create;
mod list;
mod revoke;
mod rotate;

use std::sync::Arc;

use actix_web::web::Bytes;
use eggypro_auth::FreshKey;
use eggypro_cache::{Key, LoadError, Loaded, Room};
use eggypro_domain::changes::Tag;
use eggypro_domain::keys::{ApiKey, KeyDigest, KeyId};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::answers::known_or_loaded;
use crate::api::Api;
use crate::problem::Problem;

pub(crate) use self::create::{__path_create, create};
pub(crate) use self::list::{__path_list, list};
pub(crate) use self::revoke::{__path_revoke, revoke};
pub(crate) use self::rotate::{__path_rotate, rotate};

/// What is kept of a key in this process, since it is asked for with each request.
#[derive(Serialize, Deserialize)]
struct Known {
    name: String,
    permissions: Vec<String>,
    expires_at: Option<i64>,
    is_revoked: bool,
    digest: [u8; 32],
}

/// The key of an id and its digest. What was found is kept until the key changes, here alone.
///
/// # Errors
/// When the store did not answer, and nothing is kept.
pub(crate) async fn find(api: &Api, id: &KeyId) -> Result<Option<(ApiKey, KeyDigest)>, Problem> {
    let cached = Key::new(format!("key {id}"), Tag::Key(id.clone()), Room::Searches);
    let (keys, wanted) = (Arc::clone(&api.keys), id.clone());
    let load = async move {
        let found = keys.find(&wanted).await;
        let found = found.map_err(|error| Arc::new(Problem::from(error)) as LoadError)?;
        let Some((key, digest)) = found else {
            return Ok(Loaded::brief(Bytes::new()));
        };
        let known = Known::of(&key, digest);
        let bytes = serde_json::to_vec(&known)
            .map_err(|error| Arc::new(Problem::unexpected(error.to_string())) as LoadError)?;
        Ok(Loaded::whole(bytes.into()))
    };
    let kept = known_or_loaded(api, cached, load).await?;
    if kept.is_empty() {
        return Ok(None);
    }
    let known: Known =
        serde_json::from_slice(&kept).map_err(|error| Problem::unexpected(error.to_string()))?;
    Ok(Some(known.read(id)))
}

impl Known {
    fn of(key: &ApiKey, digest: KeyDigest) -> Self {
        let permissions = key.permissions.iter();
        Self {
            name: key.name.clone(),
            permissions: permissions.map(ToString::to_string).collect(),
            // Rounded down: no key holds longer than it should.
            expires_at: key.expires_at.map(OffsetDateTime::unix_timestamp),
            is_revoked: key.revoked_at.is_some(),
            digest: digest.0,
        }
    }

    fn read(self, id: &KeyId) -> (ApiKey, KeyDigest) {
        let permissions = self.permissions.iter();
        let permissions = permissions.filter_map(|name| name.parse().ok()).collect();
        let long_ago = OffsetDateTime::UNIX_EPOCH;
        let mut key = ApiKey::new(id.clone(), self.name, permissions, long_ago);
        key.expires_at = self
            .expires_at
            .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
        key.revoked_at = self.is_revoked.then_some(long_ago);
        (key, KeyDigest(self.digest))
    }
}

fn fresh() -> Result<FreshKey, Problem> {
    FreshKey::generate().ok_or_else(|| Problem::unexpected("a key can't be made"))
}

/// The id in an address; what is none names no key.
fn id_of(text: &str) -> Result<KeyId, Problem> {
    text.parse().map_err(|_| Problem::not_found("key"))
}
