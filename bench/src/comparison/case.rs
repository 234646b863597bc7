use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::Subject;
use crate::Failure;
use crate::catalogue::Catalogue;
use crate::load::{Figures, Load, SEARCHED};
use crate::process::{ADMIN_SECRET, Usage};

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

/// The name of the load that is also compared with tantivy alone.
pub(super) const SEARCH: &str = "uncached search";

/// A load, and the writes that run beside it.
pub(super) struct Case {
    pub(super) load: Load,
    pub(super) connections: u32,
    /// Stock changes a second during the measurement.
    changes: u32,
    /// Whether the processor time of PostgreSQL is reported instead of the server's.
    counts_postgres: bool,
}

impl Case {
    pub(super) fn all(catalogue: &Catalogue, folder: &Path) -> Result<Vec<Self>, Failure> {
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

    pub(super) fn run(
        &self,
        subject: &Subject,
        postgres: u32,
        seconds: u32,
    ) -> Result<Figures, Failure> {
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
