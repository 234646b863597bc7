use std::time::{Duration, SystemTime};

/// Parses `Retry-After` (RFC 9110, 10.2.3): a number of seconds or a date. Limited to one day.
pub(super) fn wait(value: &str, now: SystemTime) -> Option<Duration> {
    const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
    let wait = match value.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let until = httpdate::parse_http_date(value).ok()?;
            until.duration_since(now).unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_a_number_of_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Sat, 28 Nov 2026 10:00:00 GMT").unwrap();
        for (said, seconds) in [
            ("0", Some(0)),
            ("120", Some(120)),
            ("999999999", Some(86_400)),
            ("Sat, 28 Nov 2026 10:02:00 GMT", Some(120)),
            ("Saturday, 28-Nov-26 10:00:05 GMT", Some(5)),
            ("Sat, 28 Nov 2026 09:00:00 GMT", Some(0)),
            ("Fri, 28 Nov 2036 10:00:00 GMT", Some(86_400)),
            ("soon", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(wait(said, now), seconds.map(Duration::from_secs), "{said}");
        }
    }
}
