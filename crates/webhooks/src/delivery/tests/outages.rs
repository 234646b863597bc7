//! Results that can't be recorded.

use std::sync::atomic::Ordering;

use super::*;

#[tokio::test]
async fn a_result_is_recorded_after_an_outage() {
    let (mut server, mut receiver) = (Server::start(), Receiver::start().await);
    server.webhook(&receiver).await;
    server.queue.failing_records.store(5, Ordering::SeqCst);
    server.publish(&[(1, "7")]).await;
    receiver.next().await.accept();
    assert_eq!(server.call().await, Call::NotRecorded);
    // From here on, nothing waits for a connection.
    tokio::time::pause();
    for _ in 1..5 {
        assert_eq!(server.call().await, Call::NotRecorded);
    }
    assert_eq!(server.call().await, Call::Delivered(1, 200));
    assert!(receiver.has_no_other(), "it was sent once");
}

#[tokio::test]
async fn a_result_that_is_lost_is_sent_again() {
    let (mut server, mut receiver) = (Server::start(), Receiver::start().await);
    server.webhook(&receiver).await;
    server
        .queue
        .failing_records
        .store(u32::MAX, Ordering::SeqCst);
    server.publish(&[(1, "7")]).await;
    receiver.next().await.accept();
    assert_eq!(server.call().await, Call::NotRecorded);
    tokio::time::pause();
    // The pauses grow to two seconds, within a lease of thirty.
    let mut failures = 1;
    while let Ok(call) = timeout(LEASE, server.calls.recv()).await {
        assert_eq!(call, Some(Call::NotRecorded));
        failures += 1;
    }
    assert!((10..25).contains(&failures), "{failures}");
    tokio::time::resume();

    server.queue.failing_records.store(0, Ordering::SeqCst);
    server.queue.shop.pass_time(LEASE + Duration::from_secs(1));
    server.look();
    let again = receiver.next().await;
    assert_eq!(again.id, "1");
    again.accept();
    assert_eq!(server.call().await, Call::Delivered(1, 200));
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_the_log_is_waited_out() {
    let mut server = Server::start();
    server.queue.failing_steps.store(5, Ordering::SeqCst);
    server.queue.log(&[&[1]]);
    let began = tokio::time::Instant::now();
    assert_eq!(server.call().await, Call::Queued(vec![1]));
    // 0.1 + 0.2 + 0.4 + 0.8 + 1.6 s
    let elapsed = began.elapsed().as_secs_f64();
    assert!((3.1..4.0).contains(&elapsed), "{elapsed}");
}
