mod usage;

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::iter;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

pub(crate) use self::usage::Usage;
use crate::Failure;
use crate::catalogue::Catalogue;

/// The administrator's secret of the measured server.
pub(crate) const ADMIN_SECRET: &str = "the-admin-secret-of-the-measured-server";

/// The size of wrk's reads, in bytes.
const PIECE: usize = 8_192;

/// The size of the head of a floor's answer, in bytes.
const FLOOR_HEAD: usize = 110;

/// A server process, killed on drop.
pub(crate) struct Running {
    child: Child,
    pub(crate) port: u16,
}

/// The measured pages and their sizes, so that the floors send as many bytes.
pub(crate) struct Pages {
    pub(crate) product: String,
    pub(crate) product_tag: String,
    pub(crate) product_bytes: usize,
    pub(crate) list: String,
    pub(crate) list_bytes: usize,
}

impl Running {
    /// Starts this build of the server. The rate limit is lifted, as a measurement would reach it at once. By default it
    /// has as many database connections as there are cores, because PostgreSQL runs on the same machine.
    pub(crate) fn server(
        database: &str,
        folder: &Path,
        records_requests: bool,
    ) -> Result<Self, Failure> {
        let this = sibling("eggypro")?;
        Self::build(&this, database, &folder.join("data"), records_requests)
    }

    /// Starts another build of the server with the same settings.
    pub(crate) fn build(
        binary: &Path,
        database: &str,
        data: &Path,
        records_requests: bool,
    ) -> Result<Self, Failure> {
        let connections = env::var("POSTGRES_POOL_SIZE")
            .or_else(|_| Ok::<_, Failure>(thread::available_parallelism()?.to_string()))?;
        let child = Command::new(binary)
            .env("POSTGRES_URL", database)
            .env("POSTGRES_POOL_SIZE", connections)
            .env("PORT", "0")
            .env("EGGYPRO_DATA_DIR", data)
            .env("RATE_LIMIT_MAX_REQUESTS", "1000000000000")
            .env("ADMIN_SECRET_KEY", ADMIN_SECRET)
            .env("ENABLE_API_METRICS", records_requests.to_string())
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()?;
        let mut server = Self { child, port: 0 };
        let said = server
            .child
            .stdout
            .take()
            .ok_or("the server says nothing")?;
        let first = BufReader::new(said)
            .lines()
            .next()
            .ok_or("the server did not start")??;
        let port = first
            .rsplit(':')
            .next()
            .ok_or("the server does not say where it listens")?;
        server.port = port.parse()?;
        Ok(server)
    }

    /// Starts the program `floors`.
    pub(crate) fn floors(database: &str, list: usize, product: usize) -> Result<Self, Failure> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let child = Command::new(sibling("floors")?)
            .args([
                &port.to_string(),
                database,
                &list.to_string(),
                &product.to_string(),
            ])
            .spawn()?;
        let floors = Self { child, port };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if started.elapsed() > Duration::from_secs(10) {
                return Err("the floors did not start".into());
            }
        }
        Ok(floors)
    }

    /// Requests the pages that are to be measured.
    pub(crate) fn pages(&self, catalogue: &Catalogue) -> Result<Pages, Failure> {
        let slug = catalogue.slugs.first().ok_or("an empty catalogue")?;
        let product = format!("/api/products/{slug}");
        let (head, product_bytes) = self.get(&product)?;
        let tag = head.lines().find_map(|line| line.strip_prefix("etag: "));
        let (list, list_bytes) = self.list()?;
        Ok(Pages {
            product_tag: tag.ok_or("a product without an ETag")?.to_owned(),
            product,
            product_bytes,
            list,
            list_bytes,
        })
    }

    /// The first page of the list that wrk reads in as many pieces as a floor's answer of that size. If the longer head
    /// of the server's answer needs one more piece, both lose a tenth, and the ratio measures wrk.
    fn list(&self) -> Result<(String, usize), Failure> {
        let further = (20..10_000).step_by(20);
        let further = further.map(|offset| format!("/api/products?offset={offset}"));
        for list in iter::once("/api/products".to_owned()).chain(further) {
            let (head, bytes) = self.get(&list)?;
            let pieces = |head: usize| (head + bytes).div_ceil(PIECE);
            if pieces(head.len()) == pieces(FLOOR_HEAD) {
                return Ok((list, bytes));
            }
        }
        Err("no list of a good length".into())
    }

    /// Sets the stock of a product.
    pub(crate) fn patch(&self, path: &str, stock: u32) -> Result<(), Failure> {
        let body = format!("{{\"stock_quantity\": {stock}}}");
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        write!(
            stream,
            "PATCH {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\nAuthorization: Bearer {ADMIN_SECRET}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        match answer.strip_prefix("HTTP/1.1 200") {
            Some(_) => Ok(()),
            None => Err(answer.into()),
        }
    }

    /// The head of an answer, in lower case, and the length of its body.
    fn get(&self, path: &str) -> Result<(String, usize), Failure> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("half an answer")?;
        Ok((head.to_ascii_lowercase(), body.len()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The data are thrown away, so the process need not stop cleanly.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The path of a program that was built beside this one.
pub(crate) fn sibling(name: &str) -> Result<std::path::PathBuf, Failure> {
    let this = env::current_exe()?;
    Ok(this
        .parent()
        .ok_or("a program without a folder")?
        .join(name))
}
