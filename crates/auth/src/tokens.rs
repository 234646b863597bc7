use std::fmt;

use eggypro_domain::Permission;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::AdminUser;

const ISSUER: &str = "eggypro";
const AUDIENCE: &str = "eggypro-admin";

/// How long a session lasts.
const LIFETIME: Duration = Duration::minutes(15);

/// Makes and checks the tokens of sessions: JSON Web Tokens (RFC 7519), signed with HS256 and nothing else.
#[derive(Clone)]
pub struct SessionTokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

/// A session that has begun.
pub struct Session {
    /// What stands for the admin secret until the session ends.
    pub token: SecretString,
    /// When it ends.
    pub expires_at: OffsetDateTime,
}

/// What the token of a session says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionState {
    /// This is who works.
    Running(AdminUser),
    /// The token was right once: who brings it does not guess.
    Ended,
}

/// A token could not be made.
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
}

impl SessionTokens {
    /// Signs with this secret, which has at least 32 characters.
    pub fn new(secret: &SecretString) -> Self {
        let key = secret.expose_secret().as_bytes();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The library asks the system for the time; here it is passed in and compared below.
        validation.validate_exp = false;
        Self {
            encoding: EncodingKey::from_secret(key),
            decoding: DecodingKey::from_secret(key),
            validation,
        }
    }

    /// Begins a session of this user.
    ///
    /// # Errors
    /// When signing fails.
    pub fn issue(&self, user: &AdminUser, now: OffsetDateTime) -> Result<Session, TokenError> {
        // Tokens count in whole seconds.
        let expires_at = (now + LIFETIME).replace_nanosecond(0).unwrap_or(now);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: AdminUser::ID.to_owned(),
            role: AdminUser::ROLE.to_owned(),
            permissions: user.permissions().iter().map(ToString::to_string).collect(),
            iat: now.unix_timestamp(),
            exp: expires_at.unix_timestamp(),
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)?;
        Ok(Session {
            token: token.into(),
            expires_at,
        })
    }

    /// Whom a token names; `None` unless it was made here.
    pub fn verify(&self, token: &str, now: OffsetDateTime) -> Option<SessionState> {
        let claims: Claims = jsonwebtoken::decode(token, &self.decoding, &self.validation)
            .ok()?
            .claims;
        if claims.sub != AdminUser::ID {
            return None;
        }
        if claims.exp <= now.unix_timestamp() {
            return Some(SessionState::Ended);
        }
        let permissions: Vec<_> = claims
            .permissions
            .iter()
            .filter_map(|name| Permission::named(name))
            .collect();
        Some(SessionState::Running(AdminUser::with(&permissions)))
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
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-01-01 12:00 UTC);

    fn tokens(secret: &str) -> SessionTokens {
        SessionTokens::new(&secret.into())
    }

    fn user() -> AdminUser {
        AdminUser::with(&[Permission::ProductsRead, Permission::ProductsWrite])
    }

    fn claims() -> Claims {
        Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: AdminUser::ID.into(),
            role: AdminUser::ROLE.into(),
            permissions: vec!["products:write".into()],
            iat: NOW.unix_timestamp(),
            exp: NOW.unix_timestamp() + 60,
        }
    }

    fn signed(algorithm: Algorithm, claims: &Claims) -> String {
        jsonwebtoken::encode(
            &Header::new(algorithm),
            claims,
            &EncodingKey::from_secret(b"secret"),
        )
        .unwrap()
    }

    #[test]
    fn a_session_lasts_fifteen_minutes() {
        let session = tokens("secret").issue(&user(), NOW).unwrap();
        assert_eq!(session.expires_at, NOW + LIFETIME);
        let token = session.token.expose_secret();
        let of = |after| tokens("secret").verify(token, NOW + after);
        assert_eq!(of(Duration::ZERO), Some(SessionState::Running(user())));
        assert_eq!(
            of(Duration::seconds(15 * 60 - 1)),
            Some(SessionState::Running(user()))
        );
        assert_eq!(of(LIFETIME), Some(SessionState::Ended));
    }

    #[test]
    fn a_token_of_another_secret_issuer_audience_or_algorithm_is_none() {
        let verify = |token: &str| tokens("secret").verify(token, NOW).is_some();
        assert!(verify(&signed(Algorithm::HS256, &claims())));
        assert!(!verify(&signed(Algorithm::HS384, &claims())));
        assert!(!verify(&signed(
            Algorithm::HS256,
            &Claims {
                aud: "else".into(),
                ..claims()
            }
        )));
        assert!(!verify(&signed(
            Algorithm::HS256,
            &Claims {
                iss: "else".into(),
                ..claims()
            }
        )));
        assert!(!verify(&signed(
            Algorithm::HS256,
            &Claims {
                sub: "else".into(),
                ..claims()
            }
        )));
        let foreign = tokens("other").issue(&user(), NOW).unwrap();
        assert!(!verify(foreign.token.expose_secret()));
    }

    #[test]
    fn a_token_without_a_signature_or_cut_short_is_none() {
        let token = signed(Algorithm::HS256, &claims());
        let parts: Vec<&str> = token.split('.').collect();
        // {"typ":"JWT","alg":"none"}
        let unsigned = format!("eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.{}.", parts[1]);
        let verify = |token: &str| tokens("secret").verify(token, NOW).is_some();
        assert!(!verify(&unsigned));
        for length in 0..token.len() {
            assert!(!verify(&token[..length]));
        }
        for garbage in ["..", "a.b.c", "é", &"a".repeat(10_000)] {
            assert!(!verify(garbage));
        }
    }

    #[test]
    fn unknown_permissions_are_left_out() {
        let more = Claims {
            permissions: vec!["products:write".into(), "everything".into()],
            ..claims()
        };
        let state = tokens("secret").verify(&signed(Algorithm::HS256, &more), NOW);
        let writer = AdminUser::with(&[Permission::ProductsWrite]);
        assert_eq!(state, Some(SessionState::Running(writer)));
    }

    #[test]
    fn tokens_and_keys_are_not_printed() {
        let session = tokens("secret").issue(&user(), NOW).unwrap();
        assert!(!format!("{session:?}").contains(session.token.expose_secret()));
        assert_eq!(format!("{:?}", tokens("secret")), "SessionTokens { .. }");
    }
}
