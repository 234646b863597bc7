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
fn so_many_are_noted_of_each_kind_and_all_are_counted() {
    let writer = writer_without_database();
    let mut held = writer.held();
    held.room = 100;
    for number in 0..130 {
        writer
            .recorder
            .record(request(if number < 126 { 200 } else { 500 }));
    }
    writer.take_all(&mut held);
    // About half of the room, to whichever kind it is given first.
    let noted = held.count;
    assert!((52..=54).contains(&noted), "{noted}");
    assert_eq!(held.room, 100 - noted);
    assert_eq!(writer.recorder.lost(), 130 - noted as u64);
    let batch = held.take().unwrap();
    assert_eq!((batch.noted(), counted(&batch)), (noted, 130));
    let failed = batch.requests.iter().find(|alike| alike.kind.is_error());
    assert_eq!(failed.unwrap().timings.len(), 4);
    assert_eq!(batch.requests[0].kind.address, None);
    assert_eq!(held.take(), None);
}

#[test]
fn what_is_only_counted_takes_no_note_and_made_up_user_agents_few_rows() {
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
    assert_eq!((batch.noted(), counted(&batch)), (all, 2 * all as u64));
    // The last row is of all whose client was forgotten.
    assert_eq!(batch.requests.len(), MAX_KINDS + 1);
}

#[test]
fn what_the_disk_has_no_room_for_is_counted_alone() {
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
    // An eighth of it is free at once, and a row of this agent takes half a kilobyte.
    assert_eq!((batch.noted(), counted(&batch)), (19, 100));
    assert_eq!(writer.recorder.lost(), 81);
}

#[test]
fn what_is_held_is_taken_in_parts_and_once() {
    let writer = writer_without_database();
    let mut held = writer.held();
    for round in 1..3 {
        for number in 0..AT_ONCE + 5_000 {
            writer.recorder.record(request(200 + (number % 7) as u16));
        }
        held.room = usize::MAX;
        writer.take_all(&mut held);
        assert_eq!(held.count, AT_ONCE + 5_000, "{round}");
        let parts = [held.take().unwrap(), held.take().unwrap()];
        assert_eq!(parts.each_ref().map(RequestBatch::noted), [AT_ONCE, 5_000]);
        assert_eq!(parts.iter().map(counted).sum::<u64>(), 30_000);
        assert_eq!(held.take(), None);
        assert_eq!((held.count, held.noted.len()), (0, 0));
    }
}

#[tokio::test]
async fn all_that_waits_is_written_before_the_end_however_many_transactions_that_takes() {
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
    assert_eq!(figures.notes_written.get(), many as u64);
    let metrics = PostgresMetrics::new(database.open());
    let summaries = metrics.summarize(1).await.unwrap();
    assert_eq!(summaries[0].total_requests, many as u64);
}
