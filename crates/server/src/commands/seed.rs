use std::collections::HashMap;
use std::io::{self, BufRead, IsTerminal, Write};
use std::time::Duration;

use eggypro_persistence::seed::{self, Loaded};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime::Builder;

use super::{Failure, images, say};
use crate::database::DatabaseLocation;
use crate::demonstration::{self, demonstration_slugs, demonstration_synonyms, load_demonstration};
use crate::environment::{Environment, Mode};
use crate::signals::interruptible;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Load this many generated products with three reviews each instead
    #[arg(long, value_name = "N")]
    products: Option<u32>,
    /// Take the demonstration catalogue out again, as it is now
    #[arg(long, conflicts_with = "products")]
    remove: bool,
    /// Don't ask, even in production or beside other products
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(environment: &Environment, arguments: &Arguments) -> Result<(), Failure> {
    let location = DatabaseLocation::open(environment)?;
    let is_production = environment.mode == Mode::Production;
    if is_production && !arguments.yes {
        confirm("This is production.", arguments)?;
    }
    location.prepare(environment.database.migrate_on_start)?;
    let adds = !arguments.remove && !is_production && !arguments.yes;
    if adds && has_others(&location, arguments)? {
        confirm("There are other products in this database.", arguments)?;
    }
    if arguments.remove {
        return remove(&location);
    }
    if let Some(count) = arguments.products {
        return generate(&location, count);
    }
    let loaded = load(environment, &location)?;
    say(format_args!(
        "{} products and {} categories loaded.",
        loaded.products, loaded.categories
    ));
    Ok(())
}

/// Loads the demonstration catalogue with its pictures. Without an image store, the products have none.
fn load(environment: &Environment, location: &DatabaseLocation) -> Result<Loaded, Failure> {
    let url = location.migration_url.connection.clone();
    let (products, _) = demonstration_slugs()?;
    let missing = seed::missing(&url, products)?;
    if missing.is_empty() {
        return interruptible(move || load_demonstration(&url, HashMap::new()));
    }
    let (database, images) = images::open(environment, location)?;
    let loaded = interruptible(move || {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let stored = runtime.block_on(demonstration::store_pictures(&images, &missing));
        let stored = stored.unwrap_or_else(|error| {
            say(format_args!(
                "The products get no pictures: {error}. To try again, use seed --remove, then seed."
            ));
            vec![]
        });
        let pictures = stored.iter();
        let pictures = pictures.map(|(slug, image)| (slug.clone(), image.original.clone()));
        let loaded = load_demonstration(&url, pictures.collect());
        if loaded.is_err() {
            runtime.block_on(demonstration::discard_pictures(&images, stored));
        }
        loaded
    });
    database.close(Duration::from_secs(5));
    loaded
}

/// Asks for confirmation if customers may see a mistake.
fn confirm(reason: &str, arguments: &Arguments) -> Result<(), Failure> {
    let what = if arguments.remove {
        "Remove the demonstration products from it?"
    } else {
        "Add products of demonstration to it?"
    };
    if !io::stdin().is_terminal() {
        return Err(format!("{reason} {what} Say so with --yes.").into());
    }
    write!(io::stdout(), "{reason} {what} [y/N] ")?;
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    if ["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()) {
        Ok(())
    } else {
        Err("Nothing was changed.".into())
    }
}

fn has_others(location: &DatabaseLocation, arguments: &Arguments) -> Result<bool, Failure> {
    let (products, _) = demonstration_slugs()?;
    let known: Vec<String> = products
        .iter()
        .map(|slug| slug.as_str().to_owned())
        .chain(arguments.products.into_iter().flat_map(seed::slugs))
        .collect();
    Ok(seed::has_others(
        &location.migration_url.connection,
        &known,
    )?)
}

fn remove(location: &DatabaseLocation) -> Result<(), Failure> {
    let (products, categories) = demonstration_slugs()?;
    let url = &location.migration_url.connection;
    let removed = seed::remove(url, &products, &categories, demonstration_synonyms()?)?;
    say(format_args!(
        "{} products and {} categories removed.",
        removed.products, removed.categories
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
