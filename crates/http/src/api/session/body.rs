use eggypro_auth::AdminUser;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// Who the caller is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(super) struct UserBody<'a> {
    #[schema(example = "admin")]
    id: &'a str,
    #[schema(example = "admin")]
    role: &'static str,
    #[schema(example = json!(["products:read", "products:write"]))]
    permissions: Vec<&'static str>,
}

impl<'a> UserBody<'a> {
    pub(super) fn of(user: &'a AdminUser) -> Self {
        Self {
            id: user.id(),
            role: user.role(),
            permissions: user
                .permissions()
                .iter()
                .map(|permission| permission.as_str())
                .collect(),
        }
    }
}

/// A session that has begun.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub(super) struct SessionBody<'a> {
    pub(super) user: UserBody<'a>,
    /// A bearer token that is accepted wherever the secret is; null on a server without sessions.
    pub(super) token: Option<&'a str>,
    /// When the token ends, fifteen minutes from now.
    #[serde(with = "time::serde::rfc3339::option")]
    pub(super) expires_at: Option<OffsetDateTime>,
}

/// The caller.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Caller<'a> {
    pub(super) user: UserBody<'a>,
}
