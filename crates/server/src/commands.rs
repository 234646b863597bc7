//! The subcommands. Each that is more than a call has a file.

mod arguments;
mod check_env;
mod export;
mod feeds;
mod health;
mod images;
mod import;
mod keys;
mod manual;
mod migrate;
mod own_server;
mod search;
mod seed;
mod serve;
mod target;
mod webhooks;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use self::arguments::{Arguments, Command};
use crate::environment::{self, Environment};
use crate::failure::{Failure, PartlyRefused};
use crate::logging;

/// Runs the command that the process was called with.
pub fn run() -> ExitCode {
    let command = Arguments::parse().command.unwrap_or(Command::Serve);
    match execute(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            match error.is::<PartlyRefused>() {
                true => ExitCode::from(3),
                false => ExitCode::FAILURE,
            }
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
        Command::Webhooks { command } => return webhooks::run(command),
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
    start_log(&environment, &command);
    match command {
        Command::Migrate(arguments) => migrate::run(&environment, &arguments),
        Command::Seed(arguments) => seed::run(&environment, &arguments),
        Command::Images { command } => images::run(&environment, &command),
        Command::Export(arguments) => export::run(&environment, &arguments),
        Command::Import(arguments) => import::run(&environment, &arguments),
        Command::Feeds { command } => feeds::run(&environment, &command),
        Command::Keys { command } => keys::run(&environment, &command),
        Command::Search { command } => search::run(&environment, &command),
        _ => serve::run(&environment),
    }
}

fn start_log(environment: &Environment, command: &Command) {
    let filter = match command {
        Command::Import(_) => &import::log_filter(&environment.log_filter),
        _ => &environment.log_filter,
    };
    logging::start(filter, environment.mode);
}
