use std::io::{self, Write};
use std::sync::{Mutex, Once, PoisonError};

use eggypro_imaging::testing::SECRET as CLOUDINARY_SECRET;
use eggypro_server::on_one_line;
use tracing_subscriber::EnvFilter;

use crate::{ADMIN_SECRET, JWT_SECRET};

/// Texts that must not appear in a log: the secrets of test shops, and the beginnings of bearer and session tokens and of
/// the secrets of webhooks.
const SECRETS: [&str; 6] = [
    ADMIN_SECRET,
    JWT_SECRET,
    CLOUDINARY_SECRET,
    "Bearer ",
    "eyJ",
    "whsec_",
];

/// The first forbidden line.
static BAD_LINE: Mutex<Option<String>> = Mutex::new(None);

/// Checks every log line of the shops in this process. The format is the text for people, which is easier to forge than
/// JSON.
pub(crate) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            // The tests' own HTTP clients are not part of the server's log.
            .with_env_filter(EnvFilter::new("debug,hyper_util=off,reqwest=off"))
            .with_ansi(false)
            .fmt_fields(on_one_line())
            .with_writer(|| Reader)
            .init();
    });
}

/// Panics if a forbidden line was logged.
pub(crate) fn check() {
    let line = BAD_LINE
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    assert_eq!(line, None, "a line of the log holds a secret, or is none");
}

/// Receives each log event in one write.
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
