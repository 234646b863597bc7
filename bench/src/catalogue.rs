use std::fs;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use eggypro_embedded_postgres::{Postgres, Settings};
use eggypro_persistence::{migrations, seed};

use crate::Failure;

/// A private PostgreSQL that holds generated catalogues.
pub(crate) struct Catalogues {
    postgres: Postgres,
}

/// One generated catalogue, in a database of its own.
pub(crate) struct Catalogue {
    pub(crate) url: String,
    /// The slugs of all products, shuffled but in the same order on each run.
    pub(crate) slugs: Vec<String>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    slug: String,
}

impl Catalogues {
    pub(crate) fn start(folder: &Path) -> Result<Self, Failure> {
        let settings = Settings::new(folder.join("postgres")).not_durable();
        Ok(Self {
            postgres: Postgres::start(&settings)?,
        })
    }

    /// The process id of the postmaster.
    pub(crate) fn process(&self, folder: &Path) -> Result<u32, Failure> {
        let lock = fs::read_to_string(folder.join("postgres/data/postmaster.pid"))?;
        Ok(lock.lines().next().unwrap_or_default().parse()?)
    }

    /// Creates an empty database and returns its URL.
    pub(crate) fn empty(&self, name: &str) -> Result<String, Failure> {
        let postgres = self.postgres.url();
        PgConnection::establish(&postgres)?.batch_execute(&format!("CREATE DATABASE {name}"))?;
        Ok(in_database(&postgres, name))
    }

    /// Creates a copy of a database and returns its URL.
    pub(crate) fn copy_of(&self, template: &str, name: &str) -> Result<String, Failure> {
        let postgres = self.postgres.url();
        let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
        PgConnection::establish(&postgres)?.batch_execute(&create)?;
        Ok(in_database(&postgres, name))
    }

    /// Creates a database with this number of generated products.
    pub(crate) fn with(&self, products: u32) -> Result<Catalogue, Failure> {
        let url = self.empty(&format!("bench_{products}"))?;
        let address = url.parse()?;
        migrations::run(&address)?;
        seed::generate(&address, products, |_| ())?;
        let mut connection = PgConnection::establish(&url)?;
        let rows: Vec<Row> =
            diesel::sql_query("SELECT slug::text FROM products ORDER BY md5(slug)")
                .load(&mut connection)?;
        let slugs = rows.into_iter().map(|row| row.slug).collect();
        Ok(Catalogue { url, slugs })
    }
}

impl Catalogue {
    /// Invalidates the cached products of every server, as a write does.
    pub(crate) fn forget(&self) -> Result<(), Failure> {
        let mut connection = PgConnection::establish(&self.url)?;
        connection.batch_execute(
            "SELECT pg_notify('eggypro_changes', gen_random_uuid()::text || ' products every-product')",
        )?;
        Ok(())
    }
}

/// Replaces the database of a connection URL.
fn in_database(url: &str, name: &str) -> String {
    let (address, query) = url
        .split_once('?')
        .map_or((url, ""), |(address, query)| (address, query));
    let host = address
        .rfind('/')
        .map_or(address, |slash| &address[..slash]);
    format!("{host}/{name}?{query}")
}
