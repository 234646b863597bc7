use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use crate::environment::Mode;

/// Writes the log to standard error: one JSON object a line in production, readable lines elsewhere.
pub(crate) fn start(filter: &str, mode: Mode) {
    let filter = EnvFilter::builder().parse_lossy(filter);
    let is_read_by_people = io::stderr().is_terminal();
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(is_read_by_people);
    if mode == Mode::Production {
        log.json()
            .flatten_event(true)
            .with_current_span(false)
            .init();
    } else {
        log.with_target(false).init();
    }
}
