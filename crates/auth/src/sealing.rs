use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};

use crate::AdminSecrets;

/// A text was not sealed with these secrets, or was changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("can't decrypt with the current secrets")]
pub struct SealingError;

impl From<Unspecified> for SealingError {
    fn from(_: Unspecified) -> Self {
        Self
    }
}

/// The length of a key in bytes.
struct KeyLength;

impl KeyType for KeyLength {
    fn len(&self) -> usize {
        AES_256_GCM.key_len()
    }
}

impl AdminSecrets {
    /// Encrypts bytes with AES-256-GCM under a key that is derived (HKDF, RFC 5869) from the current secret and this
    /// context. Without any secret, nothing is confidential.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub(crate) fn seal(&self, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealingError> {
        let digest = self.digests().first().unwrap_or(&[0; 32]);
        let mut sealed = plain.to_vec();
        let nonce = key(digest, context)?.seal_in_place_append_tag(Aad::empty(), &mut sealed)?;
        sealed.extend_from_slice(nonce.as_ref());
        Ok(sealed)
    }

    /// Decrypts what was [sealed](Self::seal) with one of the secrets and the same context.
    ///
    /// # Errors
    /// [`SealingError`].
    pub(crate) fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealingError> {
        let split = sealed.len().checked_sub(NONCE_LEN).ok_or(SealingError)?;
        let (sealed, nonce) = sealed.split_at(split);
        let open = |digest: &[u8; 32]| {
            let nonce = Nonce::try_assume_unique_for_key(nonce)?;
            let mut plain = sealed.to_vec();
            let length = key(digest, context)?
                .open_in_place(nonce, Aad::empty(), &mut plain)?
                .len();
            plain.truncate(length);
            Ok::<_, SealingError>(plain)
        };
        let without_secret = [[0; 32]];
        let digests = match self.digests() {
            [] => &without_secret,
            digests => digests,
        };
        let opened = digests.iter().find_map(|digest| open(digest).ok());
        opened.ok_or(SealingError)
    }
}

fn key(digest: &[u8; 32], context: &[u8]) -> Result<RandomizedNonceKey, SealingError> {
    let secret = Salt::new(HKDF_SHA256, context).extract(digest);
    let mut bytes = [0; 32];
    secret
        .expand(&[b"eggypro answer"], KeyLength)?
        .fill(&mut bytes)?;
    Ok(RandomizedNonceKey::new(&AES_256_GCM, &bytes)?)
}

#[cfg(test)]
mod tests;
