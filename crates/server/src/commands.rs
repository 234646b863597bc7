//! The subcommands: a file each where they are more than a call.

mod health;
mod images;
mod seed;
mod serve;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::database::{self, DatabaseLocation};
use crate::environment::{self, Environment};
use crate::logging;
use crate::signals::interruptible;

/// The product backend of a shop for egg-protein foods. Without a command it serves.
#[derive(Parser)]
#[command(
    name = "eggypro",
    version,
    after_help = "The environment variables are explained in .env.example."
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

/// Why a command failed, in words for who ran it.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Subcommand)]
enum Command {
    /// Run the server until SIGTERM or SIGINT (the default)
    Serve,
    /// Apply pending migrations; safe to run from several machines at once
    Migrate,
    /// Check the environment and print each of its problems
    CheckEnv,
    /// Load the demonstration catalogue; what is there already stays as it is
    Seed {
        /// Load this many generated products with three reviews each instead
        #[arg(long, value_name = "N")]
        products: Option<u32>,
    },
    /// Look after stored images
    Images {
        #[command(subcommand)]
        command: images::Command,
    },
    /// Ask the server that runs here, at HOST and PORT, whether it is ready, and exit with 0 or 1
    Health,
    /// Print the OpenAPI document
    Openapi,
}

/// Runs the command that the process was called with.
pub fn run() -> ExitCode {
    let command = Arguments::parse().command.unwrap_or(Command::Serve);
    match execute(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

/// Speaks to who runs the command. Nobody need listen: an output that is closed harms nothing.
fn say(text: impl fmt::Display) {
    let _ = writeln!(io::stdout(), "{text}");
}

fn execute(command: Command) -> Result<(), Failure> {
    if let Command::Openapi = command {
        say(eggypro_http::openapi_document()?);
        return Ok(());
    }
    if let Command::Health = command {
        return health::run();
    }
    let environment = environment::read_process()?;
    if let Command::CheckEnv = command {
        environment.remarks.iter().for_each(say);
        say("The environment is in order.");
        return Ok(());
    }
    logging::start(&environment.log_filter, environment.mode);
    match command {
        Command::Serve => serve::run(&environment),
        Command::Migrate => migrate(&environment),
        Command::Seed { products } => seed::run(&environment, products),
        Command::Images { command } => images::run(&environment, &command),
        Command::CheckEnv | Command::Health | Command::Openapi => Ok(()),
    }
}

fn migrate(environment: &Environment) -> Result<(), Failure> {
    let location = DatabaseLocation::open(environment)?;
    let url = location.migration_url.clone();
    let applied = interruptible(move || Ok(database::migrate(&url)?))?;
    match applied.len() {
        0 => say("The database has every migration already."),
        count => say(format_args!("{count} migrations applied.")),
    }
    Ok(())
}
