//! When and after which pause a request is sent again.

use std::num::IntErrorKind;
use std::time::{Duration, SystemTime};

use reqwest::header::{self, HeaderMap};

/// Longest `Retry-After`. A longer one means the same: not soon.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How often and how fast a failed request is repeated.
///
/// Reads are repeated, and writes as well, because each carries an `Idempotency-Key`, so that the server makes it once. The
/// pause before the n-th repetition is random, up to `base_delay` × 2ⁿ⁻¹ (full jitter), at most `max_delay`, and at least the
/// `Retry-After` of the answer.
///
/// An answer that the first attempt of a write still runs (409 `idempotency-in-flight`) counts as no failure. Unless `max_retries`
/// is 0, the request is then sent again until the deadline of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// Maximum number of repetitions. The default is 4.
    pub max_retries: u32,
    /// Longest pause before the first repetition. The default is 200 ms.
    pub base_delay: Duration,
    /// Longest pause without a `Retry-After`. The default is 5 s.
    pub max_delay: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 4,
            base_delay: Duration::from_millis(200),
            max_delay: Duration::from_secs(5),
        }
    }
}

impl RetryPolicy {
    /// A policy that never repeats a request.
    pub fn never() -> Self {
        Self::default().with_max_retries(0)
    }

    /// Changes the maximum number of repetitions.
    pub fn with_max_retries(self, max_retries: u32) -> Self {
        Self {
            max_retries,
            ..self
        }
    }

    /// Changes the longest pauses: before the first repetition, and before any.
    pub fn with_delays(self, base_delay: Duration, max_delay: Duration) -> Self {
        Self {
            base_delay,
            max_delay,
            ..self
        }
    }

    /// The pause after a number of failures, at least 1. `random` is from 0 to 1.
    pub(crate) fn pause(
        &self,
        failures: u32,
        retry_after: Option<Duration>,
        random: f64,
    ) -> Duration {
        let exponent = failures.saturating_sub(1).min(30);
        let longest = self.base_delay.saturating_mul(1 << exponent);
        let longest = longest.min(self.max_delay).min(MAX_RETRY_AFTER);
        let jitter = longest.mul_f64(random.clamp(0.0, 1.0));
        jitter.max(retry_after.unwrap_or_default())
    }
}

/// Reads `Retry-After`: seconds, or an HTTP date. At most a year, so that no sum of times overflows.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let pause = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => Duration::MAX,
        Err(_) => {
            let date = httpdate::parse_http_date(text).ok()?;
            date.duration_since(now).unwrap_or_default()
        }
    };
    Some(pause.min(MAX_RETRY_AFTER))
}

#[cfg(test)]
mod tests;
