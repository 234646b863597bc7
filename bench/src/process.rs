use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::iter;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::Failure;
use crate::catalogue::Catalogue;

/// The secret of the measured server's administrator.
pub(crate) const ADMIN_SECRET: &str = "the-admin-secret-of-the-measured-server";

/// What wrk reads at once, in bytes.
const PIECE: usize = 8_192;

/// How long the head of a floor's answer is.
const FLOOR_HEAD: usize = 110;

/// A process that answers requests, until it is dropped.
pub(crate) struct Running {
    child: Child,
    pub(crate) port: u16,
}

/// What the server answers, so that the floors answer as much.
pub(crate) struct Pages {
    pub(crate) product: String,
    pub(crate) product_tag: String,
    pub(crate) product_bytes: usize,
    pub(crate) list: String,
    pub(crate) list_bytes: usize,
}

impl Running {
    /// The server as it is, but for limits that a measurement would reach at once, and with as many connections as
    /// there are cores, as the README advises where PostgreSQL runs on the same machine.
    pub(crate) fn server(
        database: &str,
        folder: &Path,
        takes_notes: bool,
    ) -> Result<Self, Failure> {
        let this = sibling("eggypro")?;
        Self::build(&this, database, &folder.join("data"), takes_notes)
    }

    /// Another build of the server, in the same way.
    pub(crate) fn build(
        binary: &Path,
        database: &str,
        data: &Path,
        takes_notes: bool,
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
            .env("ENABLE_API_METRICS", takes_notes.to_string())
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

    /// What bounds it.
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

    /// Asks for the pages that are measured.
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

    /// The first page of the list that wrk reads in as many pieces as a floor's answer of that length. Where the longer
    /// head makes it one more, both floor and server lose a tenth, and what is compared is wrk.
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

    /// The head of an answer and the length of its body.
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
        // It holds nothing that would have to be saved.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A program that was built beside this one.
pub(crate) fn sibling(name: &str) -> Result<std::path::PathBuf, Failure> {
    let this = env::current_exe()?;
    Ok(this
        .parent()
        .ok_or("a program without a folder")?
        .join(name))
}

/// What a process has used, as Linux counts it.
pub(crate) struct Usage;

impl Usage {
    /// Time on processors since the start, in microseconds.
    pub(crate) fn processor_time(process: &Running) -> Result<u64, Failure> {
        Self::ticks(process.child.id(), 2)
    }

    /// The same of a process and its children, also of those that have ended.
    pub(crate) fn of_all_under(parent: u32) -> Result<u64, Failure> {
        let mut all = Self::ticks(parent, 4)?;
        for entry in fs::read_dir("/proc")? {
            let name = entry?.file_name();
            let Some(pid) = name.to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            // One that has ended meanwhile is counted with its parent the next time.
            let is_child = Self::stat(pid)
                .is_ok_and(|stat| stat.get(1).is_some_and(|of| *of == parent.to_string()));
            if is_child {
                all += Self::ticks(pid, 2).unwrap_or(0);
            }
        }
        Ok(all)
    }

    /// What Linux tells of a process behind its name: its state, its parent and so on.
    fn stat(pid: u32) -> Result<Vec<String>, Failure> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let behind_name = stat.rsplit(") ").next().ok_or("a line without a name")?;
        Ok(behind_name.split(' ').map(str::to_owned).collect())
    }

    /// Time as user and in the system, and after those the same of children that have ended, in microseconds.
    fn ticks(pid: u32, fields: usize) -> Result<u64, Failure> {
        let stat = Self::stat(pid)?;
        let ticks = stat
            .iter()
            .skip(11)
            .take(fields)
            .map(|ticks| ticks.parse::<u64>());
        // A hundred ticks a second, on every machine that Linux counts them on for programs.
        Ok(ticks.sum::<Result<u64, _>>()? * 10_000)
    }

    /// The most memory it ever had, in bytes.
    pub(crate) fn peak_memory(process: &Running) -> Result<u64, Failure> {
        let status = fs::read_to_string(format!("/proc/{}/status", process.child.id()))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.and_then(|peak| peak.split_whitespace().next());
        Ok(kilobytes.ok_or("no peak of memory")?.parse::<u64>()? * 1024)
    }
}
