use reqwest::Method;
use serde::Deserialize;

use super::{Failure, own_server, say};
use crate::environment::Environment;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Ask the server that runs here, at HOST and PORT, what active products lack for the feeds, and exit with 1 if any is
    /// left out of them
    Check,
}

#[derive(Deserialize)]
struct Report {
    data: Vec<Finding>,
    checked: usize,
    excluded: usize,
    has_more: bool,
}

#[derive(Deserialize)]
struct Finding {
    slug: String,
    field: String,
    rule: String,
    severity: String,
    feeds: Vec<String>,
}

pub(super) fn run(environment: &Environment, command: &Command) -> Result<(), Failure> {
    match command {
        Command::Check => check(environment),
    }
}

fn check(environment: &Environment) -> Result<(), Failure> {
    let report: Report = own_server::check(environment, Method::GET, "/api/feeds/report")?;
    for finding in &report.data {
        let Finding {
            slug,
            field,
            rule,
            severity,
            feeds,
        } = finding;
        let feeds = feeds.join(", ");
        say(format_args!(
            "{slug}: {field}: {rule} ({severity}; {feeds})"
        ));
    }
    if report.has_more {
        say("There is more. Mend these first.");
    }
    let Report {
        checked, excluded, ..
    } = report;
    match excluded {
        0 => {
            say(format_args!(
                "All {checked} active products are in the feeds."
            ));
            Ok(())
        }
        _ => Err(
            format!("{excluded} of {checked} active products are left out of the feeds.").into(),
        ),
    }
}
