//! When a failed delivery is attempted again.

use std::time::{Duration, SystemTime};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// The delays after the failed attempts, in seconds: those that Standard Webhooks recommends.
const DELAYS: [u64; 9] = [
    5,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
];

/// Maximum number of attempts to deliver an event.
pub const MAX_ATTEMPTS: u32 = 10;

/// Maximum delay that a receiver can ask for with `Retry-After`.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * HOUR);

/// How much a delay differs from the schedule at most, as a share of it.
const JITTER: f64 = 0.1;

/// The delay until the next attempt, or `None` after the last one.
///
/// `attempt` is the number of the attempt that failed, from 1 on. `retry_after` is what the receiver asked for: the delay
/// is at least as long, up to [`MAX_RETRY_AFTER`]. `random` is a random number from 0 to 1 and moves the delay by up to a
/// tenth, so that deliveries that failed together don't return together.
pub fn next_attempt(attempt: u32, retry_after: Option<Duration>, random: f64) -> Option<Duration> {
    let index = usize::try_from(attempt.checked_sub(1)?).ok()?;
    let delay = Duration::from_secs(*DELAYS.get(index)?);
    let delay = delay.mul_f64(1.0 - JITTER + 2.0 * JITTER * random.clamp(0.0, 1.0));
    let asked = retry_after.unwrap_or_default().min(MAX_RETRY_AFTER);
    Some(delay.max(asked))
}

/// The delay that a `Retry-After` header asks for: seconds or an HTTP date. `now` is in seconds since the Unix epoch.
/// `None` if the header is neither.
pub fn retry_after(header: &str, now: i64) -> Option<Duration> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(header.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(header).ok()?;
    let now = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(now).ok()?))?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests;
