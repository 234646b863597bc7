use std::io::{self, Write};
use std::sync::{Mutex, Once, PoisonError};

use eggypro_imaging::testing::SECRET as CLOUDINARY_SECRET;
use eggypro_server::on_one_line;
use tracing_subscriber::EnvFilter;

use crate::{ADMIN_SECRET, JWT_SECRET};

/// What no line of a log may hold: the secrets of test shops, and what begins a bearer token or a session's token.
const SECRETS: [&str; 5] = [
    ADMIN_SECRET,
    JWT_SECRET,
    CLOUDINARY_SECRET,
    "Bearer ",
    "eyJ",
];

/// The first line that should not have been written.
static BAD_LINE: Mutex<Option<String>> = Mutex::new(None);

/// Reads along what shops of this process log, in the form that people read, which is easier to forge than JSON.
pub(crate) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            // What clients of the tests say is not the server's log.
            .with_env_filter(EnvFilter::new("debug,hyper_util=off,reqwest=off"))
            .with_ansi(false)
            .fmt_fields(on_one_line())
            .with_writer(|| Reader)
            .init();
    });
}

/// Fails where a line was bad.
pub(crate) fn check() {
    let line = BAD_LINE
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    assert_eq!(line, None, "a line of the log holds a secret, or is none");
}

/// Gets each event of the log as one piece.
struct Reader;

impl Write for Reader {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let line = text.strip_suffix('\n');
        let is_line = line.is_some_and(|line| !line.contains(|letter: char| letter.is_control()));
        if !is_line || SECRETS.iter().any(|secret| text.contains(secret)) {
            let mut bad = BAD_LINE.lock().unwrap_or_else(PoisonError::into_inner);
            bad.get_or_insert(text.into_owned());
        }
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
