//! The subcommands. Each that is more than a call has a file.

mod check_env;
mod health;
mod images;
mod keys;
mod manual;
mod migrate;
mod own_server;
mod search;
mod seed;
mod serve;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::environment;
use crate::failure::Failure;
use crate::logging;

/// The product backend of a shop for egg-protein foods. Without a command it serves.
#[derive(Parser)]
#[command(
    name = "eggypro",
    version,
    after_help = "`eggypro check-env --example` prints the environment variables and what they mean."
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server until SIGTERM or SIGINT (the default)
    Serve,
    /// Apply pending migrations; safe to run from several machines at once
    Migrate(migrate::Arguments),
    /// Check the environment and print each of its problems
    CheckEnv {
        /// Also try the database, Redis and the image service, and say what was found
        #[arg(long)]
        connect: bool,
        /// Print what can be set and what it means instead, in the form of a `.env` file
        #[arg(long, conflicts_with = "connect")]
        example: bool,
    },
    /// Load the demonstration catalogue; what is there already stays as it is
    Seed(seed::Arguments),
    /// Look after stored images
    Images {
        #[command(subcommand)]
        command: images::Command,
    },
    /// Look after API keys: the first one, and those of emergencies
    Keys {
        #[command(subcommand)]
        command: keys::Command,
    },
    /// Look after the catalogue index, which answers lists and searches
    Search {
        #[command(subcommand)]
        command: search::Command,
    },
    /// Ask the server that runs here, at HOST and PORT, whether it is ready, and exit with 0 or 1
    Health,
    /// Print the OpenAPI document
    Openapi,
    /// Print what completes commands in a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
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

/// Prints a line to standard output. A closed output is ignored.
fn say(text: impl fmt::Display) {
    let _ = writeln!(io::stdout(), "{text}");
}

fn execute(command: Command) -> Result<(), Failure> {
    // These commands need no environment.
    match command {
        Command::Openapi => {
            say(eggypro_http::openapi_document()?);
            return Ok(());
        }
        Command::Completions { shell } => {
            return manual::completions(shell, &mut Arguments::command());
        }
        Command::Man => return manual::page(Arguments::command()),
        Command::Health => return health::run(),
        Command::CheckEnv { example: true, .. } => {
            say(environment::example().trim_end());
            return Ok(());
        }
        _ => {}
    }
    let environment = environment::read_process()?;
    if let Command::CheckEnv { connect, .. } = command {
        return check_env::run(&environment, connect);
    }
    logging::start(&environment.log_filter, environment.mode);
    match command {
        Command::Migrate(arguments) => migrate::run(&environment, &arguments),
        Command::Seed(arguments) => seed::run(&environment, &arguments),
        Command::Images { command } => images::run(&environment, &command),
        Command::Keys { command } => keys::run(&environment, &command),
        Command::Search { command } => search::run(&environment, &command),
        _ => serve::run(&environment),
    }
}
