//! Runs a command with a PostgreSQL of its own: `with-postgres FOLDER VARIABLE COMMAND…`. The environment variable
//! holds the URL of the database. Exits with the exit code of the command.

use std::process::{Command, ExitCode};

use eggypro_embedded_postgres::{Postgres, Settings};

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(variable), Some(program)) =
        (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err("usage: with-postgres FOLDER VARIABLE COMMAND…".into());
    };
    let postgres = Postgres::start(&Settings::new(folder).not_durable())?;
    let status = Command::new(program)
        .args(arguments)
        .env(variable, postgres.url())
        .status()?;
    Ok(ExitCode::from(
        status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .unwrap_or(1),
    ))
}
