use eggypro_domain::keys::{ApiKey, NewKey};
use eggypro_domain::{Permission, Valid};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::message::fields::Fields;
use crate::message::problem::Problem;

/// An API key, but for its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(super) struct KeyBody<'a> {
    #[schema(example = "9fK2mQ7xT1bZ")]
    id: &'a str,
    #[schema(example = "Warehouse")]
    name: &'a str,
    /// What the key begins with.
    #[schema(example = "egg_9fK2mQ7xT1bZ")]
    prefix: String,
    #[schema(example = json!(["products:read"]))]
    permissions: Vec<&'static str>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    /// The id of who made it.
    #[schema(example = "admin")]
    created_by: Option<&'a str>,
    #[serde(with = "time::serde::rfc3339::option")]
    expires_at: Option<OffsetDateTime>,
    /// Exact to a minute.
    #[serde(with = "time::serde::rfc3339::option")]
    last_used_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    revoked_at: Option<OffsetDateTime>,
}

impl<'a> KeyBody<'a> {
    pub(super) fn of(key: &'a ApiKey) -> Self {
        Self {
            id: key.id.as_str(),
            name: &key.name,
            prefix: format!("egg_{}", key.id),
            permissions: key.permissions.iter().map(|name| name.as_str()).collect(),
            created_at: key.created_at,
            created_by: key.created_by.as_deref(),
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
        }
    }
}

/// All API keys.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyList)]
pub(super) struct KeyListBody<'a> {
    pub(super) data: Vec<KeyBody<'a>>,
}

/// A key that was just made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FreshApiKey)]
pub(super) struct FreshKeyBody<'a> {
    #[serde(flatten)]
    key: KeyBody<'a>,
    /// The whole key. It is shown here and never again.
    #[schema(example = "egg_9fK2mQ7xT1bZ_4tGv0c8LwPzR5yHn3JdSaXe6UoBiMkQf2kV9sD")]
    secret: &'a str,
}

impl<'a> FreshKeyBody<'a> {
    pub(super) fn of(key: &'a ApiKey, text: &'a SecretString) -> Self {
        Self {
            key: KeyBody::of(key),
            secret: text.expose_secret(),
        }
    }
}

/// A key to be made.
#[derive(Debug, ToSchema)]
#[schema(as = ApiKeyInput)]
#[expect(dead_code, reason = "documents what `read_input` reads")]
pub(super) struct KeyInput {
    /// Not blank.
    #[schema(min_length = 1, max_length = 100, example = "Warehouse")]
    name: String,
    /// What it may do; none for a front end. Nobody gives a permission that they lack.
    #[schema(example = json!(["products:read"]))]
    permissions: Vec<String>,
    /// When it ends by itself (RFC 3339).
    #[schema(required = false, format = DateTime, example = json!(null))]
    expires_at: Option<String>,
}

/// Reads a key from a body.
///
/// # Errors
/// 422 that names every invalid field.
pub(super) fn read_input(mut fields: Fields<'_>) -> Result<Valid<NewKey>, Problem> {
    let mut key = NewKey::new(fields.text("name").or_default());
    let names = fields.texts("permissions");
    let names = fields.require("permissions", names).or_default();
    for (index, name) in names.iter().enumerate() {
        match name.parse::<Permission>() {
            Ok(permission) if !key.permissions.contains(&permission) => {
                key.permissions.push(permission);
            }
            Ok(_) => {}
            Err(_) => {
                let known = Permission::ALL.map(Permission::as_str).join(", ");
                let message = format!("Permission must be one of {known}");
                fields.refuse(&format!("permissions[{index}]"), message);
            }
        }
    }
    key.expires_at = fields.time("expires_at").value();
    fields.validate(key)
}

/// How a key is rotated.
#[derive(Debug, ToSchema)]
#[schema(as = ApiKeyRotation)]
#[expect(dead_code, reason = "documents what `read_overlap` reads")]
pub(super) struct Rotation {
    /// For how many seconds the old key still holds.
    #[schema(required = false, minimum = 0, maximum = 604_800, default = 86_400)]
    overlap_seconds: Option<u32>,
}

/// The maximum overlap (a week) and the default (a day), in seconds.
const LONGEST_OVERLAP: i64 = 604_800;
const OVERLAP: i64 = 86_400;

/// Reads for how many seconds the old key stays valid.
///
/// # Errors
/// 422 that names every invalid field.
pub(super) fn read_overlap(mut fields: Fields<'_>) -> Result<u64, Problem> {
    let overlap = fields.integer("overlap_seconds").or(OVERLAP);
    if !(0..=LONGEST_OVERLAP).contains(&overlap) {
        let message = format!("Overlap seconds must be 0 to {LONGEST_OVERLAP}");
        fields.refuse("overlap_seconds", message);
    }
    fields.finish()?;
    Ok(overlap.unsigned_abs())
}
