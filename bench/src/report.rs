use std::fmt;

use serde::Serialize;

use crate::load::Figures;

/// The result of all measurements.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) lines: Vec<Line>,
    /// Peak memory of the server over all measurements, in bytes.
    pub(crate) peak_memory: u64,
}

/// A load and its floor. The figures are medians of all rounds.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    name: &'static str,
    products: u32,
    connections: u32,
    ours: Medians,
    floor: Option<Medians>,
    /// The server's requests a second divided by the floor's: the median of the rounds.
    ratio: Option<f64>,
}

#[derive(Debug, Clone, Copy, Serialize)]
struct Medians {
    requests_a_second: f64,
    mean_ms: f64,
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
    processor_us: f64,
}

impl Medians {
    fn of(rounds: &[Figures]) -> Option<Self> {
        let of = |figure: fn(&Figures) -> f64| median(rounds.iter().map(figure).collect());
        Some(Self {
            requests_a_second: of(|figures| figures.requests_a_second)?,
            mean_ms: of(|figures| figures.mean)?,
            p50_ms: of(|figures| figures.p50)?,
            p95_ms: of(|figures| figures.p95)?,
            p99_ms: of(|figures| figures.p99)?,
            processor_us: of(|figures| figures.processor)?,
        })
    }
}

fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied()
}

impl Line {
    pub(crate) fn new(
        name: &'static str,
        products: u32,
        connections: u32,
        ours: Vec<Figures>,
        floor: Vec<Figures>,
    ) -> Self {
        let rounds = ours.iter().zip(&floor);
        let ratios = rounds.map(|(ours, floor)| ours.requests_a_second / floor.requests_a_second);
        let nothing = Medians {
            requests_a_second: 0.0,
            mean_ms: 0.0,
            p50_ms: 0.0,
            p95_ms: 0.0,
            p99_ms: 0.0,
            processor_us: 0.0,
        };
        Self {
            name,
            products,
            connections,
            ratio: median(ratios.collect()),
            ours: Medians::of(&ours).unwrap_or(nothing),
            floor: Medians::of(&floor),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Medians {
            requests_a_second,
            mean_ms,
            p50_ms,
            p95_ms,
            p99_ms,
            processor_us,
        } = self.ours;
        write!(
            f,
            "| {} | {} | {} | {requests_a_second:.0} | {mean_ms:.3} | {p50_ms:.2} | {p95_ms:.2} | {p99_ms:.2} | {processor_us:.1} |",
            self.name, self.products, self.connections,
        )?;
        match (self.floor, self.ratio) {
            (Some(floor), Some(ratio)) => write!(
                f,
                " {:.0} | {:.3} | {:.2} | {:.1} | **{ratio:.2}** |",
                floor.requests_a_second, floor.mean_ms, floor.p99_ms, floor.processor_us
            ),
            _ => f.write_str(" | | | | |"),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| what | products | connections | requests/s | mean ms | p50 ms | p95 ms | p99 ms | CPU µs | floor requests/s | floor mean ms | floor p99 ms | floor CPU µs | ratio |"
        )?;
        writeln!(
            f,
            "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |"
        )?;
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        let megabytes = self.peak_memory / 1_000_000;
        writeln!(f, "\nPeak memory of the server: {megabytes} MB.")
    }
}

impl Report {
    pub(crate) fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }
}
