use super::*;
use crate::metrics::{RequestBatch, RequestGroup};

#[test]
fn similar_requests_are_counted_together() {
    let kind = |status| RequestKind {
        endpoint: "/api/products".into(),
        method: "GET",
        status,
        user_agent: None,
        address: None,
    };
    let timing = |hour: u64, microseconds| RequestTiming {
        at: SystemTime::UNIX_EPOCH + Duration::from_secs(hour * 3_600 + 59),
        microseconds,
    };
    let mut counts = RequestCounts::default();
    assert!(counts.is_empty());
    counts.add(
        &kind(200),
        &[
            timing(2, 900),
            timing(1, 1_100),
            timing(1, 7_000),
            timing(1, 1_200),
        ],
    );
    counts.add(&kind(404), &[timing(1, 1_000), timing(1, 800)]);
    assert!(!counts.is_empty());
    let actual: Vec<_> = counts
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
        actual,
        [
            (1, 1, (4, 2, 4_100)),
            (1, 7, (1, 0, 7_000)),
            (2, 1, (1, 0, 900))
        ]
    );
}

#[test]
fn a_batch_counts_the_requests_of_all_groups() {
    let timing = RequestTiming {
        at: SystemTime::UNIX_EPOCH,
        microseconds: 1,
    };
    let group = |status, requests| RequestGroup {
        kind: RequestKind {
            endpoint: "/api/products".into(),
            method: "GET",
            status,
            user_agent: None,
            address: None,
        },
        timings: vec![timing; requests],
    };
    let batch = RequestBatch {
        id: 1,
        requests: vec![group(200, 3), group(404, 2)],
        counts: RequestCounts::default(),
    };
    assert_eq!(batch.request_count(), 5);
}
