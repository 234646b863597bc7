use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use secrecy::SecretString;

use crate::environment::Environment;
use crate::failure::Failure;

/// The admin secret of an environment, for commands that call a running server. Makes no new one.
pub(crate) fn of(environment: &Environment) -> Result<SecretString, Failure> {
    if let Some(secret) = environment.admin_secrets.first() {
        return Ok(secret.clone());
    }
    let secret = fs::read_to_string(environment.data_directory.join("admin-secret"));
    match secret {
        Ok(secret) => Ok(secret.trim().to_owned().into()),
        Err(error) => Err(format!(
            "the admin secret is neither in ADMIN_SECRET_KEY nor in EGGYPRO_DATA_DIR: {error}"
        )
        .into()),
    }
}

/// The admin secret of a development server. It is made at the first start and stored in the data folder, readable only
/// by its owner.
pub(crate) fn kept_in(directory: &Path) -> io::Result<SecretString> {
    fs::create_dir_all(directory)?;
    let path = directory.join("admin-secret");
    match OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)
    {
        Ok(mut file) => {
            let bytes: [u8; 32] = rand::random();
            let secret: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            file.write_all(secret.as_bytes())?;
            Ok(secret.into())
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let secret = fs::read_to_string(&path)?.trim().to_owned();
            if secret.len() < 32 {
                let message = format!("{} holds no secret: remove it", path.display());
                return Err(io::Error::new(ErrorKind::InvalidData, message));
            }
            Ok(secret.into())
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_secret_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("data");
        let made = kept_in(&directory).unwrap();
        assert_eq!(made.expose_secret().len(), 64);
        assert_eq!(
            kept_in(&directory).unwrap().expose_secret(),
            made.expose_secret()
        );
        let mode = fs::metadata(directory.join("admin-secret"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
