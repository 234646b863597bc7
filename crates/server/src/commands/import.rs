//! Imports a file: stores it in the database, works on it in this process, and reports what has become of it.

mod job;
mod progress;
mod refused;
mod report;
mod upload;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use eggypro_domain::imports::{Import, ImportMode, NewImport};
use eggypro_exchange::Format;
use eggypro_persistence::{Database, DatabaseSettings, PostgresImports, PostgresProducts};
use tokio::runtime::Builder;

use self::job::Job;
use self::refused::RefusedRows;
use self::upload::Source;
use super::{Failure, say};
use crate::database::DatabaseLocation;
use crate::environment::Environment;
use crate::signals::Signals;

#[derive(clap::Args)]
#[command(
    after_help = "Exits with 0 if every row is fine, with 1 if the import fails or is cancelled, and with 3 if rows were \
                  refused; the other rows are written then. Ctrl-C cancels it, and rows that were written stay."
)]
pub(super) struct Arguments {
    /// The file; `-` is standard input
    file: PathBuf,
    /// Write nothing, but say what would be written
    #[arg(long)]
    dry_run: bool,
    /// `create` refuses rows of products that exist, `update` those of products that don't; `upsert` takes both
    #[arg(long, default_value_t = ImportMode::Upsert, value_parser = modes())]
    mode: ImportMode,
    /// The format; `auto` finds it out
    #[arg(long, default_value = "auto", value_parser = formats())]
    format: String,
    /// Also write the refused rows to this file, as CSV with a column `error`
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
}

fn modes() -> impl TypedValueParser<Value = ImportMode> {
    let modes = PossibleValuesParser::new(ImportMode::ALL.map(ImportMode::as_str));
    modes.try_map(|name: String| name.parse::<ImportMode>())
}

fn formats() -> PossibleValuesParser {
    let known = Format::ALL.map(Format::as_str);
    PossibleValuesParser::new(["auto"].into_iter().chain(known))
}

impl Arguments {
    fn new_import(&self) -> NewImport {
        let mut new = NewImport::new(self.format.as_str());
        new.mode = self.mode;
        new.is_dry_run = self.dry_run;
        new
    }
}

/// The log filter of this command. The log has a line for each batch of rows, which would break the progress bar.
pub(super) fn log_filter(filter: &str) -> String {
    match filter.contains("eggypro_") {
        true => filter.to_owned(),
        false => {
            format!("{filter},eggypro_persistence::database::change=warn,eggypro_imports=warn")
        }
    }
}

/// One to write rows, one to read the file, one to look at the progress.
const CONNECTIONS: u32 = 3;

pub(super) fn run(environment: &Environment, arguments: &Arguments) -> Result<(), Failure> {
    // First, since their names may be wrong.
    let source = Source::open(&arguments.file)?;
    let refused = arguments.errors.as_deref().map(RefusedRows::open);
    let refused = refused.transpose()?;
    let location = DatabaseLocation::open(environment)?;
    location.prepare(environment.database.migrate_on_start)?;
    let database = Database::start(&DatabaseSettings {
        pool_size: CONNECTIONS,
        has_sessions: environment.database.has_sessions,
        ..DatabaseSettings::new(location.url.clone())
    })?;
    let job = Job::new(
        Arc::new(PostgresImports::new(database.clone())),
        Arc::new(PostgresProducts::new(database.clone())),
    );
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(execute(&job, arguments.new_import(), source, refused));
    database.close(Duration::from_secs(5));
    // A thread may still wait for standard input.
    runtime.shutdown_background();
    result
}

/// Imports the source until it has ended, or until a signal cancels that.
async fn execute(
    job: &Job,
    new: NewImport,
    source: Source,
    refused: Option<RefusedRows>,
) -> Result<(), Failure> {
    let mut signals = Signals::listen()?;
    let id = job.create(new).await?;
    let import = tokio::select! {
        import = job.work(id, source) => match import {
            Ok(import) => import,
            Err(failure) => return Err(job.give_up(id, failure).await),
        },
        () = signals.next() => job.cancel(id, &mut signals).await?,
    };
    let reported = report_on(job, &import, refused);
    signals.unless_interrupted(reported).await
}

async fn report_on(
    job: &Job,
    import: &Import,
    refused: Option<RefusedRows>,
) -> Result<(), Failure> {
    let imports = job.imports();
    for line in report::lines(imports, import, refused.is_some()).await? {
        say(line);
    }
    if let Some(refused) = refused {
        refused.write(imports, import).await?;
    }
    report::result(import)
}
