use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Subcommand;
use eggypro_domain::images::ImageService;
use eggypro_persistence::{Database, DatabaseSettings, PostgresImages};
use tokio::runtime::Builder;

use super::{Failure, say};
use crate::database::DatabaseLocation;
use crate::environment::Environment;
use crate::signals::interruptible;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Remove images that no product shows, and those that could not be removed before
    Sweep {
        /// Name them only
        #[arg(long)]
        dry_run: bool,
        /// Leave those alone that were uploaded within so many hours: a product may be about to show them
        #[arg(long, value_name = "HOURS", default_value_t = 24)]
        min_age: u32,
    },
}

/// Maximum number of images that a dry run lists.
const NAMED: u32 = 10_000;

pub(super) fn run(environment: &Environment, command: &Command) -> Result<(), Failure> {
    let Command::Sweep { dry_run, min_age } = command;
    let age = Duration::from_secs(u64::from(*min_age) * 60 * 60);
    let location = DatabaseLocation::open(environment)?;
    location.prepare(environment.database.migrate_on_start)?;
    let (database, images) = open(environment, &location)?;
    let is_dry_run = *dry_run;
    interruptible(move || {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            if is_dry_run {
                name_unused(&images, age).await
            } else {
                sweep(&images, age).await
            }
        })
    })?;
    database.close(Duration::from_secs(5));
    Ok(())
}

/// The images of the shop in this database. The caller closes the database.
pub(super) fn open(
    environment: &Environment,
    location: &DatabaseLocation,
) -> Result<(Database, ImageService), Failure> {
    // A server with another address changes those of images that begin with this one.
    let here = SocketAddr::from(([127, 0, 0, 1], environment.port));
    let store = environment.images.open(here)?.store;
    let database = Database::start(&DatabaseSettings {
        pool_size: 2,
        has_sessions: environment.database.has_sessions,
        ..DatabaseSettings::new(location.url.clone())
    })?;
    let records = Arc::new(PostgresImages::new(database.clone()));
    Ok((database, ImageService::new(store, records)))
}

async fn name_unused(images: &ImageService, age: Duration) -> Result<(), Failure> {
    let unused = images.unused(age, NAMED).await?;
    for id in &unused {
        say(id);
    }
    say(format_args!(
        "{} images are shown by no product. Nothing was removed.",
        unused.len()
    ));
    Ok(())
}

async fn sweep(images: &ImageService, age: Duration) -> Result<(), Failure> {
    let done = images.sweep(age).await?;
    say(format_args!(
        "{} images removed, {} kept for another try.",
        done.removed, done.postponed
    ));
    Ok(())
}
