use time::OffsetDateTime;

use crate::{
    AdminSecrets, AdminUser, RenewalError, RunningSession, SealingError, Session, SessionState,
    SessionTokens, TokenError,
};

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

    /// Encrypts an answer that may hold secrets, for the store. `context` binds it to what it answers.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub fn seal(&self, context: &[u8], answer: &[u8]) -> Result<Vec<u8>, SealingError> {
        self.secrets.seal(context, answer)
    }

    /// Decrypts an answer that was [sealed](Self::seal) in the same context with one of the valid admin secrets.
    ///
    /// # Errors
    /// [`SealingError`] if there is no such secret, or the bytes were changed.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealingError> {
        self.secrets.open(context, sealed)
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
