//! What wrk requests, and what it prints.

/// Prints the figures that wrk does not print by itself, or not in full precision.
pub(super) const DONE: &str = r#"
function done(summary, latency)
  io.write(string.format("mean %.2fus\np95 %.2fus\n", latency.mean, latency:percentile(95)))
end
"#;

/// Delays each connection for a millisecond before its next request.
pub(super) const REST: &str = r#"
function delay() return 1 end
"#;

/// Requests a different product each time.
pub(super) const PRODUCTS: &str = r#"
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
pub(super) const PAGES: &str = r#"
local at, threads = 0, 0
function setup(thread) thread:set("number", threads); threads = threads + 1 end
function init() at = tonumber(os.getenv("FIRST")) * 3331 + number * 5000 end
function request() at = at + 1; return wrk.format("GET", wrk.path .. at * 3701 % 9973) end
"#;

/// Searches for the texts in turn, by the API or by the UCP. Each request has a different maximum price, higher than any
/// product's, so that no answer comes from the cache.
pub(super) const CATALOG: &str = r#"
local texts, at, threads = {}, 0, 0
for line in io.lines(os.getenv("TEXTS")) do texts[#texts + 1] = line end
wrk.headers["Content-Type"] = "application/json"
function setup(thread) thread:set("number", threads); threads = threads + 1 end
function init() at = tonumber(os.getenv("FIRST")) * 400000 + number * 200000 end
function request()
  at = at + 1
  local text, cents = texts[at % #texts + 1], 10000000 + at % 89999999
  if wrk.path:find("^/ucp") then
    return wrk.format("POST", wrk.path, nil, string.format(
      '{"query":"%s","filters":{"price":{"max":%d}},"pagination":{"limit":20}}', text, cents))
  end
  return wrk.format("GET", string.format("%sq=%s&maxPrice=%.2f", wrk.path, text:gsub(" ", "+"), cents / 100))
end
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
