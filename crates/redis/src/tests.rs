use std::io;

use super::*;

use tokio::net::TcpListener;

use crate::testing::Way;

async fn ping(redis: &Redis) -> Option<String> {
    redis
        .ask(async |mut connection| redis::cmd("PING").query_async(&mut connection).await)
        .await
}

/// What this thread logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn one_that_goes_and_comes_back_is_left_alone_meanwhile() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let way = Way::open().await;
    let redis = Redis::with_patience(&way.url(), Duration::from_secs(5)).unwrap();
    assert!(!redis.is_well());
    assert_eq!(ping(&redis).await.as_deref(), Some("PONG"));
    assert!(redis.is_well());
    way.cut();
    // The cut may still be under way when the first call is made.
    let started = Instant::now();
    while redis.is_well() {
        ping(&redis).await;
        assert!(started.elapsed() < Duration::from_secs(5));
    }
    let failures = redis.failures();
    for _ in 0..1_000 {
        assert_eq!(ping(&redis).await, None);
    }
    assert_eq!(
        redis.failures(),
        failures,
        "a call was made during the pause"
    );
    let _way = way.mended().await;
    let started = Instant::now();
    while ping(&redis).await.is_none() {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "it did not come back"
        );
        tokio::task::yield_now().await;
    }
    assert!(redis.is_well());
    let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 2, "{said}");
    assert!(lines[0].contains("Redis does not answer") && lines[1].contains("Redis is back"));
}

#[tokio::test]
async fn one_that_is_silent_costs_a_moment_once() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", silent.local_addr().unwrap());
    let redis = Redis::at(&url.into()).unwrap();
    let started = Instant::now();
    for _ in 0..1_000 {
        assert_eq!(ping(&redis).await, None);
    }
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );
    assert!(redis.failures() <= 3);
}

#[test]
fn an_address_that_is_none_is_refused_and_not_printed() {
    let error = Redis::at(&"hush".into()).unwrap_err();
    assert!(!format!("{error:?} {error}").contains("hush"));
    let redis = Redis::at(&"redis://:hush@127.0.0.1:1".into()).unwrap();
    assert!(!format!("{redis:?}").contains("hush"));
}
