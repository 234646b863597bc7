//! What a server does when it stops.

use super::*;

#[tokio::test]
async fn what_was_claimed_but_not_sent_is_given_back() {
    let (mut server, mut receiver) = (Server::start(), Receiver::start().await);
    server.webhook(&receiver).await;
    let queue = Arc::clone(&server.queue);
    let gate = queue.gate.lock().await;
    server.publish(&[(1, "7"), (2, "8"), (3, "8")]).await;
    assert_eq!(server.call().await, Call::Claimed(2));
    server.stop.send_replace(true);
    drop(gate);
    assert_eq!(server.call().await, Call::GivenBack(vec![1, 2]));
    server.end().await;
    assert!(receiver.has_no_other());
    // Another server has it at once, as if nothing had happened.
    let claimed = queue.shop.claim(LEASE, 10).await.unwrap();
    assert_eq!(claimed.len(), 2);
    assert!(claimed.iter().all(|of| of.attempt == 1));
}

#[tokio::test]
async fn open_requests_may_end() {
    let (mut server, mut receiver) = (Server::start(), Receiver::start().await);
    server.webhook(&receiver).await;
    server.publish(&[(1, "7"), (2, "7")]).await;
    let request = receiver.next().await;
    server.stop.send_replace(true);
    request.accept();
    assert_eq!(server.call().await, Call::Delivered(1, 200));
    server.end().await;
    assert!(receiver.has_no_other(), "nothing more is claimed");
}

#[tokio::test]
async fn open_requests_are_left_after_a_while() {
    let (mut server, mut receiver) = (Server::start(), Receiver::start().await);
    server.webhook(&receiver).await;
    server.publish(&[(1, "7")]).await;
    let request = receiver.next().await;
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    server.stop.send_replace(true);
    server.end().await;
    let elapsed = began.elapsed().as_secs_f64();
    assert!((2.9..4.0).contains(&elapsed), "{elapsed}");
    drop(request);
    assert!(server.calls.try_recv().is_err(), "it has no result");
    // Its lease still holds.
    let due = server.queue.shop.claim(LEASE, 10).await.unwrap();
    assert!(due.is_empty());
}
