//! Compares the server with another build of it. Each build has its own database with the same products.

mod case;

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use self::case::{Case, SEARCH};
use crate::catalogue::Catalogues;
use crate::load::Figures;
use crate::process::{Running, Usage, sibling};
use crate::report::{Line, Report};
use crate::{Arguments, Failure, eprint_progress};

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
