use std::fmt;

use eggypro_domain::changes::ActorKind;
use eggypro_domain::keys::{ApiKey, KeyId};
use eggypro_domain::sessions::SessionId;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::AdminUser;

const ISSUER: &str = "eggypro";
const AUDIENCE: &str = "eggypro-admin";

/// Lifetime of a token.
const LIFETIME: Duration = Duration::minutes(15);

/// A token can be renewed during this time before it expires: the last third of its lifetime.
const RENEWAL: Duration = Duration::minutes(5);

/// Maximum length of a session, including renewals.
const LONGEST: Duration = Duration::hours(12);

/// Issues and verifies session tokens: JSON Web Tokens (RFC 7519) with HS256 as the only accepted algorithm.
#[derive(Clone)]
pub struct SessionTokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

/// A new or renewed session.
pub struct Session {
    /// The token, which replaces the secret until it expires.
    pub token: SecretString,
    /// Expiry of the token.
    pub expires_at: OffsetDateTime,
}

/// The state of a session according to its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionState {
    /// The session is valid.
    Running(RunningSession),
    /// The token has expired. It was valid once, so this is not an attempt to guess a token.
    Ended,
}

/// A session whose token has not expired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningSession {
    /// The user.
    pub user: AdminUser,
    /// The id; `None` for a session that began before sessions had ids.
    pub id: Option<SessionId>,
    began_at: OffsetDateTime,
    expires_at: OffsetDateTime,
}

impl RunningSession {
    /// End of the session, including all renewals.
    pub fn ends_at(&self) -> OffsetDateTime {
        self.began_at + LONGEST
    }
}

/// Why a session was not renewed.
#[derive(Debug, thiserror::Error)]
pub enum RenewalError {
    /// The token is not in the last third of its lifetime.
    #[error("the token is not in its last third, which begins in {0}")]
    TooEarly(Duration),
    /// The session has reached its maximum length.
    #[error("the session has lasted as long as it may")]
    TooLong,
    /// The token could not be signed.
    #[error(transparent)]
    Token(#[from] TokenError),
}

/// A token could not be signed.
#[derive(Debug, thiserror::Error)]
#[error("a session token could not be made: {0}")]
pub struct TokenError(#[from] jsonwebtoken::errors::Error);

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    role: String,
    permissions: Vec<String>,
    iat: i64,
    exp: i64,
    /// The id of the session. OpenID Connect defines this claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    /// Start of the session. OpenID Connect defines this claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
}

impl SessionTokens {
    /// Signs with this secret, which must have at least 32 characters.
    pub fn new(secret: &SecretString) -> Self {
        let key = secret.expose_secret().as_bytes();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The library would use the system's time. `verify` compares the expiry with the time that is passed in.
        validation.validate_exp = false;
        Self {
            encoding: EncodingKey::from_secret(key),
            decoding: DecodingKey::from_secret(key),
            validation,
        }
    }

    /// Begins a session for this user.
    ///
    /// # Errors
    /// When signing fails.
    pub fn issue(&self, user: &AdminUser, now: OffsetDateTime) -> Result<Session, TokenError> {
        let session = RunningSession {
            user: user.clone(),
            id: Some(SessionId::random()),
            began_at: now,
            expires_at: now,
        };
        self.token_of(&session, now)
    }

    /// Issues a new token for a session whose token is in the last third of its lifetime.
    ///
    /// # Errors
    /// See [`RenewalError`].
    pub fn renew(
        &self,
        session: &RunningSession,
        now: OffsetDateTime,
    ) -> Result<Session, RenewalError> {
        let wait = session.expires_at - RENEWAL - now;
        if wait > Duration::ZERO {
            return Err(RenewalError::TooEarly(wait));
        }
        if session.expires_at >= session.ends_at() {
            return Err(RenewalError::TooLong);
        }
        let named = RunningSession {
            id: session.id.or_else(|| Some(SessionId::random())),
            ..session.clone()
        };
        Ok(self.token_of(&named, now)?)
    }

    fn token_of(
        &self,
        session: &RunningSession,
        now: OffsetDateTime,
    ) -> Result<Session, TokenError> {
        // Times in tokens are whole seconds.
        let expires_at = (now + LIFETIME).min(session.ends_at());
        let expires_at = expires_at.replace_nanosecond(0).unwrap_or(now);
        let permissions = session.user.permissions().iter();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: session.user.id().to_owned(),
            role: session.user.role().to_owned(),
            permissions: permissions.map(ToString::to_string).collect(),
            iat: now.unix_timestamp(),
            exp: expires_at.unix_timestamp(),
            sid: session.id.map(|id| id.to_string()),
            auth_time: Some(session.began_at.unix_timestamp()),
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)?;
        Ok(Session {
            token: token.into(),
            expires_at,
        })
    }

    /// The state of the session of a token; `None` unless the token was issued with this secret.
    pub fn verify(&self, token: &str, now: OffsetDateTime) -> Option<SessionState> {
        let claims: Claims = jsonwebtoken::decode(token, &self.decoding, &self.validation)
            .ok()?
            .claims;
        if claims.sub != AdminUser::ID && claims.role != ActorKind::Key.as_str() {
            return None;
        }
        if claims.exp <= now.unix_timestamp() {
            return Some(SessionState::Ended);
        }
        let permissions: Vec<_> = claims
            .permissions
            .iter()
            .filter_map(|name| name.parse().ok())
            .collect();
        let time = |seconds| OffsetDateTime::from_unix_timestamp(seconds).ok();
        let user = match claims.sub.parse::<KeyId>() {
            Ok(id) => {
                let made_at = time(claims.iat)?;
                AdminUser::of_key(&ApiKey::new(id, String::new(), permissions, made_at))
            }
            Err(_) => AdminUser::with(&permissions),
        };
        Some(SessionState::Running(RunningSession {
            user,
            id: claims.sid.and_then(|id| id.parse().ok()),
            began_at: time(claims.auth_time.unwrap_or(claims.iat))?,
            expires_at: time(claims.exp)?,
        }))
    }
}

impl fmt::Debug for SessionTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionTokens").finish_non_exhaustive()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
