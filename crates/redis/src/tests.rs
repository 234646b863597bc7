use std::cell::RefCell;
use std::io;
use std::sync::Once;

use super::*;

use tokio::net::TcpListener;

use crate::redis::cmd;
use crate::testing::{self, OwnRedis, Proxy};

async fn ping(redis: &Redis) -> Option<String> {
    redis
        .call(async |mut connection| redis::cmd("PING").query_async(&mut connection).await)
        .await
}

thread_local! {
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(vec![]) };
}

/// Writes to the log of the current thread. Each test has a thread to itself.
struct ThreadLog;

impl io::Write for ThreadLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Captures the log of each thread. All tests share one global subscriber, since thread-local subscribers of concurrent
/// tests can miss events.
fn capture_log() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let subscriber = tracing_subscriber::fmt().with_writer(|| ThreadLog).finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}

/// The captured log of this thread.
fn logged() -> String {
    LOG.with_borrow(|log| String::from_utf8(log.clone()).unwrap())
}

#[tokio::test]
async fn no_calls_are_made_during_an_outage() {
    capture_log();
    let proxy = Proxy::open().await;
    let redis = Redis::with_call_timeout(&proxy.url(), Duration::from_secs(5)).unwrap();
    assert!(!redis.is_available());
    assert_eq!(ping(&redis).await.as_deref(), Some("PONG"));
    assert!(redis.is_available());
    proxy.cut();
    // The cut may still be under way when the first call is made.
    let started = Instant::now();
    while redis.is_available() {
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
    let _proxy = proxy.reopened().await;
    let started = Instant::now();
    while ping(&redis).await.is_none() {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "it did not come back"
        );
        tokio::task::yield_now().await;
    }
    assert!(redis.is_available());
    let said = logged();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 2, "{said}");
    assert!(lines[0].contains("Redis does not answer") && lines[1].contains("Redis is back"));
}

#[tokio::test]
async fn a_refusal_is_logged_once_with_its_reason() {
    capture_log();
    let prefix = testing::prefix();
    let url = testing::url_of_user(&prefix, &["+ping", "+select"]).await;
    let redis = Redis::with_call_timeout(&url, Duration::from_secs(5)).unwrap();
    let get = async || {
        let get = async |mut connection| cmd("GET").arg("x").query_async(&mut connection).await;
        redis.call::<Option<String>>(get).await
    };
    while redis.is_available() || redis.failures() == 0 {
        assert_eq!(get().await, None);
    }
    // Redis accepts the new connection and refuses the call again.
    let refused = redis.check("x").await.unwrap_err().to_string();
    assert!(refused.starts_with("NOPERM, the user lacks"), "{refused}");
    assert!(!redis.is_available());
    let said = logged();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(
        said.contains("Redis refuses: this server does without it"),
        "{said}"
    );
    assert!(
        said.contains("NOPERM") && !said.contains("S3cretPass"),
        "{said}"
    );
}

#[tokio::test]
async fn a_full_redis_and_a_replica_are_reported() {
    for (arguments, said) in [
        (["--maxmemory", "1"], "OOM, its memory is full"),
        (["--replicaof", "127.0.0.1 1"], "READONLY, it is a replica"),
    ] {
        let server = OwnRedis::start(std::env::temp_dir(), &arguments);
        let refused = server.redis().check("x").await.unwrap_err().to_string();
        assert!(refused.starts_with(said), "{refused}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_reported_but_not_printed() {
    capture_log();
    let user = testing::prefix();
    let url = testing::url_of_user(&user, &["+@all"]).await;
    let wrong = url.expose_secret().replace("S3cretPass", "S3cretWrong");
    let redis = Redis::with_call_timeout(&wrong.into(), Duration::from_secs(5)).unwrap();
    assert_eq!(ping(&redis).await, None);
    let said = logged();
    assert!(said.contains("the user or password is wrong"), "{said}");
    assert!(!said.contains("S3cret") && !said.contains(&user), "{said}");
}

#[tokio::test]
async fn after_an_outage_a_new_connection_is_made() {
    let prefix = testing::prefix();
    let rights = ["+client|id", "+evalsha", "+script|load", "+set", "allkeys"];
    let url = testing::url_of_user(&prefix, &rights).await;
    let redis = Redis::with_call_timeout(&url, Duration::from_secs(5)).unwrap();
    let id = async || {
        let id = async |mut connection| cmd("CLIENT").arg("ID").query_async(&mut connection).await;
        redis.call::<u64>(id).await.unwrap()
    };
    let before = id().await;
    // Like a server that has become a replica and keeps its connections.
    while redis.is_available() {
        let get = async |mut connection| cmd("GET").arg("x").query_async(&mut connection).await;
        assert_eq!(redis.call::<Option<String>>(get).await, None);
    }
    redis.check(&prefix).await.unwrap();
    assert_ne!(id().await, before);
}

#[tokio::test]
async fn a_check_needs_the_permissions_of_real_calls() {
    let prefix = testing::prefix();
    let rights = ["+get", "+set", "+ping", "allkeys"];
    let url = testing::url_of_user(&prefix, &rights).await;
    let redis = Redis::with_call_timeout(&url, Duration::from_secs(5)).unwrap();
    let refused = redis.check(&prefix).await.unwrap_err().to_string();
    assert!(refused.starts_with("NOPERM"), "{refused}");
}

#[tokio::test]
async fn a_check_notices_that_redis_is_back() {
    let proxy = Proxy::open().await;
    let key = testing::prefix();
    let redis = proxy.redis();
    proxy.cut();
    assert!(redis.check(&key).await.is_err());
    assert_eq!(ping(&redis).await, None, "it is left alone");
    let _proxy = proxy.reopened().await;
    redis.check(&key).await.unwrap();
    assert!(redis.is_available());
}

#[tokio::test]
async fn a_silent_redis_delays_only_the_first_calls() {
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
fn an_invalid_address_is_refused_and_not_printed() {
    let error = Redis::at(&"hush".into()).unwrap_err();
    assert!(!format!("{error:?} {error}").contains("hush"));
    let redis = Redis::at(&"redis://:hush@127.0.0.1:1".into()).unwrap();
    assert!(!format!("{redis:?}").contains("hush"));
}
