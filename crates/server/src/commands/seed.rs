use eggypro_persistence::seed;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Failure, say};
use crate::catalogue::load_demonstration;
use crate::database::DatabaseLocation;
use crate::environment::Environment;
use crate::signals::interruptible;

pub(super) fn run(environment: &Environment, generated: Option<u32>) -> Result<(), Failure> {
    let location = DatabaseLocation::open(environment)?;
    location.prepare(environment.database.migrate_on_start)?;
    if let Some(count) = generated {
        return generate(&location, count);
    }
    let url = location.migration_url.connection.clone();
    let loaded = interruptible(move || load_demonstration(&url))?;
    say(format_args!(
        "{} products and {} categories loaded.",
        loaded.products, loaded.categories
    ));
    Ok(())
}

fn generate(location: &DatabaseLocation, count: u32) -> Result<(), Failure> {
    let style =
        ProgressStyle::with_template("{bar:40} {pos}/{len} products, {per_sec}, {eta} left")?;
    let progress = ProgressBar::new(count.into()).with_style(style);
    let (url, bar) = (location.migration_url.connection.clone(), progress.clone());
    interruptible(move || {
        Ok(seed::generate(&url, count, |done| {
            bar.set_position(done.into())
        })?)
    })?;
    progress.finish();
    say(format_args!("{count} generated products are there."));
    Ok(())
}
