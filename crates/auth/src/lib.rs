#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod secrets;
mod tokens;

use eggypro_domain::Permission;
use time::OffsetDateTime;

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
}

impl AdminUser {
    /// Who every administrator is: there is one secret, and so one of them.
    pub const ID: &str = "admin";

    /// What every administrator is.
    pub const ROLE: &str = "admin";

    /// An administrator who may do just this.
    pub fn with(permissions: &[Permission]) -> Self {
        Self {
            permissions: permissions.to_vec(),
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
