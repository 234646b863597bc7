use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use uuid::Uuid;

/// What each secret begins with.
const PREFIX: &str = "whsec_";

/// A secret that signs the requests of a webhook: `whsec_` and Base64 of 24 to 64 bytes, as [Standard
/// Webhooks](https://www.standardwebhooks.com) specifies.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct WebhookSecret(String);

/// Why a text is not a valid [`WebhookSecret`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidWebhookSecret {
    /// It does not begin with `whsec_`.
    #[error("Secret must begin with whsec_")]
    Prefix,
    /// The rest is not Base64 with padding.
    #[error("Secret must be Base64 after whsec_")]
    Base64,
    /// It is too short or too long.
    #[error("Secret must have 24 to 64 bytes")]
    Size,
}

impl WebhookSecret {
    /// A new secret of 24 random bytes.
    pub fn random() -> Self {
        let [first, second] = [(); 2].map(|()| random_bytes());
        let bytes: Vec<u8> = first.into_iter().chain(second).collect();
        Self(format!("{PREFIX}{}", BASE64_STANDARD.encode(bytes)))
    }

    /// The text, for the owner of the webhook, for signatures and for storage. It must not reach logs or error
    /// messages.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// 12 random bytes. Of the 16 bytes of a random UUID, bytes 6 and 8 have fixed bits.
fn random_bytes() -> [u8; 12] {
    let [a, b, c, d, e, f, _, g, _, h, i, j, k, l, ..] = *Uuid::new_v4().as_bytes();
    [a, b, c, d, e, f, g, h, i, j, k, l]
}

impl FromStr for WebhookSecret {
    type Err = InvalidWebhookSecret;

    fn from_str(text: &str) -> Result<Self, InvalidWebhookSecret> {
        let base64 = text.strip_prefix(PREFIX);
        let base64 = base64.ok_or(InvalidWebhookSecret::Prefix)?;
        let bytes = BASE64_STANDARD.decode(base64);
        let bytes = bytes.map_err(|_| InvalidWebhookSecret::Base64)?;
        match bytes.len() {
            24..=64 => Ok(Self(text.to_owned())),
            _ => Err(InvalidWebhookSecret::Size),
        }
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookSecret").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
