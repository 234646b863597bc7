//! Requests that fail and are sent again.

use std::time::{Duration, SystemTime};

use eggypro_client::stock::{MovementReason, NewMovement};
use eggypro_client::{Error, RetryPolicy};
use tokio::time::Instant;

use crate::fixtures::{movement, product};
use crate::server::{Reply, Server};

fn sale() -> NewMovement {
    NewMovement::by(-2, MovementReason::Sale)
}

#[tokio::test(start_paused = true)]
async fn a_write_keeps_its_key_in_all_attempts() {
    let server = Server::replying([
        Reply::Cut,
        Reply::HalfAnswer,
        Reply::json(502, "<html>"),
        Reply::problem(409, "idempotency-in-flight").with("Retry-After", "1"),
        Reply::json(201, movement(1)),
    ])
    .await;
    let client = server.client();
    let movement = client.stock().move_one("eggs", &sale()).await.unwrap();
    assert_eq!(movement.id, 1);
    let received = server.received();
    assert_eq!(received.len(), 5);
    let key = received[0].header("idempotency-key").unwrap().to_owned();
    assert_eq!(key.len(), 36);
    for request in &received {
        assert_eq!(request.header("idempotency-key"), Some(&*key));
        assert_eq!(request.text(), r#"{"change":-2,"reason":"sale"}"#);
    }
    client.stock().move_one("eggs", &sale()).await.unwrap();
    let other = server.received();
    assert_ne!(other[5].header("idempotency-key"), Some(&*key));
}

#[tokio::test]
async fn the_caller_may_choose_the_key() {
    let server = Server::replying([Reply::Cut, Reply::json(201, movement(1))]).await;
    let call = server.client();
    let call = call.stock().move_one("eggs", &sale());
    call.idempotency_key("order-1001").await.unwrap();
    for request in server.received() {
        assert_eq!(request.header("idempotency-key"), Some("order-1001"));
    }
}

#[tokio::test]
async fn reads_have_no_key() {
    let server = Server::replying([Reply::Cut, Reply::json(200, product(1, "eggs", "1"))]).await;
    let client = server.client();
    let call = client.products().get("eggs").idempotency_key("order-1001");
    call.await.unwrap();
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[1].header("idempotency-key"), None);
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_heeded() {
    let date = httpdate(SystemTime::now() + Duration::from_secs(30));
    for (retry_after, least) in [("7".to_owned(), 7), (date, 25)] {
        let server = Server::replying([
            Reply::problem(503, "service-unavailable").with("Retry-After", retry_after),
            Reply::json(200, product(1, "eggs", "1")),
        ])
        .await;
        let began = Instant::now();
        server.client().products().get("eggs").await.unwrap();
        assert!(began.elapsed() >= Duration::from_secs(least));
        assert!(began.elapsed() <= Duration::from_secs(31));
    }
}

fn httpdate(time: SystemTime) -> String {
    let time = eggypro_client::OffsetDateTime::from(time);
    let weekday = &time.weekday().to_string()[..3];
    let month = &time.month().to_string()[..3];
    let (day, year) = (time.day(), time.year());
    let (hour, minute, second) = time.to_hms();
    format!("{weekday}, {day:02} {month} {year} {hour:02}:{minute:02}:{second:02} GMT")
}

#[tokio::test(start_paused = true)]
async fn a_pause_beyond_the_deadline_is_not_begun() {
    let server =
        Server::replying([Reply::problem(429, "rate-limited").with("Retry-After", "900")]).await;
    let began = Instant::now();
    let error = server.client().products().get("eggs").await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(900)));
    assert!(began.elapsed() < Duration::from_secs(1));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn silence_ends_with_a_timeout() {
    let server = Server::replying([Reply::Silence]).await;
    let client = server.builder().timeout(Duration::from_secs(3)).build();
    let client = client.unwrap();
    let began = Instant::now();
    let call = client.products().get("eggs").max_retries(2);
    let error = call.await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(server.received().len(), 3);
    assert!(began.elapsed() >= Duration::from_secs(9));
    let began = Instant::now();
    let call = client.products().get("eggs");
    let error = call.deadline(Duration::from_secs(5)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(began.elapsed() <= Duration::from_secs(5));
}

#[tokio::test]
async fn refusals_are_not_repeated() {
    for (status, code) in [
        (400, "invalid-query"),
        (401, "unauthorized"),
        (403, "forbidden"),
        (404, "not-found"),
        (409, "insufficient-stock"),
        (409, "idempotent-answer-lost"),
        (412, "precondition-failed"),
        (422, "validation-failed"),
    ] {
        let server = Server::replying([Reply::problem(status, code)]).await;
        let client = server.client();
        let error = client.stock().move_one("eggs", &sale()).await.unwrap_err();
        assert_eq!((error.status(), error.code()), (Some(status), Some(code)));
        assert_eq!(error.is_conflict(), status == 409);
        assert_eq!(server.received().len(), 1, "{code}");
    }
}

#[tokio::test]
async fn failures_that_remain_are_reported() {
    for reply in [
        Reply::Cut,
        Reply::problem(408, "body-too-slow"),
        Reply::problem(500, "internal-error"),
        Reply::json(504, ""),
    ] {
        let server = Server::replying([reply.clone()]).await;
        let retry = RetryPolicy::never().with_max_retries(2);
        let retry = retry.with_delays(Duration::ZERO, Duration::ZERO);
        let client = server.builder().retry(retry).build().unwrap();
        let error = client.stock().move_one("eggs", &sale()).await.unwrap_err();
        assert_eq!(server.received().len(), 3, "{reply:?}");
        match reply {
            Reply::Cut => assert!(matches!(error, Error::Transport(_)), "{error}"),
            _ => assert!(error.status().is_some(), "{error}"),
        }
    }
}

#[tokio::test]
async fn an_unreachable_server_is_a_transport_error() {
    let server = Server::replying([Reply::Cut]).await;
    let client = server.client();
    drop(server);
    let error = client.products().get("eggs").await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_absurd_retry_after_is_an_error() {
    for retry_after in [
        u64::MAX.to_string(),
        "99999999999999999999999".to_owned(),
        "Fri, 31 Dec 9999 23:59:59 GMT".to_owned(),
    ] {
        let reply = Reply::problem(503, "service-unavailable").with("Retry-After", retry_after);
        let server = Server::replying([reply]).await;
        let error = server.client().products().get("eggs").await.unwrap_err();
        assert_eq!(error.status(), Some(503));
        let a_year = Duration::from_secs(365 * 24 * 60 * 60);
        assert_eq!(error.retry_after(), Some(a_year));
        assert_eq!(server.received().len(), 1);
    }
    // One that is not repeated anyway is reported as well.
    let refusal = Reply::problem(403, "forbidden").with("Retry-After", u64::MAX.to_string());
    let server = Server::replying([refusal]).await;
    let error = server.client().products().get("eggs").await.unwrap_err();
    assert!(error.is_forbidden());
}

#[tokio::test(start_paused = true)]
async fn a_write_waits_for_its_first_attempt() {
    let in_flight = Reply::problem(409, "idempotency-in-flight").with("Retry-After", "1");
    let mut replies = vec![Reply::Cut];
    replies.extend(vec![in_flight.clone(); 20]);
    replies.push(Reply::json(201, movement(1)));
    let server = Server::replying(replies).await;
    let client = server.client();
    let call = client.stock().move_one("eggs", &sale()).max_retries(1);
    assert_eq!(call.await.unwrap().id, 1);
    assert_eq!(server.received().len(), 22);

    for reply in [in_flight, Reply::problem(409, "idempotency-in-flight")] {
        let server = Server::replying([reply]).await;
        let began = Instant::now();
        let client = server.client();
        let call = client.stock().move_one("eggs", &sale());
        let error = call.deadline(Duration::from_secs(9)).await.unwrap_err();
        assert_eq!(error.code(), Some("idempotency-in-flight"));
        assert!(!error.is_conflict());
        assert!(began.elapsed() <= Duration::from_secs(9));
        assert!((8..=10).contains(&server.received().len()));
        let call = client.stock().move_one("eggs", &sale()).max_retries(0);
        let before = server.received().len();
        call.await.unwrap_err();
        assert_eq!(server.received().len(), before + 1);
    }
}

#[tokio::test]
async fn the_longest_times_are_no_limits() {
    let server = Server::replying([Reply::Cut, Reply::json(200, product(1, "eggs", "1"))]).await;
    let builder = server.builder().timeout(Duration::MAX);
    let client = builder.deadline(Duration::MAX).build().unwrap();
    client.products().get("eggs").await.unwrap();
    let call = client.products().get("eggs").timeout(Duration::MAX);
    call.deadline(Duration::MAX).await.unwrap();
}
