use time::{Duration, OffsetDateTime};

use super::Percentiles;

/// Maximum number of days that a series covers hour by hour.
pub const MAX_HOURLY_DAYS: u8 = 7;

/// Statistics of all requests of an hour or a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricsPoint {
    /// The start of the hour or day.
    pub at: OffsetDateTime,
    /// The number of requests.
    pub total_requests: u64,
    /// The number of responses with a status of 400 or more.
    pub error_count: u64,
    /// The percentiles of the response times; `None` without requests.
    pub percentiles: Option<Percentiles>,
}

/// The time from one point of a series to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesStep {
    /// An hour.
    Hour,
    /// A day from midnight to midnight in UTC.
    Day,
}

impl SeriesStep {
    /// The step of a series over so many days: an hour for up to [`MAX_HOURLY_DAYS`], else a day.
    pub fn of_days(days: u8) -> Self {
        if days <= MAX_HOURLY_DAYS {
            Self::Hour
        } else {
            Self::Day
        }
    }

    /// The name, `hour` or `day`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// The length of the step.
    pub fn duration(self) -> Duration {
        match self {
            Self::Hour => Duration::HOUR,
            Self::Day => Duration::DAY,
        }
    }

    /// The start of the hour or day of a time, in UTC.
    pub fn start_of(self, at: OffsetDateTime) -> OffsetDateTime {
        let seconds = at.unix_timestamp();
        let past = seconds.rem_euclid(self.duration().whole_seconds());
        OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds - past)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_days_begin_in_utc() {
        let at = OffsetDateTime::UNIX_EPOCH
            + Duration::seconds(1_767_609_000)
            + Duration::nanoseconds(7);
        let seconds = |step: SeriesStep| step.start_of(at).unix_timestamp();
        // 10:30 on 5 January 2026.
        assert_eq!(seconds(SeriesStep::Hour), 1_767_607_200);
        assert_eq!(seconds(SeriesStep::Day), 1_767_571_200);
        for step in [SeriesStep::Hour, SeriesStep::Day] {
            let start = step.start_of(at);
            assert_eq!(step.start_of(start), start);
            assert_eq!(
                step.start_of(start + step.duration()),
                start + step.duration()
            );
        }
    }

    #[test]
    fn long_series_have_days() {
        assert_eq!(SeriesStep::of_days(7), SeriesStep::Hour);
        assert_eq!(SeriesStep::of_days(8), SeriesStep::Day);
    }
}
