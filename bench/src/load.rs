use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

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
    /// Whether the floor is the same server without a request log, and not the program `floors`.
    pub(crate) compares_request_log: bool,
    /// The number of connections, if it is not that of the command line.
    pub(crate) connections: Option<u32>,
    header: Option<String>,
    script: Option<PathBuf>,
    /// A file with the search texts of the script, one a line.
    texts: Option<PathBuf>,
}

/// The result of one run of wrk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    pub(crate) requests_a_second: f64,
    /// The mean latency, in milliseconds, like the percentiles.
    pub(crate) mean: f64,
    pub(crate) p50: f64,
    pub(crate) p95: f64,
    pub(crate) p99: f64,
    /// Processor time of the answering process for each request, in microseconds.
    pub(crate) processor: f64,
}

/// Prints the figures that wrk does not print by itself, or not in full precision.
const DONE: &str = r#"
function done(summary, latency)
  io.write(string.format("mean %.2fus\np95 %.2fus\n", latency.mean, latency:percentile(95)))
end
"#;

/// Delays each connection for a millisecond before its next request.
const REST: &str = r#"
function delay() return 1 end
"#;

/// With [`REST`], this many connections make some 50 000 requests a second, which a server answers with time to spare.
const RESTING: u32 = 80;

/// The pause before a measurement. PostgreSQL needs up to half a second for the unanswered requests of the previous one,
/// which would slow down the first requests.
const PAUSE: Duration = Duration::from_secs(1);

/// Requests a different product each time.
const PRODUCTS: &str = r#"
local slugs, at = {}, 0
for line in io.lines(os.getenv("SLUGS")) do slugs[#slugs + 1] = line end
local threads = 0
function setup(thread) thread:set("number", threads); threads = threads + 1 end
function init() at = (tonumber(os.getenv("FIRST")) * 20011 + number * math.floor(#slugs / 2)) % #slugs end
function request() at = at % #slugs + 1; return wrk.format("GET", wrk.path .. slugs[at]) end
"#;

/// Requests a different one of 9 973 pages each time; the cache holds a few hundred of them. Near and far pages
/// alternate. If a far page takes longer to reach and the distance grew during a run, the percentiles would only show
/// that.
const PAGES: &str = r#"
local at, threads = 0, 0
function setup(thread) thread:set("number", threads); threads = threads + 1 end
function init() at = tonumber(os.getenv("FIRST")) * 3331 + number * 5000 end
function request() at = at + 1; return wrk.format("GET", wrk.path .. at * 3701 % 9973) end
"#;

/// Search texts: single words and several, common and rare, from names and descriptions, unfinished and misspelt ones.
pub(crate) const SEARCHED: &[&str] = &[
    "protein",
    "vanilla",
    "egg",
    "bar",
    "milk",
    "vanilla protein",
    "chocolate bar",
    "egg white crisps",
    "zero sugar mint granola",
    "organic hazelnut protein powder",
    "bar powder",
    "everyday coffee isolate",
    "gourmet 4711",
    "31337",
    "breakfast",
    "lactose",
    "whips like fresh eggs",
    "family sampler box",
    "prot",
    "van",
    "peanut butter cook",
    "sea salt cris",
    "vanila protien",
    "choclate baking mix",
    "stawberry granolla",
    "creme brulee",
    "xylophone",
    "liquid egg whites travel",
    "jalapeno",
    "maple cookies",
    "the best of the desk",
    "sport lemon shots",
];

impl Load {
    /// A load whose requests a script makes.
    pub(crate) fn of(name: &'static str, path: String, script: &Path) -> Self {
        Self {
            name,
            path,
            floor: None,
            is_cached: false,
            compares_request_log: false,
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
            compares_request_log: false,
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
            compares_request_log: false,
            connections: None,
            header: None,
            script: Some(script.clone()),
            texts: None,
        };
        let with_request_log = |name| Self {
            compares_request_log: true,
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
        let number = |name| field(&said, name).and_then(|text| text.parse::<f64>().ok());
        let requests = said.lines().find(|line| line.contains(" requests in "));
        let requests =
            requests.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        let (Some(rate), Some(requests), Some(mean), Some(p50), Some(p95), Some(p99)) = (
            number("Requests/sec:"),
            requests,
            field(&said, "mean").and_then(milliseconds),
            field(&said, "50%").and_then(milliseconds),
            field(&said, "p95").and_then(milliseconds),
            field(&said, "99%").and_then(milliseconds),
        ) else {
            return Err(format!("wrk said: {said}").into());
        };
        if requests < 1.0 {
            return Err(format!("{}: nothing was answered", self.name).into());
        }
        Ok(Figures {
            requests_a_second: rate,
            mean,
            p50,
            p95,
            p99,
            processor: used as f64 / requests.max(1.0),
        })
    }
}

fn field<'a>(said: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = said.lines().map(str::trim);
    lines
        .find_map(|line| line.strip_prefix(name))
        .map(str::trim)
}

/// Parses a duration as wrk prints it: `812.00us`, `1.50ms` or `2.00s`.
fn milliseconds(text: &str) -> Option<f64> {
    let of = |unit: &str, factor: f64| {
        let number = text.strip_suffix(unit)?.parse::<f64>().ok()?;
        Some(number * factor)
    };
    of("us", 0.001)
        .or_else(|| of("ms", 1.0))
        .or_else(|| of("s", 1_000.0))
}
