use std::io::{self, IsTerminal};
use std::panic;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::format::{FormatFields, debug_fn};

use crate::environment::Mode;

/// Turns off what others log of each request, which anyone can send without limit: actix of those that are invalid, the
/// SDK of MCP of all.
const NOISE: [(&str, &str); 2] = [
    ("actix_http", "actix_http::h1::dispatcher=off"),
    ("rmcp", "rmcp=off"),
];

/// Writes the log to standard error: one JSON object a line in production, readable lines elsewhere. Panics are logged
/// too.
pub(crate) fn start(filter: &str, mode: Mode) {
    let mut filter = filter.to_owned();
    for (name, off) in NOISE {
        if !filter.contains(name) {
            filter = format!("{filter},{off}");
        }
    }
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
        log.fmt_fields(on_one_line()).with_target(false).init();
    }
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, words = panic.payload_as_str(), "a panic");
    }));
}

/// Formats the fields of an event on one readable line. Escapes characters that end a line or control a terminal,
/// because some fields come from clients and messages of libpq have several lines.
pub fn on_one_line() -> impl for<'writer> FormatFields<'writer> + Send + Sync + 'static {
    debug_fn(|writer, field, value| {
        // Events of the crate `log` carry their origin in these fields. It is already shown as the origin.
        if field.name().starts_with("log.") {
            return Ok(());
        }
        if field.name() != "message" {
            write!(writer, "{field}=")?;
        }
        for letter in format!("{value:?}").trim().chars() {
            if is_plain(letter) {
                writer.write_char(letter)?;
            } else {
                write!(writer, "{}", letter.escape_default())?;
            }
        }
        Ok(())
    })
    .delimited(" ")
}

/// Whether a character neither ends a line, nor controls a terminal, nor changes the direction of text (Unicode 16,
/// UAX #9).
pub(crate) fn is_plain(letter: char) -> bool {
    let changes_direction = matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !letter.is_control() && !changes_direction
}
