use std::fmt;
use std::time::Duration;

#[cfg(doc)]
use eggypro_persistence::DatabaseSettings;
use eggypro_persistence::{ConnectionString, InvalidConnectionString};

use super::reader::{self, Reader};

/// Addresses of PostgreSQL, and how to use it.
#[derive(Debug)]
pub(crate) struct DatabaseEnvironment {
    /// `POSTGRES_URL`, else `DATABASE_URL`; none outside production, where a private PostgreSQL is started.
    pub(crate) url: Option<Address>,
    /// `POSTGRES_POOL_SIZE`; as [`DatabaseSettings`] has it.
    pub(crate) pool_size: Option<u32>,
    /// `POSTGRES_LISTEN_URL`, else one of [`DIRECT`]; `POSTGRES_URL`.
    pub(crate) listen_url: Option<Address>,
    /// `POSTGRES_READ_URL`; none.
    pub(crate) read_urls: Vec<Address>,
    /// `READ_MAX_LAG_MS`; 1000.
    pub(crate) read_max_lag: Duration,
    /// `POSTGRES_PREPARED_STATEMENTS`; true unless the connection string contains `pgbouncer=true`. A pooler that gives
    /// each transaction another session supports neither prepared statements nor a session's settings.
    pub(crate) has_sessions: bool,
    /// `MIGRATION_URL`, else one of [`DIRECT`]; `POSTGRES_URL`.
    pub(crate) migration_url: Option<Address>,
    /// `MIGRATE_ON_START`; true outside production.
    pub(crate) migrate_on_start: bool,
}

/// A connection string, and the variable that holds it.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) variable: &'static str,
    pub(crate) connection: ConnectionString,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.variable)
    }
}

/// Variables of providers for a direct connection, without a pooler: Vercel and Supabase, Neon.
const DIRECT: [&str; 2] = ["POSTGRES_URL_NON_POOLING", "DATABASE_URL_UNPOOLED"];

pub(super) fn read(reader: &mut Reader, is_production: bool) -> DatabaseEnvironment {
    let name = reader.first_set(["POSTGRES_URL", "DATABASE_URL"]);
    let url = address(reader, name);
    let prepared = reader.parsed("POSTGRES_PREPARED_STATEMENTS", reader::boolean);
    let is_through_pooler = url
        .as_ref()
        .is_some_and(|url| url.connection.is_through_pooler());
    let has_sessions = prepared.unwrap_or(!is_through_pooler);
    let [listen, migration] = ["POSTGRES_LISTEN_URL", "MIGRATION_URL"]
        .map(|name| reader.first_set([name, DIRECT[0], DIRECT[1]]));
    if !has_sessions && url.is_some() {
        // Through such a pooler, notifications never arrive and locks are not held, without any error.
        reader.require(listen);
        reader.require(migration);
    }
    if is_production {
        reader.require(name);
    }
    let listen_url = address(reader, listen);
    // Otherwise one mistake would be reported twice.
    let migration_url = if migration == listen {
        listen_url.clone()
    } else {
        address(reader, migration)
    };
    if !has_sessions
        && url
            .as_ref()
            .is_some_and(|url| url.connection.needs_sessions())
    {
        let problem = "names a schema other than public, which is not kept without sessions: set the role's search_path";
        reader.problem(name, problem);
    }
    // If a private PostgreSQL is started, these addresses belong to another database.
    let is_named = url.is_some();
    DatabaseEnvironment {
        url,
        pool_size: reader.parsed("POSTGRES_POOL_SIZE", reader::pool_size),
        listen_url: listen_url.filter(|_| is_named),
        read_urls: read_replicas(reader),
        read_max_lag: reader
            .parsed("READ_MAX_LAG_MS", reader::short_time)
            .unwrap_or(Duration::from_secs(1)),
        has_sessions,
        migration_url: migration_url.filter(|_| is_named),
        migrate_on_start: reader
            .parsed("MIGRATE_ON_START", reader::boolean)
            .unwrap_or(!is_production),
    }
}

fn address(reader: &mut Reader, variable: &'static str) -> Option<Address> {
    let connection: ConnectionString = reader.parsed(variable, usable)?;
    let address = Address {
        variable,
        connection,
    };
    address.explain(reader);
    Some(address)
}

fn read_replicas(reader: &mut Reader) -> Vec<Address> {
    const NAME: &str = "POSTGRES_READ_URL";
    let read = |text: &str| reader::list(text, usable);
    let connections = reader.parsed(NAME, read).unwrap_or_default();
    let addresses: Vec<_> = connections
        .into_iter()
        .map(|connection| Address {
            variable: NAME,
            connection,
        })
        .collect();
    for address in &addresses {
        address.explain(reader);
    }
    addresses
}

impl Address {
    /// Adds a remark that names the parameters without meaning here.
    fn explain(&self, reader: &mut Reader) {
        let left_out = self.connection.left_out();
        if !left_out.is_empty() {
            let names = left_out.join(", ");
            reader.remark(format!(
                "{}: left out what means nothing here: {names}",
                self.variable
            ));
        }
    }
}

fn usable(text: &str) -> Result<ConnectionString, InvalidConnectionString> {
    let address: ConnectionString = text.parse()?;
    address.check_files()?;
    Ok(address)
}
