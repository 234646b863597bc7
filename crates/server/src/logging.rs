use tracing_subscriber::EnvFilter;

use crate::environment::Mode;

/// Writes the log to standard error: one JSON object a line in production, readable lines elsewhere.
pub(crate) fn start(filter: &str, mode: Mode) {
    let filter = EnvFilter::builder().parse_lossy(filter);
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if mode == Mode::Production {
        log.json()
            .flatten_event(true)
            .with_current_span(false)
            .init();
    } else {
        log.with_target(false).init();
    }
}
