use super::*;

use std::time::SystemTime;

use eggypro_domain::metrics::{AddressDetail, RequestRecord, RequestRecorder};
use eggypro_persistence::testing::TestDatabase;
use eggypro_persistence::{Database, DatabaseSettings, PostgresMetrics};

fn writer(database: Database) -> Writer {
    Writer {
        recorder: Arc::new(Recorder::new(AddressDetail::Off)),
        figures: Arc::new(Figures::new().unwrap()),
        is_watched: false,
        store: Some((Arc::new(PostgresMetrics::new(database)), 30)),
        bytes_a_day: u64::MAX,
    }
}

fn request(status: u16) -> RequestRecord<'static> {
    RequestRecord {
        kind: RequestKind {
            endpoint: "/api/products".into(),
            method: "GET",
            status,
            user_agent: None,
            address: Some([203, 0, 113, 7].into()),
        },
        timing: RequestTiming {
            at: SystemTime::now(),
            microseconds: 7,
        },
        detail: RequestDetail::Recorded,
    }
}

fn writer_without_database() -> Writer {
    let nowhere = DatabaseSettings::new("host=/nowhere".parse().unwrap());
    writer(Database::start(&nowhere).unwrap())
}

fn counted(batch: &RequestBatch) -> u64 {
    let counts = batch.counts.sorted();
    counts.iter().map(|(_, count)| count.requests).sum()
}

#[test]
fn each_kind_has_a_share_of_the_records_and_all_requests_are_counted() {
    let writer = writer_without_database();
    let mut held = writer.held();
    held.quota = 100;
    for number in 0..130 {
        writer
            .recorder
            .record(request(if number < 126 { 200 } else { 500 }));
    }
    writer.take_all(&mut held);
    // About half of the quota goes to the kind that is taken first.
    let recorded = held.count;
    assert!((52..=54).contains(&recorded), "{recorded}");
    assert_eq!(held.quota, 100 - recorded);
    assert_eq!(writer.recorder.lost(), 130 - recorded as u64);
    let batch = held.take().unwrap();
    assert_eq!((batch.request_count(), counted(&batch)), (recorded, 130));
    let failed = batch.requests.iter().find(|alike| alike.kind.is_error());
    assert_eq!(failed.unwrap().timings.len(), 4);
    assert_eq!(batch.requests[0].kind.address, None);
    assert_eq!(held.take(), None);
}

#[test]
fn counted_requests_are_not_recorded_and_made_up_user_agents_take_few_rows() {
    let writer = writer_without_database();
    let mut held = writer.held();
    for number in 0..3 * MAX_KINDS {
        let mut request = request(200);
        request.kind.user_agent = Some(number.to_string().into());
        writer.recorder.record(request);
        writer.recorder.record(RequestRecord {
            detail: RequestDetail::Counted,
            ..self::request(429)
        });
    }
    writer.take_all(&mut held);
    let batch = held.take().unwrap();
    let all = 3 * MAX_KINDS;
    assert_eq!(
        (batch.request_count(), counted(&batch)),
        (all, 2 * all as u64)
    );
    // The last row holds all requests without a client.
    assert_eq!(batch.requests.len(), MAX_KINDS + 1);
}

#[test]
fn requests_beyond_the_disk_budget_are_only_counted() {
    let writer = Writer {
        bytes_a_day: 80_000,
        ..writer_without_database()
    };
    let mut held = writer.held();
    for number in 0..100 {
        let mut request = request(200);
        request.kind.user_agent = Some(format!("{number:200}").into());
        writer.recorder.record(request);
    }
    writer.take_all(&mut held);
    let batch = held.take().unwrap();
    // An eighth of the budget is available at once, and a row with this user agent takes half a kilobyte.
    assert_eq!((batch.request_count(), counted(&batch)), (19, 100));
    assert_eq!(writer.recorder.lost(), 81);
}

#[test]
fn held_records_are_taken_in_parts_and_once() {
    let writer = writer_without_database();
    let mut held = writer.held();
    for round in 1..3 {
        for number in 0..AT_ONCE + 5_000 {
            writer.recorder.record(request(200 + (number % 7) as u16));
        }
        held.quota = usize::MAX;
        writer.take_all(&mut held);
        assert_eq!(held.count, AT_ONCE + 5_000, "{round}");
        let parts = [held.take().unwrap(), held.take().unwrap()];
        assert_eq!(
            parts.each_ref().map(RequestBatch::request_count),
            [AT_ONCE, 5_000]
        );
        assert_eq!(parts.iter().map(counted).sum::<u64>(), 30_000);
        assert_eq!(held.take(), None);
        assert_eq!((held.count, held.recorded.len()), (0, 0));
    }
}

#[tokio::test]
async fn all_waiting_records_are_written_before_the_end() {
    let database = TestDatabase::migrated();
    let writer = writer(database.open());
    let (recorder, figures) = (Arc::clone(&writer.recorder), Arc::clone(&writer.figures));
    let many = AT_ONCE + AT_ONCE / 2;
    for _ in 0..many {
        recorder.record(request(200));
    }
    let (_stop, stopped) = watch::channel(true);
    writer.run(stopped).await;
    assert_eq!((recorder.waiting(), recorder.lost()), (0, 0));
    assert_eq!(figures.records_written.get(), many as u64);
    let metrics = PostgresMetrics::new(database.open());
    let summaries = metrics.summarize(1).await.unwrap();
    assert_eq!(summaries[0].total_requests, many as u64);
}
