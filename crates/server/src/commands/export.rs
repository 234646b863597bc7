use std::fs::Permissions;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use eggypro_domain::products::{Product, ProductId, ProductRepository, ProductSource, RowVersion};
use eggypro_exchange::ExportFormat;
use eggypro_persistence::{Database, DatabaseSettings, PostgresProductSource, PostgresProducts};
use indicatif::{ProgressBar, ProgressStyle};
use tempfile::Builder;
use tokio::runtime;

use super::{Failure, say};
use crate::database::DatabaseLocation;
use crate::environment::Environment;
use crate::signals::interruptible;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Where the products go; without it, to standard output
    file: Option<PathBuf>,
    /// `csv` or `ndjson`; without it, as the file's name ends, or else `csv`
    #[arg(long, value_parser = format_named)]
    format: Option<ExportFormat>,
}

fn format_named(name: &str) -> Result<ExportFormat, &'static str> {
    let mut formats = ExportFormat::ALL.into_iter();
    let format = formats.find(|format| format.as_str() == name);
    format.ok_or("must be csv or ndjson")
}

impl Arguments {
    fn format(&self) -> ExportFormat {
        let ending = self.file.as_deref().and_then(Path::extension);
        let ending = ending.and_then(|ending| ending.to_str());
        let of_file = || format_named(ending?).ok();
        self.format.or_else(of_file).unwrap_or(ExportFormat::Csv)
    }
}

/// How many products are in memory at a time.
const BATCH: usize = 500;

/// Writes all products.
pub(super) fn run(environment: &Environment, arguments: &Arguments) -> Result<(), Failure> {
    let location = DatabaseLocation::open(environment)?;
    location.prepare(environment.database.migrate_on_start)?;
    let database = Database::start(&DatabaseSettings {
        pool_size: 1,
        has_sessions: environment.database.has_sessions,
        ..DatabaseSettings::new(location.url.clone())
    })?;
    let products = ProductStore {
        source: PostgresProductSource::new(database.clone()),
        products: PostgresProducts::new(database.clone()),
    };
    let (format, file) = (arguments.format(), arguments.file.clone());
    let written = interruptible(move || {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(write(&products, format, file.as_deref()))
    });
    database.close(Duration::from_secs(5));
    written
}

async fn write(
    products: &ProductStore,
    format: ExportFormat,
    file: Option<&Path>,
) -> Result<(), Failure> {
    let Some(file) = file else {
        return products.write(format, io::stdout().lock(), |_| ()).await;
    };
    // Written beside the file, which a complete export replaces.
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    // The mode of a new file, less what the umask takes away.
    let mode = Permissions::from_mode(0o666);
    let temporary = Builder::new()
        .permissions(mode)
        .tempfile_in(folder.unwrap_or(Path::new(".")))?;
    let style =
        ProgressStyle::with_template("{bar:40} {pos}/{len} products, {per_sec}, {eta} left")?;
    let progress = ProgressBar::new(0).with_style(style);
    let show = |(done, count)| {
        progress.set_length(count);
        progress.set_position(done);
    };
    products.write(format, &temporary, show).await?;
    temporary.as_file().sync_all()?;
    temporary.persist(file)?;
    progress.finish();
    let count = progress.position();
    say(format_args!("{count} products are in {}.", file.display()));
    Ok(())
}

/// All products of a database.
struct ProductStore {
    source: PostgresProductSource,
    products: PostgresProducts,
}

impl ProductStore {
    /// Writes them by id. Tells how many are written, and how many there are.
    async fn write(
        &self,
        format: ExportFormat,
        output: impl Write,
        mut progress: impl FnMut((u64, u64)),
    ) -> Result<(), Failure> {
        let mut output = BufWriter::new(output);
        let mut text = String::new();
        format.write_header(&mut text);
        let versions = self.source.versions().await?;
        let count = u64::try_from(versions.len())?;
        let mut done = 0;
        for batch in versions.chunks(BATCH) {
            for product in self.read(batch).await? {
                format.write(&product, &mut text)?;
            }
            output.write_all(text.as_bytes())?;
            text.clear();
            done += u64::try_from(batch.len())?;
            progress((done, count));
        }
        // The header of a shop without products.
        output.write_all(text.as_bytes())?;
        Ok(output.flush()?)
    }

    /// Reads products by id, with their inactive categories too.
    async fn read(&self, batch: &[(ProductId, RowVersion)]) -> Result<Vec<Product>, Failure> {
        let ids: Vec<ProductId> = batch.iter().map(|(id, _)| *id).collect();
        let categories = self.products.all_categories(&ids).await?;
        let mut products = self.source.by_ids(ids).await?;
        products.sort_unstable_by_key(|product| product.id);
        for product in &mut products {
            let own = categories.iter().filter(|(of, _)| *of == product.id);
            product.categories = own.map(|(_, category)| category.clone()).collect();
        }
        Ok(products)
    }
}
