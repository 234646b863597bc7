//! Warnings about failing connections.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use diesel::r2d2::{self, HandleError};

use crate::ConnectFailure;

/// Logs failing connections at most every ten seconds. Otherwise a dead database would fill the log.
#[derive(Debug, Default)]
pub(super) struct RareWarning {
    last: Mutex<Option<(Instant, u32)>>,
}

impl RareWarning {
    const PAUSE: Duration = Duration::from_secs(10);
}

impl HandleError<r2d2::Error> for RareWarning {
    fn handle_error(&self, error: r2d2::Error) {
        let Ok(mut last) = self.last.lock() else {
            return;
        };
        match &mut *last {
            Some((at, unlogged)) if at.elapsed() < Self::PAUSE => *unlogged += 1,
            last => {
                let unlogged = last.map_or(0, |(_, unlogged)| unlogged);
                let reason = reason(&error);
                tracing::warn!(
                    failures = unlogged + 1,
                    reason,
                    "connections to the database fail"
                );
                *last = Some((Instant::now(), 0));
            }
        }
    }
}

/// The reason of a failure without libpq's message, which may name the host and the user.
fn reason(error: &r2d2::Error) -> String {
    match error {
        r2d2::Error::ConnectionError(error) => ConnectFailure::of(error).to_string(),
        r2d2::Error::QueryError(_) => "a session can't be set up".to_owned(),
    }
}
