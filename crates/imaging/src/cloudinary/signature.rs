mod fields;

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};

pub use self::fields::{Fields, Version};

/// The hash algorithm of signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Algorithm {
    /// Every account accepts it.
    #[default]
    Sha1,
    /// Accounts can be configured to use it.
    Sha256,
}

/// The API secret is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the API secret is empty")]
pub struct EmptySecret;

/// Signs calls and responses with an account's secret.
pub struct Signer {
    secret: SecretString,
    algorithm: Algorithm,
}

impl Signer {
    /// Signs with this secret.
    ///
    /// # Errors
    /// When the secret is empty.
    pub fn new(secret: SecretString, algorithm: Algorithm) -> Result<Self, EmptySecret> {
        if secret.expose_secret().is_empty() {
            return Err(EmptySecret);
        }
        Ok(Self { secret, algorithm })
    }

    /// Adds the API key and the signature. The key and the parts of the URL are not signed.
    #[must_use]
    pub fn signed(&self, fields: Fields, key: &str) -> Fields {
        let signature = self.signature(&fields.to_sign(Version::Second));
        fields.with("api_key", key).with("signature", signature)
    }

    /// The expected signature of the response to an upload.
    pub fn of_answer(&self, public_id: &str, version: &str) -> String {
        let fields = Fields::default()
            .with("public_id", public_id)
            .with("version", version);
        self.signature(&fields.to_sign(Version::First))
    }

    /// The hash of a text followed by the secret, in hexadecimal digits.
    pub fn signature(&self, text: &str) -> String {
        let secret = self.secret.expose_secret().as_bytes();
        let hex = |digest: &[u8]| digest.iter().map(|byte| format!("{byte:02x}")).collect();
        match self.algorithm {
            Algorithm::Sha1 => hex(&Sha1::new()
                .chain_update(text)
                .chain_update(secret)
                .finalize()),
            Algorithm::Sha256 => hex(&Sha256::new()
                .chain_update(text)
                .chain_update(secret)
                .finalize()),
        }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}
