//! What receivers get, and what is recorded.

use eggypro_domain::webhooks::MAX_OPEN;

use super::*;

/// The fields of a failed attempt.
async fn failure(server: &mut Server) -> (Option<u16>, String, Option<Duration>) {
    match server.call().await {
        Call::Failed {
            status,
            error,
            retry_in,
            ..
        } => (status, error, retry_in),
        other => panic!("{other:?}"),
    }
}

/// A delay of the schedule, with its jitter.
fn is_about(delay: Option<Duration>, seconds: f64) -> bool {
    let delay = delay.map(|delay| delay.as_secs_f64());
    delay.is_some_and(|delay| (seconds * 0.89..seconds * 1.11).contains(&delay))
}

#[tokio::test]
async fn events_about_a_resource_arrive_in_order() {
    let (mut server, mut receiver) = (Server::start(), Receiver::start().await);
    server.webhook(&receiver).await;
    server
        .publish(&[(1, "7"), (2, "7"), (3, "8"), (4, "7")])
        .await;
    let mut first = [receiver.next().await, receiver.next().await];
    first.sort_by(|one, other| one.id.cmp(&other.id));
    let [one, three] = first;
    assert_eq!((one.id.as_str(), three.id.as_str()), ("1", "3"));
    assert_eq!(one.body, r#"{"subject":"/api/products/7"}"#);
    three.accept();
    assert_eq!(server.call().await, Call::Delivered(3, 200));
    assert!(receiver.has_no_other(), "1 is still being sent");
    one.answer("204 No Content");
    assert_eq!(server.call().await, Call::Delivered(1, 204));
    for id in [2, 4] {
        let next = receiver.next().await;
        assert_eq!(next.id, id.to_string());
        assert!(receiver.has_no_other());
        next.accept();
        assert_eq!(server.call().await, Call::Delivered(id, 200));
    }
    let figures = server.deliverer.figures();
    assert_eq!((figures.delivered, figures.open), (4, 0));
}

#[tokio::test]
async fn a_receiver_that_hangs_delays_no_other() {
    let server = Server::start();
    let (mut hanging, mut other) = (Receiver::start().await, Receiver::start().await);
    server.webhook(&hanging).await;
    server.webhook(&other).await;
    let products: Vec<String> = (1..=20).map(|id| id.to_string()).collect();
    let updates: Vec<(i64, &str)> = (1..).zip(products.iter().map(String::as_str)).collect();
    server.publish(&updates).await;
    for _ in &updates {
        other.next().await.accept();
    }
    let mut open = vec![];
    for _ in 0..MAX_OPEN {
        open.push(hanging.next().await);
    }
    assert!(hanging.has_no_other() && other.has_no_other());
    open.remove(0).accept();
    open.push(hanging.next().await);
}

#[tokio::test]
async fn slow_requests_leave_others_a_place() {
    let server = Server::start();
    let (mut hanging, mut open) = (vec![], vec![]);
    for _ in 0..8 {
        let receiver = Receiver::start().await;
        server.webhook(&receiver).await;
        hanging.push(receiver);
    }
    let products: Vec<String> = (1..=8).map(|id| id.to_string()).collect();
    let updates: Vec<(i64, &str)> = (1..).zip(products.iter().map(String::as_str)).collect();
    server.publish(&updates).await;
    for receiver in &mut hanging {
        for _ in &updates {
            open.push(receiver.next().await);
        }
    }
    assert_eq!(server.deliverer.figures().open, 64);
    let mut other = Receiver::start().await;
    server.webhook(&other).await;
    server.publish(&[(9, "9")]).await;
    assert_eq!(other.next().await.id, "9");
}

#[tokio::test]
async fn failures_are_recorded_with_the_next_attempt() {
    let (mut server, mut receiver) = (Server::start(), Receiver::start().await);
    server.webhook(&receiver).await;
    server.publish(&[(1, "7")]).await;
    receiver.next().await.answer("500 Oops");
    let (status, error, delay) = failure(&mut server).await;
    assert_eq!(status, Some(500));
    assert_eq!(error, "the receiver answered 500");
    assert!(is_about(delay, 5.0), "{delay:?}");

    server.publish(&[(2, "8")]).await;
    drop(receiver.next().await);
    let (status, error, delay) = failure(&mut server).await;
    assert_eq!(status, None);
    assert_eq!(error, "the connection was closed before an answer came");
    assert!(is_about(delay, 5.0), "{delay:?}");

    server.publish(&[(3, "9")]).await;
    let request = receiver.next().await;
    request.answer("429 Too Many Requests\r\nretry-after: 120");
    let (_, _, delay) = failure(&mut server).await;
    assert_eq!(delay, Some(Duration::from_secs(120)));
    let figures = server.deliverer.figures();
    assert_eq!((figures.refused, figures.unanswered), (2, 1));
}

#[tokio::test]
async fn a_failed_event_is_sent_again_with_the_same_id() {
    let (mut server, mut receiver) = (Server::start(), Receiver::start().await);
    server.webhook(&receiver).await;
    server.publish(&[(1, "7"), (2, "7")]).await;
    for seconds in [5.0, 300.0, 1_800.0] {
        let request = receiver.next().await;
        assert_eq!(request.id, "1");
        request.answer("503 Later");
        let (_, _, delay) = failure(&mut server).await;
        assert!(is_about(delay, seconds), "{delay:?}");
        assert!(receiver.has_no_other());
        server
            .queue
            .shop
            .pass_time(delay.unwrap() + Duration::from_secs(1));
        server.look();
    }
    receiver.next().await.accept();
    assert_eq!(server.call().await, Call::Delivered(1, 200));
    assert_eq!(receiver.next().await.id, "2");
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_sent_nothing_more() {
    let (mut server, mut receiver) = (Server::start(), Receiver::start().await);
    let webhook = server.webhook(&receiver).await;
    server.publish(&[(1, "7"), (2, "7")]).await;
    receiver.next().await.answer("410 Gone");
    let reason = "the receiver answered 410 and wants no more events";
    assert_eq!(server.call().await, Call::SwitchedOff(reason.to_owned()));
    let (status, error, delay) = failure(&mut server).await;
    assert_eq!((status, error.as_str(), delay), (Some(410), reason, None));
    let found = server.found(&webhook).await;
    assert_eq!(
        (found.is_active, found.disabled_reason.as_deref()),
        (false, Some(reason))
    );
    // Another receiver shows that the server has looked for deliveries meanwhile.
    let mut other = Receiver::start().await;
    server.webhook(&other).await;
    server.publish(&[(3, "8")]).await;
    other.next().await.accept();
    assert_eq!(server.call().await, Call::Delivered(3, 200));
    assert!(receiver.has_no_other());
}

#[tokio::test]
async fn the_last_failure_switches_the_webhook_off() {
    let (mut server, mut receiver) = (Server::start(), Receiver::start().await);
    let webhook = server.webhook(&receiver).await;
    server.publish(&[(1, "7")]).await;
    for attempt in 1..=crate::schedule::MAX_ATTEMPTS {
        receiver.next().await.answer("500 Oops");
        let (_, _, delay) = failure(&mut server).await;
        assert_eq!(delay.is_none(), attempt == crate::schedule::MAX_ATTEMPTS);
        let delay = delay.unwrap_or_default();
        server.queue.shop.pass_time(delay + Duration::from_secs(1));
        server.look();
    }
    let found = server.found(&webhook).await;
    let reason = found.disabled_reason.unwrap();
    assert!(
        !found.is_active && reason.contains("all 10 attempts"),
        "{reason}"
    );
}
