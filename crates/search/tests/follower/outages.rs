//! The source or the change listener is unavailable.

use std::sync::atomic::Ordering;

use eggypro_domain::changes::ChangeFollower;

use super::{Case, change, until};

#[tokio::test]
async fn filling_starts_over_after_a_failure_half_way() {
    let case = Case::with(&["One", "Two", "Three"]).await;
    case.source.breaks.store(true, Ordering::SeqCst);
    case.follower.missed_changes().await;
    assert_eq!(case.listed(), None);
    // A change must not make the partial index ready.
    case.create("Four").await;
    case.follower.changed(&change("1", &["four"])).await;
    assert_eq!(case.listed(), None);
    case.follower.missed_changes().await;
    assert_eq!(case.listed(), Some(4));
}

#[tokio::test(start_paused = true)]
async fn reads_of_a_busy_source_are_retried() {
    let case = Case::filled_with(&["One"]).await;
    case.create("Two").await;
    case.source.refusals.store(2, Ordering::SeqCst);
    case.follower.changed(&change("1", &["two"])).await;
    assert_eq!(case.listed(), Some(2));
}

#[tokio::test(start_paused = true)]
async fn an_outdated_index_is_not_ready() {
    let case = Case::filled_with(&["One"]).await;
    case.create("Two").await;
    case.source.refusals.store(20, Ordering::SeqCst);
    case.follower.changed(&change("1", &["two"])).await;
    assert_eq!(case.listed(), None);
    let attending = tokio::spawn(case.follower.clone().run());
    until(|| case.listed() == Some(2)).await;
    attending.abort();
}

#[tokio::test(start_paused = true)]
async fn polls_for_changes_while_disconnected() {
    let case = Case::filled_with(&["One"]).await;
    case.follower.disconnected();
    // Nothing is reported.
    case.create("Two").await;
    let attending = tokio::spawn(case.follower.clone().run());
    until(|| case.listed() == Some(2)).await;
    // The index stays ready if polling fails.
    case.source.refusals.store(usize::MAX, Ordering::SeqCst);
    until(|| usize::MAX - case.source.refusals.load(Ordering::SeqCst) > 10).await;
    assert_eq!(case.listed(), Some(2));
    attending.abort();
}
