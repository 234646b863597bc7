#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod keys;
mod secrets;
mod tokens;

use eggypro_domain::Permission;
use eggypro_domain::changes::{Actor, ActorKind};
use eggypro_domain::keys::{ApiKey, KeyId};
use time::OffsetDateTime;

pub use self::keys::{GeneratedKey, PresentedKey};
pub use self::secrets::AdminSecrets;
pub use self::tokens::{
    RenewalError, RunningSession, Session, SessionState, SessionTokens, TokenError,
};

/// The token of an `Authorization` header with the scheme Bearer (RFC 6750), in upper or lower case; `None` unless
/// there is exactly one token.
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, rest) = header.trim().split_once(' ')?;
    let token = rest.trim_start_matches(' ');
    let is_one_token = !token.is_empty() && !token.contains(char::is_whitespace);
    (scheme.eq_ignore_ascii_case("bearer") && is_one_token).then_some(token)
}

/// An authenticated user with permissions that the public does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminUser {
    permissions: Vec<Permission>,
    key: Option<KeyHolder>,
}

/// The holder of an API key.
#[derive(Debug, Clone, PartialEq, Eq)]
struct KeyHolder {
    id: KeyId,
    name: Option<String>,
}

impl AdminUser {
    /// The id of the administrator. All holders of the secret share it, since there is only one secret.
    pub const ID: &str = "admin";

    /// An administrator with these permissions.
    pub fn with(permissions: &[Permission]) -> Self {
        Self {
            permissions: permissions.to_vec(),
            key: None,
        }
    }

    /// The holder of this API key.
    pub fn of_key(key: &ApiKey) -> Self {
        Self {
            permissions: key.permissions.clone(),
            key: Some(KeyHolder {
                id: key.id.clone(),
                name: Some(key.name.clone()),
            }),
        }
    }

    /// The id: `admin`, or the id of the API key.
    pub fn id(&self) -> &str {
        self.key.as_ref().map_or(Self::ID, |key| key.id.as_str())
    }

    /// The role: `admin` or `key`.
    pub fn role(&self) -> &'static str {
        self.actor_kind().as_str()
    }

    /// The id of the API key, unless the user holds the secret.
    pub fn key(&self) -> Option<&KeyId> {
        self.key.as_ref().map(|key| &key.id)
    }

    /// The user as recorded in the log of changes.
    pub fn actor(&self) -> Actor {
        let mut actor = Actor::new(self.actor_kind(), self.id());
        actor.name = self.key.as_ref().and_then(|key| key.name.clone());
        actor
    }

    fn actor_kind(&self) -> ActorKind {
        match self.key {
            Some(_) => ActorKind::Key,
            None => ActorKind::Admin,
        }
    }

    /// Whether the user has this permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// All permissions of the user.
    pub fn permissions(&self) -> &[Permission] {
        &self.permissions
    }
}

/// Identifies the user of a bearer token.
#[derive(Debug, Clone)]
pub struct Authenticator {
    secrets: AdminSecrets,
    tokens: Option<SessionTokens>,
}

impl Authenticator {
    /// Accepts these secrets, and session tokens if they are configured.
    pub fn new(secrets: AdminSecrets, tokens: Option<SessionTokens>) -> Self {
        Self { secrets, tokens }
    }

    /// The state of a session at the time `now`; `None` if the text is not a valid session token.
    pub fn identify_by_session(&self, token: &str, now: OffsetDateTime) -> Option<SessionState> {
        self.tokens.as_ref()?.verify(token, now)
    }

    /// The user with this secret. Session tokens are not accepted.
    pub fn identify_by_secret(&self, token: &str) -> Option<AdminUser> {
        self.secrets.identify(token)
    }

    /// Begins a session; `None` if sessions are not configured.
    ///
    /// # Errors
    /// When the token can't be signed.
    pub fn begin_session(
        &self,
        user: &AdminUser,
        now: OffsetDateTime,
    ) -> Result<Option<Session>, TokenError> {
        self.tokens
            .as_ref()
            .map(|tokens| tokens.issue(user, now))
            .transpose()
    }

    /// Renews a session; `None` if sessions are not configured.
    ///
    /// # Errors
    /// See [`RenewalError`].
    pub fn renew_session(
        &self,
        session: &RunningSession,
        now: OffsetDateTime,
    ) -> Result<Option<Session>, RenewalError> {
        self.tokens
            .as_ref()
            .map(|tokens| tokens.renew(session, now))
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_holds_one_bearer_token() {
        for (header, token) in [
            ("Bearer abc", Some("abc")),
            ("bEaReR abc", Some("abc")),
            ("Bearer   abc ", Some("abc")),
            ("Bearer", None),
            ("Bearer ", None),
            ("Bearer a b", None),
            ("Bearer a\tb", None),
            ("Basic abc", None),
            ("abc", None),
            ("", None),
        ] {
            assert_eq!(bearer(header), token, "{header:?}");
        }
    }
}
