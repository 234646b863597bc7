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
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn delays_follow_the_schedule() {
        let delays: Vec<_> = (1..)
            .map_while(|attempt| next_attempt(attempt, None, 0.5))
            .map(|delay| delay.as_secs_f64().round())
            .collect();
        assert_eq!(
            delays,
            [
                5.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0
            ]
        );
        assert_eq!(delays.len() + 1, usize::try_from(MAX_ATTEMPTS).unwrap());
        for attempt in [0, MAX_ATTEMPTS, u32::MAX] {
            assert_eq!(next_attempt(attempt, Some(seconds(5)), 0.5), None);
        }
    }

    #[test]
    fn randomness_moves_a_delay_by_a_tenth() {
        let delay = |random| next_attempt(2, None, random).unwrap().as_secs_f64();
        for (random, expected) in [
            (0.0, 270.0),
            (0.25, 285.0),
            (1.0, 330.0),
            (-3.0, 270.0),
            (7.0, 330.0),
        ] {
            assert!((delay(random) - expected).abs() < 1e-6, "{random}");
        }
    }

    #[test]
    fn a_receiver_can_ask_for_longer_delays() {
        let delay = |attempt, asked| next_attempt(attempt, Some(asked), 0.5).unwrap();
        assert_eq!(delay(1, seconds(60)), seconds(60));
        assert_eq!(delay(2, seconds(60)), next_attempt(2, None, 0.5).unwrap());
        assert_eq!(delay(1, seconds(90_000)), MAX_RETRY_AFTER);
        assert_eq!(delay(1, Duration::MAX), MAX_RETRY_AFTER);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        // Sun, 06 Nov 1994 08:49:37 GMT
        let now = 784_111_777;
        for (header, expected) in [
            ("0", Some(0)),
            ("120", Some(120)),
            (" 120 ", Some(120)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sunday, 06-Nov-94 08:50:37 GMT", Some(60)),
            ("Sun Nov  6 08:50:37 1994", Some(60)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("", None),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
            ("Sun, 36 Nov 1994 08:49:37 GMT", None),
        ] {
            assert_eq!(retry_after(header, now), expected.map(seconds), "{header}");
        }
    }
}
