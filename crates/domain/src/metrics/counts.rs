use std::borrow::Cow;
use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use foldhash::quality::RandomState;

use super::{Bucket, RequestKind, RequestTiming};

/// Request counts by hour, route, method and range of response times. Its size does not depend on the number of
/// requests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestCounts(HashMap<CountKey, RequestCount, RandomState>);

/// The properties that requests are counted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountKey {
    /// Hours since the Unix epoch.
    hours: u64,
    /// The pattern of the route.
    pub endpoint: Cow<'static, str>,
    /// The HTTP method.
    pub method: &'static str,
    /// The range of response times.
    pub bucket: Bucket,
}

impl CountKey {
    /// The start of the hour.
    pub fn hour(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.hours * 3_600)
    }
}

/// The counts of requests with the same properties.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RequestCount {
    /// The number of requests.
    pub requests: u64,
    /// The number of responses with a status of 400 or more.
    pub errors: u64,
    /// The sum of their response times, in microseconds.
    pub microseconds: u64,
}

impl RequestCounts {
    /// Adds requests of a kind.
    pub fn add(&mut self, kind: &RequestKind<'_>, timings: &[RequestTiming]) {
        // Most consecutive requests have the same hour and range.
        for alike in timings.chunk_by(|one, next| range_of(one) == range_of(next)) {
            let Some((hours, bucket)) = alike.first().map(range_of) else {
                continue;
            };
            let counted = CountKey {
                hours,
                endpoint: kind.endpoint.clone(),
                method: kind.method,
                bucket,
            };
            let requests = alike.len() as u64;
            let microseconds = alike.iter().map(|timing| u64::from(timing.microseconds));
            let count = self.0.entry(counted).or_default();
            count.requests += requests;
            count.errors += if kind.is_error() { requests } else { 0 };
            count.microseconds += microseconds.sum::<u64>();
        }
    }

    /// Whether no request was counted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All counts, sorted by their properties.
    pub fn sorted(&self) -> Vec<(&CountKey, RequestCount)> {
        let mut all: Vec<_> = self.0.iter().map(|(key, count)| (key, *count)).collect();
        all.sort_unstable_by_key(|(counted, _)| *counted);
        all
    }
}

/// The hour that a request arrived in, and the range of its response time.
fn range_of(timing: &RequestTiming) -> (u64, Bucket) {
    let since = timing.at.duration_since(SystemTime::UNIX_EPOCH);
    let hours = since.map_or(0, |since| since.as_secs() / 3_600);
    (hours, Bucket::of(timing.milliseconds()))
}

#[cfg(test)]
mod tests;
