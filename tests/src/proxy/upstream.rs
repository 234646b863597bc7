use std::path::PathBuf;

use eggypro_persistence::testing::TestDatabase;
use secrecy::ExposeSecret;

/// The address of the PostgreSQL test server.
#[derive(Debug, Clone)]
pub(crate) enum Upstream {
    Socket(PathBuf),
    Address(String),
}

/// The name of a database.
pub(crate) fn name_of(database: &TestDatabase) -> String {
    let url = database.url().expose_secret().to_owned();
    let name = url.split('?').next().and_then(|url| url.rsplit('/').next());
    name.unwrap().to_owned()
}

impl Upstream {
    pub(crate) fn of(database: &TestDatabase) -> Self {
        let url = database.url().expose_secret().to_owned();
        let folder = url
            .split("host=")
            .nth(1)
            .and_then(|rest| rest.split('&').next());
        match folder {
            Some(folder) => Self::Socket(PathBuf::from(folder).join(".s.PGSQL.5432")),
            None => {
                let authority = url
                    .split('@')
                    .nth(1)
                    .and_then(|rest| rest.split('/').next());
                Self::Address(authority.unwrap().to_owned())
            }
        }
    }
}
