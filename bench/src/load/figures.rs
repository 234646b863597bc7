use crate::Failure;

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

impl Figures {
    /// Reads what wrk printed. `used` is the processor time of the answering process.
    pub(super) fn of(said: &str, used: u64, load: &str) -> Result<Self, Failure> {
        let number = |name| field(said, name).and_then(|text| text.parse::<f64>().ok());
        let requests = said.lines().find(|line| line.contains(" requests in "));
        let requests =
            requests.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        let (Some(rate), Some(requests), Some(mean), Some(p50), Some(p95), Some(p99)) = (
            number("Requests/sec:"),
            requests,
            field(said, "mean").and_then(milliseconds),
            field(said, "50%").and_then(milliseconds),
            field(said, "p95").and_then(milliseconds),
            field(said, "99%").and_then(milliseconds),
        ) else {
            return Err(format!("wrk said: {said}").into());
        };
        if requests < 1.0 {
            return Err(format!("{load}: nothing was answered").into());
        }
        Ok(Self {
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
