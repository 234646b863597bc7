#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod keys;
mod secrets;
mod tokens;

use eggypro_domain::Permission;
use eggypro_domain::changes::{Actor, ActorKind};
use eggypro_domain::keys::{ApiKey, KeyId};
use time::OffsetDateTime;

pub use self::keys::{FreshKey, GivenKey};
pub use self::secrets::AdminSecrets;
pub use self::tokens::{
    RenewalError, RunningSession, Session, SessionState, SessionTokens, TokenError,
};

/// The token of an `Authorization` header of the scheme Bearer (RFC 6750), whose name is read in any case; `None`
/// unless there is exactly one token.
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, rest) = header.trim().split_once(' ')?;
    let token = rest.trim_start_matches(' ');
    let is_one_token = !token.is_empty() && !token.contains(char::is_whitespace);
    (scheme.eq_ignore_ascii_case("bearer") && is_one_token).then_some(token)
}

/// Somebody who may do what the public may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminUser {
    permissions: Vec<Permission>,
    key: Option<KeyHolder>,
}

/// Who holds an API key.
#[derive(Debug, Clone, PartialEq, Eq)]
struct KeyHolder {
    id: KeyId,
    name: Option<String>,
}

impl AdminUser {
    /// Who every holder of the secret is: there is one secret, and so one of them.
    pub const ID: &str = "admin";

    /// An administrator who may do just this.
    pub fn with(permissions: &[Permission]) -> Self {
        Self {
            permissions: permissions.to_vec(),
            key: None,
        }
    }

    /// Who holds this key.
    pub fn of_key(key: &ApiKey) -> Self {
        Self {
            permissions: key.permissions.clone(),
            key: Some(KeyHolder {
                id: key.id.clone(),
                name: Some(key.name.clone()),
            }),
        }
    }

    /// Who they are: `admin`, or the id of their key.
    pub fn id(&self) -> &str {
        self.key.as_ref().map_or(Self::ID, |key| key.id.as_str())
    }

    /// What they are: `admin` or `key`.
    pub fn role(&self) -> &'static str {
        self.actor_kind().as_str()
    }

    /// The key that they hold, if it is not the secret.
    pub fn key(&self) -> Option<&KeyId> {
        self.key.as_ref().map(|key| &key.id)
    }

    /// Who the log of changes says that they are.
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

    /// Whether this is permitted.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// All that is permitted.
    pub fn permissions(&self) -> &[Permission] {
        &self.permissions
    }
}

/// Tells who brings a bearer token.
#[derive(Debug, Clone)]
pub struct Authenticator {
    secrets: AdminSecrets,
    tokens: Option<SessionTokens>,
}

impl Authenticator {
    /// Accepts these secrets, and the tokens of sessions if there are any.
    pub fn new(secrets: AdminSecrets, tokens: Option<SessionTokens>) -> Self {
        Self { secrets, tokens }
    }

    /// What the token of a session says at this time; `None` for what is no such token.
    pub fn identify_by_session(&self, token: &str, now: OffsetDateTime) -> Option<SessionState> {
        self.tokens.as_ref()?.verify(token, now)
    }

    /// Whom a secret names; the token of a session is none.
    pub fn identify_by_secret(&self, token: &str) -> Option<AdminUser> {
        self.secrets.identify(token)
    }

    /// Begins a session; `None` where there are none.
    ///
    /// # Errors
    /// When the token can't be made.
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

    /// Renews a session; `None` where there are none.
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
