//! Compares the server with another build of it. Each build has its own database with the same products.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::catalogue::{Catalogue, Catalogues};
use crate::load::{Figures, Load, SEARCHED};
use crate::process::{ADMIN_SECRET, Running, Usage, sibling};
use crate::report::{Line, Report};
use crate::{Arguments, Failure, eprint_progress};

/// A wrk script. Each request asks for a different maximum price, higher than any product's, so that no answer comes
/// from the cache.
const ANEW: &str = r#"
local texts, at, threads = {""}, 0, 0
if os.getenv("TEXTS") then
  texts = {}
  for line in io.lines(os.getenv("TEXTS")) do texts[#texts + 1] = "q=" .. line:gsub(" ", "+") .. "&" end
end
function setup(thread) thread:set("number", threads); threads = threads + 1 end
function init() at = tonumber(os.getenv("FIRST")) * 400000 + number * 200000 end
function request()
  at = at + 1
  return wrk.format("GET", string.format("%s%smaxPrice=%.2f", wrk.path, texts[at % #texts + 1], 100000 + at % 89999999 / 100))
end
"#;

/// A wrk script that sets the stock of one product after the other.
const STOCK: &str = r#"
local slugs, at, threads = {}, 0, 0
for line in io.lines(os.getenv("SLUGS")) do slugs[#slugs + 1] = line end
wrk.headers["Content-Type"] = "application/json"
function setup(thread) thread:set("number", threads); threads = threads + 1 end
function init() at = tonumber(os.getenv("FIRST")) * 20011 + number * math.floor(#slugs / 2) end
function request()
  at = at + 1
  return wrk.format("PATCH", wrk.path .. slugs[at % #slugs + 1], nil, string.format('{"stock_quantity": %d}', at % 2147483647))
end
"#;

/// A wrk script that requests eight popular addresses in turn.
const HOT: &str = r#"
local paths = {
  "/api/products", "/api/products?sort=price-asc", "/api/products?sort=rating-desc", "/api/products?inStock=true",
  "/api/products?facets=category,price", "/api/products/search?q=vanilla", "/api/products/search?q=chocolate+bar",
  "/api/products?sort=newest",
}
local at = 0
function request() at = at + 1; return wrk.format("GET", paths[at % #paths + 1]) end
"#;

const SEARCH: &str = "uncached search";

/// A load, and the writes that run beside it.
struct Case {
    load: Load,
    connections: u32,
    /// Stock changes a second during the measurement.
    changes: u32,
    /// Whether the processor time of PostgreSQL is reported instead of the server's.
    counts_postgres: bool,
}

impl Case {
    fn all(catalogue: &Catalogue, folder: &Path) -> Result<Vec<Self>, Failure> {
        let anew = Load::script(folder, "anew.lua", ANEW)?;
        let stock = Load::script(folder, "stock.lua", STOCK)?;
        let hot = Load::script(folder, "hot.lua", HOT)?;
        Load::texts(folder, "slugs", &catalogue.slugs)?;
        let texts = Load::texts(folder, "searched", SEARCHED)?;
        let facets = "facets=category,price,rating,stock&";
        let case = |load, connections| Self {
            load,
            connections,
            changes: 0,
            counts_postgres: false,
        };
        let search = |name, parameters: &str| {
            let path = format!("/api/products/search?{parameters}");
            case(Load::of(name, path, &anew).with_texts(&texts), 8)
        };
        let list = |name, parameters: &str| {
            case(
                Load::of(name, format!("/api/products?{parameters}"), &anew),
                8,
            )
        };
        let authorization = format!("Authorization: Bearer {ADMIN_SECRET}");
        let patches = Load::of("stock changes by PATCH", "/api/products/".into(), &stock);
        let hot = |name, changes| Self {
            changes,
            ..case(Load::of(name, "/".into(), &hot), 32)
        };
        Ok(vec![
            search(SEARCH, ""),
            search("uncached search with facets", facets),
            list("uncached list with facets", facets),
            list("uncached list by price", "sort=price-asc&"),
            Self {
                counts_postgres: true,
                ..case(patches.with_header(authorization), 8)
            },
            hot("eight hot addresses", 0),
            hot("eight hot addresses beside 50 stock changes a second", 50),
            hot("eight hot addresses beside 150 stock changes a second", 150),
        ])
    }

    fn run(&self, subject: &Subject, postgres: u32, seconds: u32) -> Result<Figures, Failure> {
        let is_done = AtomicBool::new(false);
        thread::scope(|scope| {
            let writing =
                (self.changes > 0).then(|| scope.spawn(|| subject.change(self.changes, &is_done)));
            let before = Usage::of_all_under(postgres)?;
            let figures =
                self.load
                    .run(&subject.server, &self.load.path, self.connections, seconds);
            let used = Usage::of_all_under(postgres)? - before;
            is_done.store(true, Ordering::Relaxed);
            if let Some(writing) = writing {
                writing.join().map_err(|_| "the writer panicked")??;
            }
            let mut figures = figures?;
            if self.counts_postgres {
                let requests = figures.requests_a_second * f64::from(seconds);
                figures.processor = used as f64 / requests;
            }
            Ok(figures)
        })
    }
}

/// A running build and the slugs of its products.
struct Subject {
    server: Running,
    slugs: Vec<String>,
}

impl Subject {
    /// Changes the stock of `a_second` products a second, one after the other, until `is_done` is set.
    fn change(&self, a_second: u32, is_done: &AtomicBool) -> Result<(), String> {
        let started = Instant::now();
        for (number, slug) in (1_u32..).zip(self.slugs.iter().cycle()) {
            let due = Duration::from_secs(1) * number / a_second;
            thread::sleep(due.saturating_sub(started.elapsed()));
            if is_done.load(Ordering::Relaxed) {
                break;
            }
            let changed = self.server.patch(&format!("/api/products/{slug}"), number);
            changed.map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}

/// Measures the searches a second of tantivy alone.
fn words(url: &str, folder: &Path, seconds: u32) -> Result<Figures, Failure> {
    let output = Command::new(sibling("words")?)
        .arg(url)
        .arg(folder.join("searched"))
        .arg(seconds.to_string())
        .output()?;
    let said = String::from_utf8(output.stdout)?;
    Ok(Figures {
        requests_a_second: said.trim().parse()?,
        mean: 0.0,
        p50: 0.0,
        p95: 0.0,
        p99: 0.0,
        processor: 0.0,
    })
}

/// Measures this build and another one in alternating rounds.
pub(crate) fn compare(
    arguments: &Arguments,
    other: &Path,
    folder: &Path,
) -> Result<Report, Failure> {
    let catalogues = Catalogues::start(folder)?;
    let postgres = catalogues.process(folder)?;
    let mut report = Report::default();
    for products in &arguments.products {
        let catalogue = catalogues.with(*products)?;
        let ours = Subject {
            server: Running::server(&catalogue.url, folder, true)?,
            slugs: catalogue.slugs.clone(),
        };
        let url = catalogues.empty(&format!("other_{products}"))?;
        for command in [
            &["migrate"][..],
            &["seed", "--yes", "--products", &products.to_string()],
        ] {
            let done = Command::new(other)
                .args(command)
                .env("POSTGRES_URL", &url)
                .env("RUST_LOG", "warn")
                .env("EGGYPRO_DATA_DIR", folder.join("other"))
                .status()?;
            if !done.success() {
                return Err(format!("the other build can't {}", command[0]).into());
            }
        }
        let theirs = Subject {
            server: Running::build(other, &url, &folder.join("other"), true)?,
            slugs: catalogue.slugs.clone(),
        };
        let cases = Case::all(&catalogue, folder)?;
        for case in cases
            .iter()
            .filter(|case| case.load.name.contains(&arguments.only))
        {
            let (mut of_ours, mut of_theirs) = (vec![], vec![]);
            for _ in 0..arguments.rounds {
                of_ours.push(case.run(&ours, postgres, arguments.seconds)?);
                of_theirs.push(case.run(&theirs, postgres, arguments.seconds)?);
            }
            if case.load.name == SEARCH {
                let mut of_words = vec![];
                for _ in 0..arguments.rounds {
                    of_words.push(words(&catalogue.url, folder, arguments.seconds)?);
                }
                let name = "uncached search, beside tantivy alone";
                let line = Line::new(name, *products, case.connections, of_ours.clone(), of_words);
                report.lines.push(line);
            }
            let line = Line::new(
                case.load.name,
                *products,
                case.connections,
                of_ours,
                of_theirs,
            );
            eprint_progress(&line);
            report.lines.push(line);
        }
        report.peak_memory = report.peak_memory.max(Usage::peak_memory(&ours.server)?);
    }
    Ok(report)
}
