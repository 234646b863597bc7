//! Where PostgreSQL is, as people and providers write it.

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

/// A connection string that was read and checked: a URL such as `postgresql://user@host/database`, or libpq's
/// `key=value` form ([Connection Strings](https://www.postgresql.org/docs/current/libpq-connect.html)).
///
/// What providers and other clients write into theirs is understood: `pgbouncer=true`, `schema=shop`,
/// `sslmode=no-verify`, `ssl=true`, `sslrootcert=system` with any libpq. libpq never sees the text itself, whose parts
/// it would quote in its messages, but the parameters that were read.
#[derive(Clone)]
pub struct ConnectionString(Arc<Parts>);

struct Parts {
    /// For libpq, each value in quotes.
    options: SecretString,
    /// What comes first in the search path.
    schema: Option<String>,
    is_through_pooler: bool,
    left_out: Vec<String>,
    files: Vec<(&'static str, Option<PathBuf>)>,
}

/// What is wrong with a connection string, to be read after the name of its variable. It holds no piece of a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidConnectionString {
    /// It is neither a URL nor of the other form.
    #[error(
        "must be a connection string such as postgresql://user@host/database, without quotes around it"
    )]
    Form,
    /// It is written for another language's client.
    #[error(
        "must be written as postgresql://user@host/database, not in the form of another client (such as jdbc:)"
    )]
    Foreign,
    /// A line break, a tab or the like.
    #[error("holds a line break or another control character")]
    ControlCharacter,
    /// A `%` that begins no escape.
    #[error("holds a % that is not followed by two hexadecimal digits: write % as %25")]
    Percent,
    /// An `@` too many.
    #[error("holds an @ that belongs to the user, password or database: write it as %40")]
    AtSign,
    /// A `/` where the user and password are.
    #[error("holds a / that belongs to the user or password: write it as %2F")]
    Slash,
    /// A bracket without its counterpart.
    #[error("has a host in brackets that is not an IPv6 address in brackets")]
    Brackets,
    /// A port that is none.
    #[error(
        "has a port that is not a number from 1 to 65535; write a / : or @ of the user or password as %2F, %3A or %40, \
         and an IPv6 address in brackets"
    )]
    Port,
    /// A blank where the host is.
    #[error("has a blank in its host")]
    Blank,
    /// A parameter without `=`, or a quote that is not closed.
    #[error("has a parameter without a value, or a quote that is not closed")]
    Unfinished,
    /// A parameter that nobody knows, with its name where that can't be a piece of a secret.
    #[error("has {}, which is not known", match .0 { Some(name) => format!("the parameter {name}"), None => "a parameter".to_owned() })]
    Unknown(Option<String>),
    /// A value that its parameter can't have.
    #[error("has a value of {0} that can't be used")]
    Value(String),
    /// Values that don't go together.
    #[error("has parameters that can't be used together")]
    Combination,
    /// The fault is not its own.
    #[error(
        "stands beside a variable of libpq (PGSSLMODE and others that begin with PG) whose value can't be used"
    )]
    Surroundings,
    /// Certificates of this machine are asked for, but not that they are used.
    #[error("has sslrootcert=system, which takes sslmode=verify-full or no sslmode")]
    WeakMode,
    /// There are no such certificates.
    #[error(
        "asks for this machine's certificates, and there are none: install ca-certificates or set SSL_CERT_FILE"
    )]
    NoCertificates,
    /// A file that is not there.
    #[error("names a file in {0} that is not there or can't be read")]
    NoFile(&'static str),
    /// No authority to check the server's certificate by.
    #[error(
        "has sslmode=verify-ca or verify-full and no sslrootcert: set sslrootcert=system for this machine's certificates, or name \
         the provider's file"
    )]
    NoRoot,
    /// What can't be set through a pooler.
    #[error(
        "has pgbouncer=true and a schema other than public: set the role's search_path instead"
    )]
    SchemaThroughPooler,
}

/// What libpq would otherwise wait for without end, among others.
const DEFAULTS: [(&str, &str); 7] = [
    ("connect_timeout", "2"),
    ("keepalives_idle", "15"),
    ("keepalives_interval", "5"),
    ("keepalives_count", "3"),
    // Keepalives rest while data wait for an acknowledgement, as they do when a host is gone.
    ("tcp_user_timeout", "10000"),
    // A process that ends while libpq talks to Kerberos can be aborted in there.
    ("gssencmode", "disable"),
    ("application_name", "eggypro"),
];

/// A user and a database that no server has.
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
    /// Whether it says that there is a pooler which gives each transaction another session (`pgbouncer=true`).
    pub fn is_through_pooler(&self) -> bool {
        self.0.is_through_pooler
    }

    /// The schema that it names, in which all tables are.
    pub fn schema(&self) -> Option<&str> {
        self.0.schema.as_deref()
    }

    /// Whether it asks for something that is kept for a session alone.
    pub fn needs_sessions(&self) -> bool {
        self.schema().is_some_and(|schema| schema != "public")
    }

    /// The names of its parameters that mean nothing here and were left out.
    pub fn left_out(&self) -> &[String] {
        &self.0.left_out
    }

    /// Checks that the certificates and keys are there, which libpq opens when it connects.
    ///
    /// # Errors
    /// If a file is missing, or nothing says by which authority the server's certificate is verified.
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

    /// As libpq takes it.
    pub(crate) fn options(&self) -> &str {
        self.0.options.expose_secret()
    }

    /// What sets a new session up.
    pub(crate) fn setup(&self) -> Option<String> {
        // Before what the role has, which may be where the extensions are, but without what could hold another shop.
        self.0.schema.as_ref().map(|schema| {
            let schema = schema.replace('\'', "''");
            format!(
                "SELECT set_config('search_path', concat_ws(', ', quote_ident('{schema}'), \
                 (SELECT string_agg(part, ', ') FROM regexp_split_to_table(current_setting('search_path'), '\\s*,\\s*') part \
                 WHERE part NOT IN ('', 'public', '\"$user\"'))), false)"
            )
        })
    }

    /// A connection beside the pool.
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
            ConnectFailure::Ended => self.learn(&error),
            failure => failure,
        })
    }

    /// Why the server refuses in words that are not known: it is asked for a user and for a database that it certainly lacks,
    /// and where it says the same of these, it is the user or the database that it refuses.
    fn learn(&self, error: &ConnectionError) -> ConnectFailure {
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

/// Whether libpq finds a root certificate that no connection string names.
fn has_default_root() -> bool {
    let own = || Some(env::home_dir()?.join(".postgresql/root.crt"));
    env::var_os("PGSSLROOTCERT").is_some() || own().is_some_and(|file| file.is_file())
}

/// Asks libpq whether it takes these parameters, and which it does not.
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

/// libpq looks at all parameters before it looks at ports, and at those before it opens anything. So with an impossible
/// port it gets no further, and what it says tells whether the others are right.
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
