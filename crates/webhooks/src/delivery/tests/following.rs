//! How the log of changes becomes events.

use tokio::time::{Instant, sleep};

use super::*;

#[tokio::test(start_paused = true)]
async fn many_entries_are_queued_step_by_step() {
    let mut server = Server::start();
    server.queue.log(&[&[1, 2, 3], &[4, 5], &[6]]);
    let began = Instant::now();
    for ids in [vec![1, 2, 3], vec![4, 5], vec![6]] {
        assert_eq!(server.call().await, Call::Queued(ids));
    }
    assert!(began.elapsed() < Duration::from_secs(1));
    assert_eq!(server.deliverer.figures().queued, 6);
}

#[tokio::test(start_paused = true)]
async fn a_signal_is_followed_soon() {
    let mut server = Server::start();
    for id in 1..5 {
        // The server has nothing to do for a while.
        sleep(Duration::from_millis(9_973)).await;
        server.queue.log(&[&[id]]);
        server.change_signal.send_modify(|count| *count += 1);
        let began = Instant::now();
        assert_eq!(server.call().await, Call::Queued(vec![id]));
        let elapsed = began.elapsed();
        assert!(elapsed <= Duration::from_millis(110), "{elapsed:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_log_is_read_every_half_second_without_a_signal() {
    let mut server = Server::start();
    for id in 1..5 {
        sleep(Duration::from_millis(9_973)).await;
        server.queue.log(&[&[id]]);
        let began = Instant::now();
        assert_eq!(server.call().await, Call::Queued(vec![id]));
        let elapsed = began.elapsed();
        assert!(elapsed <= Duration::from_millis(510), "{elapsed:?}");
    }
    // Not even if there will be no more signals.
    server.change_signal = watch::Sender::new(0);
    server.queue.log(&[&[5]]);
    assert_eq!(server.call().await, Call::Queued(vec![5]));
}
