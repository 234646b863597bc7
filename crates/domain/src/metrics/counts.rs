use std::borrow::Cow;
use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use foldhash::quality::RandomState;

use super::{Bucket, RequestRecord};

/// Requests, counted by the hour, route, method and range of response times. However many there are, it stays small.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestCounts(HashMap<Counted, RequestCount, RandomState>);

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Counted {
    /// Hours since the Unix epoch.
    hours: u64,
    /// The pattern of the route.
    pub endpoint: Cow<'static, str>,
    /// The method.
    pub method: &'static str,
    /// How long the requests took.
    pub bucket: Bucket,
}

impl Counted {
    /// When the hour began.
    pub fn hour(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.hours * 3_600)
    }

    fn of(request: &RequestRecord) -> Self {
        let since = request.at.duration_since(SystemTime::UNIX_EPOCH);
        Self {
            hours: since.map_or(0, |since| since.as_secs() / 3_600),
            endpoint: request.endpoint.clone(),
            method: request.method,
            bucket: Bucket::of(request.milliseconds()),
        }
    }
}

/// How many there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RequestCount {
    /// All of them.
    pub requests: u64,
    /// Those answered with a status of 400 or more.
    pub errors: u64,
    /// Their response times together, in microseconds.
    pub microseconds: u64,
}

impl RequestCounts {
    /// Counts one more.
    pub fn add(&mut self, request: &RequestRecord) {
        let count = self.0.entry(Counted::of(request)).or_default();
        count.requests += 1;
        count.errors += u64::from(request.is_error());
        count.microseconds += u64::from(request.microseconds);
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All counts, in the order of what is counted.
    pub fn sorted(&self) -> Vec<(&Counted, RequestCount)> {
        let mut all: Vec<_> = self.0.iter().map(|(key, count)| (key, *count)).collect();
        all.sort_unstable_by_key(|(counted, _)| *counted);
        all
    }
}

impl<'a> FromIterator<&'a RequestRecord> for RequestCounts {
    fn from_iter<I: IntoIterator<Item = &'a RequestRecord>>(requests: I) -> Self {
        let mut counts = Self::default();
        for request in requests {
            counts.add(request);
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_is_counted_together() {
        let request = |hour: u64, status, microseconds| RequestRecord {
            at: SystemTime::UNIX_EPOCH + Duration::from_secs(hour * 3_600 + 59),
            endpoint: "/api/products".into(),
            method: "GET",
            status,
            microseconds,
            user_agent: None,
            address: None,
        };
        let requests = [
            request(2, 200, 900),
            request(1, 200, 1_100),
            request(1, 404, 1_000),
            request(1, 200, 7_000),
        ];
        let counts: RequestCounts = requests.iter().collect();
        let told: Vec<_> = counts
            .sorted()
            .into_iter()
            .map(|(counted, count)| {
                let hour = counted.hour().duration_since(SystemTime::UNIX_EPOCH);
                (
                    hour.unwrap().as_secs() / 3_600,
                    counted.bucket.milliseconds(),
                    (count.requests, count.errors, count.microseconds),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (1, 1, (2, 1, 2_100)),
                (1, 7, (1, 0, 7_000)),
                (2, 1, (1, 0, 900))
            ]
        );
    }
}
