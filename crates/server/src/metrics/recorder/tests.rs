use super::*;

use std::time::SystemTime;

fn request(status: u16, agent: &str) -> RequestRecord<'_> {
    RequestRecord {
        kind: RequestKind {
            endpoint: "/api/products".into(),
            method: "GET",
            status,
            user_agent: Some(agent.into()),
            address: Some([203, 0, 113, 7].into()),
        },
        timing: RequestTiming {
            at: SystemTime::UNIX_EPOCH,
            microseconds: 7,
        },
        detail: RequestDetail::Recorded,
    }
}

/// Takes the records and returns their number by status and user agent.
fn taken(recorder: &Recorder) -> Vec<(u16, String, usize)> {
    let mut taken = vec![];
    recorder.take_all(|_, kind, timings| {
        assert_eq!(kind.address, Some([203, 0, 113, 0].into()));
        let agent = kind.user_agent.as_deref().unwrap();
        taken.push((kind.status, agent.to_owned(), timings.len()));
    });
    taken.sort();
    taken
}

#[test]
fn a_full_buffer_loses_only_records_of_its_thread() {
    let recorder = Recorder::new(AddressDetail::Truncated);
    for _ in 0..CAPACITY + 3 {
        recorder.record(request(200, "a"));
    }
    std::thread::scope(|scope| {
        scope.spawn(|| recorder.record(request(404, "a")));
    });
    assert_eq!((recorder.waiting(), recorder.lost()), (CAPACITY + 1, 3));
    let all = vec![(200, "a".to_owned(), CAPACITY), (404, "a".to_owned(), 1)];
    assert_eq!(taken(&recorder), all);
    recorder.record(request(500, "a"));
    assert_eq!(taken(&recorder), vec![(500, "a".to_owned(), 1)]);
    assert_eq!((recorder.waiting(), recorder.lost()), (0, 3));
}

#[test]
fn records_of_a_kind_are_taken_together_and_once() {
    let recorder = Recorder::new(AddressDetail::Truncated);
    for round in 1..6 {
        for number in 0..round {
            recorder.record(request(200, "a"));
            recorder.record(request(200, &format!("{round} {}", number % 2)));
        }
        let taken = taken(&recorder);
        assert_eq!(taken.len(), 2 + usize::from(round > 1), "{taken:?}");
        assert!(taken.contains(&(200, "a".to_owned(), round)), "{taken:?}");
        let all: usize = taken.iter().map(|(_, _, count)| count).sum();
        assert_eq!(all, 2 * round);
    }
    assert_eq!(taken(&recorder), vec![]);
    // Kinds without requests are removed.
    taken(&recorder);
    let buffers = recorder.buffers.iter();
    assert!(
        buffers
            .flat_map(|buffer| [buffer.records(), locked(&buffer.spare)])
            .all(|records| records.kinds.is_empty())
    );
}

#[test]
fn made_up_user_agents_take_bounded_memory() {
    let recorder = Recorder::new(AddressDetail::Full);
    for number in 0..3 * MAX_KINDS {
        recorder.record(request(200, &number.to_string()));
    }
    let (mut kinds, mut forgotten) = (0, 0);
    recorder.take_all(|_, kind, timings| match kind.user_agent {
        Some(_) => kinds += 1,
        None => forgotten += timings.len(),
    });
    assert_eq!((kinds, forgotten), (MAX_KINDS, 2 * MAX_KINDS));
}

#[test]
fn counted_requests_have_no_client() {
    let recorder = Recorder::new(AddressDetail::Full);
    for number in 0..3 {
        recorder.record(RequestRecord {
            detail: RequestDetail::Counted,
            ..request(429, &number.to_string())
        });
    }
    let mut taken = vec![];
    recorder.take_all(|detail, kind, timings| {
        assert_eq!((&kind.user_agent, kind.address), (&None, None));
        taken.push((detail, kind.status, timings.len()));
    });
    assert_eq!(taken, [(RequestDetail::Counted, 429, 3)]);
}
