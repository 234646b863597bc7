use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::time::Duration;

use eggypro_domain::products::{ProductRepository, ProductSource, Revision};
use eggypro_exchange::ExportFormat;
use eggypro_persistence::{Database, DatabaseSettings, PostgresProductSource, PostgresProducts};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime;

use super::target::Target;
use super::{Failure, say};
use crate::database::DatabaseLocation;
use crate::environment::Environment;
use crate::signals::interruptible;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Where the products go; without it, to standard output
    file: Option<PathBuf>,
    /// `csv` or `ndjson`; without it, as the file's name ends, and `csv` without a file
    #[arg(long, value_parser = format_named)]
    format: Option<ExportFormat>,
}

fn format_named(name: &str) -> Result<ExportFormat, &'static str> {
    match name.to_ascii_lowercase().as_str() {
        "csv" => Ok(ExportFormat::Csv),
        "ndjson" | "jsonl" => Ok(ExportFormat::Ndjson),
        _ => Err("must be csv or ndjson"),
    }
}

impl Arguments {
    fn format(&self) -> Result<ExportFormat, Failure> {
        let (format, file) = match (self.format, &self.file) {
            (Some(format), _) => return Ok(format),
            (None, None) => return Ok(ExportFormat::Csv),
            (None, Some(file)) => (file.extension().and_then(|ending| ending.to_str()), file),
        };
        let format = format_named(format.unwrap_or_default());
        format.map_err(|_| {
            let file = file.display();
            format!("The name {file} tells no format. Say it with --format csv or ndjson.").into()
        })
    }
}

/// Writes all products.
pub(super) fn run(environment: &Environment, arguments: &Arguments) -> Result<(), Failure> {
    let format = arguments.format()?;
    let location = DatabaseLocation::open(environment)?;
    location.prepare(environment.database.migrate_on_start)?;
    let Some(file) = &arguments.file else {
        write(
            environment,
            &location,
            format,
            io::stdout(),
            ProgressBar::hidden(),
        )?;
        return Ok(());
    };
    let style =
        ProgressStyle::with_template("{bar:40} {pos}/{len} products, {per_sec}, {eta} left")?;
    let progress = ProgressBar::new(0).with_style(style);
    let target = Target::of(file)?;
    let written = write(environment, &location, format, target.file()?, progress)?;
    target.complete()?;
    say(format_args!(
        "{written} products are in {}.",
        file.display()
    ));
    Ok(())
}

/// Writes the products of a database. Returns how many there were.
fn write(
    environment: &Environment,
    location: &DatabaseLocation,
    format: ExportFormat,
    output: impl Write + Send + 'static,
    progress: ProgressBar,
) -> Result<u64, Failure> {
    let database = Database::start(&DatabaseSettings {
        pool_size: 1,
        has_sessions: environment.database.has_sessions,
        ..DatabaseSettings::new(location.url.clone())
    })?;
    let source = PostgresProductSource::new(database.clone());
    let products = PostgresProducts::new(database.clone());
    let written = interruptible(move || {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(write_all(&source, &products, format, output, &progress))
    });
    database.close(Duration::from_secs(5));
    written
}

/// How many products are in memory at a time.
const BATCH: usize = 500;

async fn write_all(
    source: &PostgresProductSource,
    products: &PostgresProducts,
    format: ExportFormat,
    output: impl Write,
    progress: &ProgressBar,
) -> Result<u64, Failure> {
    let mut output = BufWriter::new(output);
    let mut text = String::new();
    format.write_header(&mut text);
    let versions = source.versions().await?;
    progress.set_length(u64::try_from(versions.len())?);
    let mut written = 0;
    for batch in versions.chunks(BATCH) {
        let revisions = batch.iter().map(|(id, version)| Revision {
            id: *id,
            version: version.version(),
        });
        let revisions: Vec<Revision> = revisions.collect();
        let mut found = products.read_complete(&revisions).await?;
        found.sort_unstable_by_key(|product| product.id);
        for product in &found {
            format.write(product, &mut text)?;
        }
        output.write_all(text.as_bytes())?;
        text.clear();
        written += u64::try_from(found.len())?;
        progress.set_position(written);
    }
    // The header of a shop without products.
    output.write_all(text.as_bytes())?;
    output.flush()?;
    progress.finish();
    Ok(written)
}
