//! Connection strings of PostgreSQL, as people and providers write them.

mod dialects;
mod failure;
mod syntax;

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::{env, fmt};

use diesel::connection::SimpleConnection;
use diesel::{Connection, ConnectionError, ConnectionResult, PgConnection};
use secrecy::{ExposeSecret, SecretString};

use self::dialects::Translated;
pub use self::failure::ConnectFailure;
use self::syntax::Parameter;

/// A parsed and checked connection string: a URL such as `postgresql://user@host/database`, or libpq's
/// `key=value` form ([Connection Strings](https://www.postgresql.org/docs/current/libpq-connect.html)).
///
/// Parameters of providers and other clients are understood: `pgbouncer=true`, `schema=shop`, `sslmode=no-verify`,
/// `ssl=true`, and `sslrootcert=system` with any libpq. libpq gets only the parsed parameters and never the text, since
/// it would quote parts of the text in its messages.
#[derive(Clone)]
pub struct ConnectionString(Arc<Parts>);

struct Parts {
    /// The parameters for libpq, each value in quotes.
    options: SecretString,
    /// The schema to put first in the search path.
    schema: Option<String>,
    is_through_pooler: bool,
    left_out: Vec<String>,
    files: Vec<(&'static str, Option<PathBuf>)>,
}

/// What is wrong with a connection string. The text follows the name of its variable and holds no part of a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidConnectionString {
    /// It is neither a URL nor in the `key=value` form.
    #[error(
        "must be a connection string such as postgresql://user@host/database, without quotes around it"
    )]
    Form,
    /// It is in the form of another client.
    #[error(
        "must be written as postgresql://user@host/database, not in the form of another client (such as jdbc:)"
    )]
    Foreign,
    /// A line break, a tab or another control character.
    #[error("holds a line break or another control character")]
    ControlCharacter,
    /// A `%` that does not begin an escape.
    #[error("holds a % that is not followed by two hexadecimal digits: write % as %25")]
    Percent,
    /// An unescaped `@`.
    #[error("holds an @ that belongs to the user, password or database: write it as %40")]
    AtSign,
    /// An unescaped `/` in the user or password.
    #[error("holds a / that belongs to the user or password: write it as %2F")]
    Slash,
    /// A bracket without its counterpart.
    #[error("has a host in brackets that is not an IPv6 address in brackets")]
    Brackets,
    /// An invalid port.
    #[error(
        "has a port that is not a number from 1 to 65535; write a / : or @ of the user or password as %2F, %3A or %40, \
         and an IPv6 address in brackets"
    )]
    Port,
    /// A blank in the host.
    #[error("has a blank in its host")]
    Blank,
    /// A parameter without `=`, or a quote that is not closed.
    #[error("has a parameter without a value, or a quote that is not closed")]
    Unfinished,
    /// An unknown parameter, with its name unless that may be a part of a secret.
    #[error("has {}, which is not known", match .0 { Some(name) => format!("the parameter {name}"), None => "a parameter".to_owned() })]
    Unknown(Option<String>),
    /// An invalid value of the named parameter.
    #[error("has a value of {0} that can't be used")]
    Value(String),
    /// Parameters that can't be combined.
    #[error("has parameters that can't be used together")]
    Combination,
    /// An environment variable of libpq is invalid, not the connection string.
    #[error(
        "stands beside a variable of libpq (PGSSLMODE and others that begin with PG) whose value can't be used"
    )]
    Surroundings,
    /// The system's certificates are requested with a weaker mode than `verify-full`.
    #[error("has sslrootcert=system, which takes sslmode=verify-full or no sslmode")]
    WeakMode,
    /// The system has no certificates.
    #[error(
        "asks for this machine's certificates, and there are none: install ca-certificates or set SSL_CERT_FILE"
    )]
    NoCertificates,
    /// A file that is missing or can't be read.
    #[error("names a file in {0} that is not there or can't be read")]
    NoFile(&'static str),
    /// No root certificate to verify the server's certificate with.
    #[error(
        "has sslmode=verify-ca or verify-full and no sslrootcert: set sslrootcert=system for this machine's certificates, or name \
         the provider's file"
    )]
    NoRoot,
    /// A schema can't be set through a pooler.
    #[error(
        "has pgbouncer=true and a schema other than public: set the role's search_path instead"
    )]
    SchemaThroughPooler,
}

/// Default parameters. Most are timeouts, without which libpq may wait forever.
const DEFAULTS: [(&str, &str); 7] = [
    ("connect_timeout", "2"),
    ("keepalives_idle", "15"),
    ("keepalives_interval", "5"),
    ("keepalives_count", "3"),
    // No keepalives are sent while data wait for an acknowledgement, as when a host is gone.
    ("tcp_user_timeout", "10000"),
    // A process that exits while libpq talks to Kerberos may abort there.
    ("gssencmode", "disable"),
    ("application_name", "eggypro"),
];

/// The name of a user and a database that do not exist.
const UNKNOWN: &str = "eggypro_asks_for_nobody";

impl FromStr for ConnectionString {
    type Err = InvalidConnectionString;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut translated = Translated::of(syntax::read(text)?)?;
        for (name, value) in DEFAULTS {
            if translated.value(name).is_none() {
                translated.parameters.push(Parameter::new(name, value));
            }
        }
        check(&translated.parameters)?;
        Ok(Self(Arc::new(Parts {
            options: options(&translated.parameters).into(),
            files: translated.files(),
            schema: translated.schema,
            is_through_pooler: translated.is_through_pooler,
            left_out: translated.left_out,
        })))
    }
}

