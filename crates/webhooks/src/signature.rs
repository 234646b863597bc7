//! Signatures of Standard Webhooks 1.0, with a secret that sender and receiver share.

use std::str::FromStr;

use aws_lc_rs::hmac::{Context, HMAC_SHA256, Key};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretSlice};

/// The header of the event's id.
pub const ID_HEADER: &str = "webhook-id";

/// The header of the time of the attempt, in seconds since the Unix epoch.
pub const TIMESTAMP_HEADER: &str = "webhook-timestamp";

/// The header of the signatures.
pub const SIGNATURE_HEADER: &str = "webhook-signature";

/// What each secret begins with.
const PREFIX: &str = "whsec_";

/// Size of a generated secret, in bytes: that of the hash.
const GENERATED: usize = 32;

/// A secret of a webhook: `whsec_` and Base64 of 24 to 64 bytes.
#[derive(Debug, Clone)]
pub struct Secret(SecretSlice<u8>);

/// Why a text is not a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSecret {
    /// It does not begin with `whsec_`.
    #[error("the secret must begin with whsec_")]
    Prefix,
    /// The rest is not Base64 with padding.
    #[error("the secret must be Base64 after whsec_")]
    Base64,
    /// It is too short or too long.
    #[error("the secret must have 24 to 64 bytes, but has {0}")]
    Size(usize),
}

impl Secret {
    /// A new secret of 32 random bytes.
    pub fn generate() -> Self {
        let bytes: [u8; GENERATED] = rand::random();
        Self(bytes.to_vec().into())
    }

    /// The secret as text, for its owner and for storage. It must not reach logs or error messages.
    pub fn expose(&self) -> String {
        let base64 = BASE64_STANDARD.encode(self.0.expose_secret());
        format!("{PREFIX}{base64}")
    }

    fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let key = Key::new(HMAC_SHA256, self.0.expose_secret());
        let mut content = Context::with_key(&key);
        content.update(format!("{id}.{timestamp}.").as_bytes());
        content.update(body);
        let signature = BASE64_STANDARD.encode(content.sign());
        format!("v1,{signature}")
    }
}

impl FromStr for Secret {
    type Err = InvalidSecret;

    fn from_str(text: &str) -> Result<Self, InvalidSecret> {
        let base64 = text.strip_prefix(PREFIX).ok_or(InvalidSecret::Prefix)?;
        let bytes = BASE64_STANDARD.decode(base64);
        let bytes = bytes.map_err(|_| InvalidSecret::Base64)?;
        match bytes.len() {
            24..=64 => Ok(Self(bytes.into())),
            size => Err(InvalidSecret::Size(size)),
        }
    }
}

/// The value of `webhook-signature`: a signature for each secret, separated by spaces. During a rotation, the current
/// secret comes first and the previous one second.
///
/// The id is the event's and must not contain a `.`, which separates it from the timestamp. The timestamp is that of the
/// attempt, in seconds since the Unix epoch.
pub fn sign(secrets: &[Secret], id: &str, timestamp: i64, body: &[u8]) -> String {
    let signatures = secrets
        .iter()
        .map(|secret| secret.sign(id, timestamp, body));
    signatures.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
