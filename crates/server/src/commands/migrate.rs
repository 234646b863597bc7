use eggypro_persistence::{migrations, sequences};

use super::{Failure, say};
use crate::database::{self, DatabaseLocation};
use crate::environment::Environment;
use crate::signals::interruptible;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Change nothing, but name every migration and say whether it was applied
    #[arg(long)]
    status: bool,
    /// Put the counters of ids above the ids that are there, which logical replication leaves behind
    #[arg(long, conflicts_with = "status")]
    set_sequences: bool,
}

pub(super) fn run(environment: &Environment, arguments: &Arguments) -> Result<(), Failure> {
    let location = DatabaseLocation::open(environment)?;
    if arguments.status {
        return status(&location);
    }
    let url = location.migration_url.clone();
    let applied = interruptible(move || Ok(database::migrate(&url)?))?;
    match applied.len() {
        0 => say("The database has every migration already."),
        count => say(format_args!("{count} migrations applied.")),
    }
    if arguments.set_sequences {
        let raised = sequences::raise(&location.migration_url.connection)?;
        for name in &raised {
            say(format_args!("{name} is above the ids that are there now."));
        }
        if raised.is_empty() {
            say("Every counter is above the ids that are there already.");
        }
    }
    Ok(())
}

fn status(location: &DatabaseLocation) -> Result<(), Failure> {
    let url = &location.migration_url;
    let status = migrations::status(&url.connection).map_err(|error| url.failed(error))?;
    for migration in status {
        let is_applied = if migration.is_applied {
            "applied"
        } else {
            "pending"
        };
        say(format_args!("{is_applied}  {}", migration.name));
    }
    Ok(())
}
