//! The measured server, on a durable, private PostgreSQL.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use eggypro_embedded_postgres::{Postgres, Settings};
use eggypro_persistence::{migrations, seed};

use crate::Failure;

const SECRET: &str = "the-admin-secret-of-the-measured-server";

/// The number of products.
const PRODUCTS: u32 = 1_000;

pub(crate) struct Shop {
    /// The address of the database.
    pub(crate) url: String,
    pub(crate) slugs: Arc<Vec<String>>,
    server: Child,
    port: u16,
    postgres: Option<Postgres>,
    folder: PathBuf,
}

impl Shop {
    /// Starts the server that was built beside this program.
    pub(crate) fn start() -> Result<Self, Failure> {
        let folder = env::temp_dir().join(format!("eggypro-bench-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let postgres = Postgres::start(&Settings::new(folder.join("postgres")))?;
        let url = postgres.url();
        let address = url.parse()?;
        migrations::run(&address)?;
        seed::generate(&address, PRODUCTS, |_| ())?;
        let (server, port) = serve(&url, &folder)?;
        Ok(Self {
            url,
            slugs: Arc::new(seed::slugs(PRODUCTS).collect()),
            server,
            port,
            postgres: Some(postgres),
            folder,
        })
    }

    /// Creates a webhook for changes of products, and returns its path.
    pub(crate) fn create_webhook(&self, url: &str) -> Result<String, Failure> {
        let body = format!("{{\"url\":\"{url}\",\"types\":[\"product.updated\"]}}");
        let answer = self.call("POST", "/api/webhooks", &body)?;
        let head = answer.to_ascii_lowercase();
        let mut lines = head.lines();
        let path = lines.find_map(|line| line.strip_prefix("location: "));
        Ok(path
            .ok_or("a webhook without an address")?
            .trim()
            .to_owned())
    }

    /// Switches the webhook at this path on or off.
    pub(crate) fn switch(&self, webhook: &str, is_active: bool) -> Result<(), Failure> {
        let body = format!("{{\"is_active\":{is_active}}}");
        self.call("PATCH", webhook, &body).map(drop)
    }

    /// Changes the price of a product.
    pub(crate) fn patch(&self, number: usize, price: usize) -> Result<(), Failure> {
        let slug = &self.slugs[number % self.slugs.len()];
        let path = format!("/api/products/{slug}");
        let body = format!("{{\"price\":{price}.{:02}}}", number % 100);
        self.call("PATCH", &path, &body).map(drop)
    }

    /// Makes a request as the administrator, and returns the whole answer.
    fn call(&self, method: &str, path: &str, body: &str) -> Result<String, Failure> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\nAuthorization: Bearer {SECRET}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        match answer.starts_with("HTTP/1.1 20") {
            true => Ok(answer),
            false => Err(answer.into()),
        }
    }
}

/// Starts the server. Returns its port as well.
fn serve(database: &str, folder: &Path) -> Result<(Child, u16), Failure> {
    let this = env::current_exe()?;
    let mut server = Command::new(this.with_file_name("eggypro"))
        .env("POSTGRES_URL", database)
        .env("PORT", "0")
        .env("EGGYPRO_DATA_DIR", folder.join("data"))
        .env("RATE_LIMIT_MAX_REQUESTS", "1000000000000")
        .env("ADMIN_SECRET_KEY", SECRET)
        .env("ENABLE_API_METRICS", "false")
        .env("WEBHOOK_ALLOW_PRIVATE", "true")
        .env("RUST_LOG", "warn")
        .stdout(Stdio::piped())
        .spawn()?;
    let said = server.stdout.take().ok_or("the server says nothing")?;
    let first = BufReader::new(said).lines().next();
    let first = first.ok_or("the server did not start")??;
    let port = first.rsplit(':').next();
    Ok((server, port.ok_or("the server has no port")?.parse()?))
}

impl Drop for Shop {
    fn drop(&mut self) {
        // The data are thrown away, so the process need not stop cleanly.
        drop(self.server.kill());
        drop(self.server.wait());
        drop(self.postgres.take());
        drop(fs::remove_dir_all(&self.folder));
    }
}
