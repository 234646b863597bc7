mod figures;
mod scripts;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

pub(crate) use self::figures::Figures;
pub(crate) use self::scripts::SEARCHED;
use self::scripts::{CATALOG, DONE, PAGES, PRODUCTS, REST};
use crate::Failure;
use crate::catalogue::Catalogue;
use crate::process::{Pages, Running, Usage};

/// A kind of request that wrk repeats.
pub(crate) struct Load {
    pub(crate) name: &'static str,
    /// The requested path, or its beginning if the script appends to it.
    pub(crate) path: String,
    /// The path of the floor that the load is compared with.
    pub(crate) floor: Option<String>,
    pub(crate) is_cached: bool,
    /// What answers the path of the floor.
    pub(crate) beside: Beside,
    /// The number of connections, if it is not that of the command line.
    pub(crate) connections: Option<u32>,
    header: Option<String>,
    script: Option<PathBuf>,
    /// A file with the search texts of the script, one a line.
    texts: Option<PathBuf>,
}

/// What a load is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    /// The program `floors`.
    Floors,
    /// The server without a request log.
    Quiet,
    /// The server itself, at another path.
    Itself,
}

/// With [`REST`], this many connections make some 50 000 requests a second, which a server answers with time to spare.
const RESTING: u32 = 80;

/// The pause before a measurement. PostgreSQL needs up to half a second for the unanswered requests of the previous one,
/// which would slow down the first requests.
const PAUSE: Duration = Duration::from_secs(1);

impl Load {
    /// A load whose requests a script makes.
    pub(crate) fn of(name: &'static str, path: String, script: &Path) -> Self {
        Self {
            name,
            path,
            floor: None,
            is_cached: false,
            beside: Beside::Floors,
            connections: None,
            header: None,
            script: Some(script.to_owned()),
            texts: None,
        }
    }

    pub(crate) fn with_texts(self, texts: &Path) -> Self {
        let texts = Some(texts.to_owned());
        Self { texts, ..self }
    }

    pub(crate) fn with_header(self, header: String) -> Self {
        let header = Some(header);
        Self { header, ..self }
    }

    /// Writes a script for wrk into the folder.
    pub(crate) fn script(folder: &Path, name: &str, text: &str) -> Result<PathBuf, Failure> {
        let file = folder.join(name);
        fs::write(&file, format!("{text}{DONE}"))?;
        Ok(file)
    }

    /// Writes the lines that a script reads.
    pub(crate) fn texts(
        folder: &Path,
        name: &str,
        lines: &[impl AsRef<str>],
    ) -> Result<PathBuf, Failure> {
        let file = folder.join(name);
        let lines: Vec<&str> = lines.iter().map(AsRef::as_ref).collect();
        fs::write(&file, lines.join("\n"))?;
        Ok(file)
    }

    pub(crate) fn all(
        pages: &Pages,
        catalogue: &Catalogue,
        folder: &Path,
    ) -> Result<Vec<Self>, Failure> {
        let write = |name: &str, text: &str| -> Result<PathBuf, Failure> {
            let file = folder.join(name);
            fs::write(&file, text)?;
            Ok(file)
        };
        write("slugs", &catalogue.slugs.join("\n"))?;
        let done = write("done.lua", DONE)?;
        let rest = write("rest.lua", &format!("{REST}{DONE}"))?;
        let products = write("products.lua", &format!("{PRODUCTS}{DONE}"))?;
        let pages_of_list = write("pages.lua", &format!("{PAGES}{DONE}"))?;
        let cached = |name, path: &str, floor: &str| Self {
            name,
            path: path.to_owned(),
            floor: Some(floor.to_owned()),
            is_cached: true,
            beside: Beside::Floors,
            connections: None,
            header: None,
            script: Some(done.clone()),
            texts: None,
        };
        let uncached = |name, path: &str, floor: Option<&str>, script: &PathBuf| Self {
            name,
            path: path.to_owned(),
            floor: floor.map(str::to_owned),
            is_cached: false,
            beside: Beside::Floors,
            connections: None,
            header: None,
            script: Some(script.clone()),
            texts: None,
        };
        let with_request_log = |name| Self {
            beside: Beside::Quiet,
            ..cached(name, &pages.product, &pages.product)
        };
        let mut loads = vec![
            cached("cached list of 20", &pages.list, "/constant/list"),
            cached("cached product", &pages.product, "/constant/product"),
            Self {
                header: Some(format!("If-None-Match: {}", pages.product_tag)),
                ..cached("304", &pages.product, "/empty")
            },
            with_request_log("request log, cached product"),
            Self {
                connections: Some(RESTING),
                script: Some(rest),
                ..with_request_log("request log at 50 000 requests a second, cached product")
            },
        ];
        // With fewer products, most answers would soon come from the cache.
        if catalogue.slugs.len() >= 100_000 {
            let floor = Some("/block/products?offset=");
            let path = "/api/products?offset=";
            loads.push(uncached("uncached list of 20", path, floor, &pages_of_list));
            loads.push(uncached(
                "uncached product",
                "/api/products/",
                Some("/block/products/"),
                &products,
            ));
            let catalog = Self::script(folder, "catalog.lua", CATALOG)?;
            let search = Self {
                floor: Some("/api/products/search?limit=20&".into()),
                beside: Beside::Itself,
                connections: Some(8),
                ..Self::of(
                    "uncached search of the UCP, beside that of the API",
                    "/ucp/catalog/search".into(),
                    &catalog,
                )
            };
            loads.push(search.with_texts(&Self::texts(folder, "searched", SEARCHED)?));
        }
        Ok(loads)
    }

    pub(crate) fn run(
        &self,
        process: &Running,
        path: &str,
        connections: u32,
        seconds: u32,
    ) -> Result<Figures, Failure> {
        static RUNS: AtomicU32 = AtomicU32::new(0);
        thread::sleep(PAUSE);
        let url = format!("http://127.0.0.1:{}{}", process.port, path);
        let mut wrk = Command::new("wrk");
        wrk.args(["--latency", "--timeout", "5s"])
            .arg(format!("--threads={}", connections.min(2)))
            .arg(format!("--connections={connections}"))
            .arg(format!("--duration={seconds}s"))
            .env("FIRST", RUNS.fetch_add(1, Ordering::Relaxed).to_string());
        if let Some(script) = &self.script {
            wrk.arg("--script").arg(script);
            wrk.env("SLUGS", script.with_file_name("slugs"));
        }
        if let Some(texts) = &self.texts {
            wrk.env("TEXTS", texts);
        }
        if let Some(header) = &self.header {
            wrk.args(["--header", header]);
        }
        let before = Usage::processor_time(process)?;
        let output = wrk.arg(url).output()?;
        let used = Usage::processor_time(process)? - before;
        let said = String::from_utf8(output.stdout)?;
        if said.contains("Non-2xx") || said.contains("Socket errors") {
            return Err(format!("{} {connections}: {said}", self.name).into());
        }
        Figures::of(&said, used, self.name)
    }
}
