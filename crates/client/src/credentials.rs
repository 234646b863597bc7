use std::fmt;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::Error;

/// Proves who the caller is. `Debug` does not show the secret.
#[derive(Clone, Default)]
pub struct Credentials(Option<SecretString>);

impl Credentials {
    /// No credentials: the caller sees what the public sees.
    pub fn anonymous() -> Self {
        Self(None)
    }

    /// An API key, `egg_…`.
    pub fn api_key(key: impl Into<SecretString>) -> Self {
        Self(Some(key.into()))
    }

    /// The admin secret, which has all permissions.
    pub fn admin_secret(secret: impl Into<SecretString>) -> Self {
        Self(Some(secret.into()))
    }

    /// The token of a session, from [`Session`](crate::session::Session).
    pub fn session_token(token: impl Into<SecretString>) -> Self {
        Self(Some(token.into()))
    }

    /// The header `Authorization`; `None` without credentials.
    pub(crate) fn header(&self) -> Result<Option<HeaderValue>, Error> {
        let Some(secret) = &self.0 else {
            return Ok(None);
        };
        let value = HeaderValue::try_from(format!("Bearer {}", secret.expose_secret()));
        let mut value = value.map_err(|_| {
            Error::InvalidRequest("the secret has characters that a header can't hold".to_owned())
        })?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Some(_) => "Credentials([REDACTED])",
            None => "Credentials(anonymous)",
        })
    }
}