impl ConnectionString {
    /// Whether connections go through a pooler that gives each transaction another session (`pgbouncer=true`).
    pub fn is_through_pooler(&self) -> bool {
        self.0.is_through_pooler
    }

    /// The schema of all tables, if one is named.
    pub fn schema(&self) -> Option<&str> {
        self.0.schema.as_deref()
    }

    /// Whether it needs a setting that lasts for a session.
    pub fn needs_sessions(&self) -> bool {
        self.schema().is_some_and(|schema| schema != "public")
    }

    /// The names of ignored parameters.
    pub fn left_out(&self) -> &[String] {
        &self.0.left_out
    }

    /// Checks that the certificate and key files exist without which libpq refuses to connect.
    ///
    /// # Errors
    /// If a file is missing, or the server's certificate must be verified and there is no root certificate.
    pub fn check_files(&self) -> Result<(), InvalidConnectionString> {
        for (name, file) in &self.0.files {
            match file {
                Some(file) if !file.is_file() => return Err(InvalidConnectionString::NoFile(name)),
                None if !has_default_root() => return Err(InvalidConnectionString::NoRoot),
                _ => {}
            }
        }
        Ok(())
    }

    /// The parameters in libpq's `key=value` form.
    pub(crate) fn options(&self) -> &str {
        self.0.options.expose_secret()
    }

    /// The statement that sets up a new session.
    pub(crate) fn setup(&self) -> Option<String> {
        // The role's search path stays behind it, since the extensions may be there. `public` and `$user` are left out,
        // since they could hold another shop.
        self.0.schema.as_ref().map(|schema| {
            let schema = schema.replace('\'', "''");
            format!(
                "SELECT set_config('search_path', concat_ws(', ', quote_ident('{schema}'), \
                 (SELECT string_agg(part, ', ') FROM regexp_split_to_table(current_setting('search_path'), '\\s*,\\s*') part \
                 WHERE part NOT IN ('', 'public', '\"$user\"'))), false)"
            )
        })
    }

    /// Opens a connection outside the pool.
    pub(crate) fn connect(&self) -> Result<PgConnection, ConnectFailure> {
        let connect = || {
            let mut connection = PgConnection::establish(self.options())?;
            if let Some(setup) = self.setup().filter(|_| !self.is_through_pooler()) {
                connection
                    .batch_execute(&setup)
                    .map_err(ConnectionError::CouldntSetupConfiguration)?;
            }
            ConnectionResult::Ok(connection)
        };
        connect().map_err(|error| match ConnectFailure::of(&error) {
            ConnectFailure::Ended => self.classify(&error),
            failure => failure,
        })
    }

    /// Classifies a refusal with an unknown message. Connects with a user and with a database that do not exist. If the
    /// server returns the same message for one of these, the original refusal is about the user or the database.
    fn classify(&self, error: &ConnectionError) -> ConnectFailure {
        let is_about = |parameter: &str| {
            let options = format!("{} {parameter}='{UNKNOWN}'", self.options());
            match (error, PgConnection::establish(&options)) {
                (
                    ConnectionError::BadConnection(said),
                    Err(ConnectionError::BadConnection(of_unknown)),
                ) => failure::is_same(said, &of_unknown, UNKNOWN),
                _ => false,
            }
        };
        match (is_about("user"), is_about("dbname")) {
            (true, true) => ConnectFailure::NotAllowed,
            (true, false) => ConnectFailure::Credentials,
            (false, true) => ConnectFailure::Missing,
            (false, false) => ConnectFailure::Ended,
        }
    }
}

impl fmt::Debug for ConnectionString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectionString").finish_non_exhaustive()
    }
}

/// Whether libpq finds a root certificate without `sslrootcert`.
fn has_default_root() -> bool {
    let own = || Some(env::home_dir()?.join(".postgresql/root.crt"));
    env::var_os("PGSSLROOTCERT").is_some() || own().is_some_and(|file| file.is_file())
}

/// Checks the parameters with libpq. The error names the one that it refuses.
fn check(parameters: &[Parameter]) -> Result<(), InvalidConnectionString> {
    if is_taken(parameters) {
        return Ok(());
    }
    if !is_taken(&[]) {
        return Err(InvalidConnectionString::Surroundings);
    }
    let refused = parameters
        .iter()
        .find(|parameter| !is_taken(std::slice::from_ref(parameter)));
    Err(match refused {
        Some(parameter) => InvalidConnectionString::Value(parameter.name.clone()),
        None => InvalidConnectionString::Combination,
    })
}

/// Whether libpq accepts the parameters. libpq checks ports after all other parameters and before it opens a
/// connection. With an impossible port it stops there, and complains about the port only if the others are valid.
fn is_taken(parameters: &[Parameter]) -> bool {
    const IMPOSSIBLE: &str = "70000";
    let mut parameters = parameters.to_vec();
    parameters.push(Parameter::new("port", IMPOSSIBLE));
    match PgConnection::establish(&options(&parameters)) {
        Err(ConnectionError::BadConnection(said)) => said.contains("invalid port number"),
        _ => false,
    }
}

fn options(parameters: &[Parameter]) -> String {
    let option = |Parameter { name, value }: &Parameter| {
        let value = value.replace('\\', r"\\").replace('\'', r"\'");
        format!("{name}='{value}'")
    };
    parameters.iter().map(option).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
