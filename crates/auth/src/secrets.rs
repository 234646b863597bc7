use std::fmt;

use eggypro_domain::Permission;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use crate::AdminUser;

/// The valid admin secrets: the current one and, while it is being replaced, the previous one. Only their digests are
/// stored.
#[derive(Clone)]
pub struct AdminSecrets {
    digests: Vec<[u8; 32]>,
}

impl AdminSecrets {
    /// Accepts these secrets.
    pub fn new(secrets: &[SecretString]) -> Self {
        let digests = secrets.iter().map(|secret| digest(secret.expose_secret()));
        Self {
            digests: digests.collect(),
        }
    }

    /// The SHA-256 digests of the secrets, the current one first.
    pub(crate) fn digests(&self) -> &[[u8; 32]] {
        &self.digests
    }

    /// The administrator, if the token is one of the secrets.
    pub fn identify(&self, token: &str) -> Option<AdminUser> {
        let given = digest(token);
        // Compare all secrets, so that the time does not depend on which one matches.
        let is_valid = self.digests.iter().fold(Choice::from(0), |valid, digest| {
            valid | digest.ct_eq(&given)
        });
        // A holder of the secret has all permissions.
        bool::from(is_valid).then(|| AdminUser::with(&Permission::ALL))
    }
}

impl fmt::Debug for AdminSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdminSecrets").finish_non_exhaustive()
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_valid_secret_is_accepted() {
        let secrets = AdminSecrets::new(&["one".into(), "two".into()]);
        assert!(secrets.identify("one").is_some());
        assert!(secrets.identify("two").is_some());
        for other in ["", "on", "one ", "onetwo", "three"] {
            assert!(secrets.identify(other).is_none(), "{other:?}");
        }
        assert!(AdminSecrets::new(&[]).identify("").is_none());
    }

    #[test]
    fn digests_are_not_printed() {
        let printed = format!("{:?}", AdminSecrets::new(&["one".into()]));
        assert_eq!(printed, "AdminSecrets { .. }");
    }
}
