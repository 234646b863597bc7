//! The measured servers, each with a database of its own on a private PostgreSQL.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use eggypro_embedded_postgres::{Postgres, Settings};
use eggypro_persistence::{migrations, seed};

use crate::Failure;

pub(crate) const SECRET: &str = "the-admin-secret-of-the-measured-server";

/// A private PostgreSQL in a folder that is removed with it.
pub(crate) struct Database {
    postgres: Option<Postgres>,
    folder: PathBuf,
}

/// A server with generated products, killed on drop.
pub(crate) struct Shop {
    server: Child,
    pub(crate) port: u16,
}

impl Database {
    pub(crate) fn start() -> Result<Self, Failure> {
        let folder = env::temp_dir().join(format!("eggypro-bench-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let settings = Settings::new(folder.join("postgres")).not_durable();
        Ok(Self {
            postgres: Some(Postgres::start(&settings)?),
            folder,
        })
    }

    /// Creates a database of this name and returns its URL.
    fn create(&self, name: &str) -> Result<String, Failure> {
        let postgres = self.postgres.as_ref().ok_or("PostgreSQL has ended")?.url();
        let create = format!("CREATE DATABASE {name}");
        PgConnection::establish(&postgres)?.batch_execute(&create)?;
        let (address, query) = postgres.split_once('?').unwrap_or((&postgres, ""));
        let (host, _) = address
            .rsplit_once('/')
            .ok_or("an address without a database")?;
        Ok(format!("{host}/{name}?{query}"))
    }
}

impl Shop {
    /// Starts the server that was built beside this program, with this number of products.
    pub(crate) fn start(database: &Database, products: u32) -> Result<Self, Failure> {
        let url = database.create(&format!("desk_{products}"))?;
        let address = url.parse()?;
        migrations::run(&address)?;
        seed::generate(&address, products, |_| ())?;
        let mut server = Command::new(env::current_exe()?.with_file_name("eggypro"))
            .env("POSTGRES_URL", &url)
            .env("PORT", "0")
            .env(
                "EGGYPRO_DATA_DIR",
                database.folder.join(products.to_string()),
            )
            .env("ADMIN_SECRET_KEY", SECRET)
            .env("JWT_SECRET", SECRET)
            .env("ENABLE_API_METRICS", "false")
            .env("RATE_LIMIT_MAX_REQUESTS", "1000000000000")
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()?;
        let said = server.stdout.take().ok_or("the server says nothing")?;
        let mut shop = Self { server, port: 0 };
        let first = BufReader::new(said).lines().next();
        let first = first.ok_or("the server did not start")??;
        let port = first.rsplit(':').next();
        shop.port = port.ok_or("the server has no port")?.parse()?;
        Ok(shop)
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        // The data are thrown away, so the process need not stop cleanly.
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        drop(self.postgres.take());
        drop(fs::remove_dir_all(&self.folder));
    }
}
