//! Compares the server with floors, which do the least work that such an answer needs: `scripts/bench --help`. The
//! measurements alternate, so that other load on the machine affects both alike.
#![expect(clippy::print_stdout, reason = "the program prints a table")]

mod catalogue;
mod comparison;
mod imports;
mod load;
mod process;
mod report;

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use clap::Parser;

use self::catalogue::Catalogues;
use self::load::{Beside, Load};
use self::process::{Running, Usage};
use self::report::{Line, Report};

/// Measures a server beside what bounds it.
#[derive(Debug, Parser)]
struct Arguments {
    /// How long each measurement takes, in seconds.
    #[arg(long, default_value_t = 3)]
    seconds: u32,
    /// How often each is taken; medians are shown.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Measure only what has this in its name, as in `uncached`.
    #[arg(long, default_value = "")]
    only: String,
    /// With how many connections.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 2, 64])]
    connections: Vec<u32>,
    /// Measure lists, searches and changes beside another build of the server instead, which fills its own database.
    #[arg(long, value_name = "BINARY")]
    against: Option<PathBuf>,
    /// With how many products.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 100_000])]
    products: Vec<u32>,
    /// Measure imports of files with this many rows instead, beside `COPY`.
    #[arg(long, value_name = "ROWS")]
    imports: Option<u32>,
    /// Where the figures go as JSON.
    #[arg(long, default_value = "target/bench.json")]
    output: PathBuf,
}

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    // Not in the repository: as root, PostgreSQL runs as another user, who may not enter it.
    let folder = std::env::temp_dir().join(format!("eggypro-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    if let Some(rows) = arguments.imports {
        let lines = imports::measure(rows, arguments.rounds, &folder);
        fs::remove_dir_all(&folder)?;
        lines?.iter().for_each(|line| println!("{line}"));
        return Ok(());
    }
    let result = match &arguments.against {
        Some(other) => comparison::compare(&arguments, other, &folder),
        None => measure(&arguments, &folder),
    };
    fs::remove_dir_all(&folder)?;
    let report = result?;
    println!("{report}");
    fs::write(&arguments.output, report.to_json()?)?;
    println!("The figures are in {}.", arguments.output.display());
    Ok(())
}

fn measure(arguments: &Arguments, folder: &std::path::Path) -> Result<Report, Failure> {
    let catalogues = Catalogues::start(folder)?;
    let mut report = Report::default();
    for products in arguments.products.iter().copied() {
        let all = products >= 100_000;
        let catalogue = catalogues.with(products)?;
        let server = Running::server(&catalogue.url, folder, true)?;
        let quiet = Running::server(&catalogue.url, folder, false)?;
        let pages = server.pages(&catalogue)?;
        let floors = Running::floors(&catalogue.url, pages.list_bytes, pages.product_bytes)?;
        let loads = Load::all(&pages, &catalogue, folder)?;
        // Cached answers do not depend on the size of the catalogue.
        let loads = loads.iter().filter(|load| all || !load.is_cached);
        for load in loads.filter(|load| load.name.contains(&arguments.only)) {
            let connections = match load.connections {
                Some(many) => vec![many],
                None => arguments.connections.clone(),
            };
            for connections in connections.into_iter().filter(|many| all || *many == 64) {
                let (mut ours, mut floor) = (vec![], vec![]);
                for _ in 0..arguments.rounds {
                    catalogue.forget()?;
                    ours.push(load.run(&server, &load.path, connections, arguments.seconds)?);
                    if let Some(path) = &load.floor {
                        let beside = match load.beside {
                            Beside::Floors => &floors,
                            Beside::Quiet => &quiet,
                            Beside::Itself => &server,
                        };
                        floor.push(load.run(beside, path, connections, arguments.seconds)?);
                    }
                }
                let line = Line::new(load.name, products, connections, ours, floor);
                eprint_progress(&line);
                report.lines.push(line);
            }
        }
        report.peak_memory = report.peak_memory.max(Usage::peak_memory(&server)?);
    }
    Ok(report)
}

#[expect(
    clippy::print_stderr,
    reason = "a run takes minutes and shows its progress"
)]
fn eprint_progress(line: &Line) {
    eprintln!("{line}");
}
