//! Checks of the whole index.

use std::sync::atomic::Ordering;
use std::time::Duration;

use eggypro_domain::changes::ChangeFollower;
use eggypro_domain::products::{IndexCheck, IndexComparison, IndexMismatch, MismatchKind};

use super::{Case, change, slug, until};

#[tokio::test(start_paused = true)]
async fn a_check_finds_and_repairs_differences() {
    let case = Case::filled_with(&["One", "Two", "Three"]).await;
    let checked = async || case.follower.check().await.unwrap();
    assert_eq!(checked().await, IndexComparison::new(3, vec![]));

    // None of these changes is reported.
    let id = |of: &str| case.index.id_of(&slug(of)).unwrap();
    let (one, two) = (id("one"), id("two"));
    case.rename("one", "other").await;
    case.remove("two").await;
    let four = case.create("Four").await.id;
    let mismatch = |product, kind| IndexMismatch { product, kind };
    let expected = [
        mismatch(one, MismatchKind::Different),
        mismatch(four, MismatchKind::Missing),
        mismatch(two, MismatchKind::Surplus),
    ];
    assert_eq!(checked().await, IndexComparison::new(3, expected.to_vec()));
    assert_eq!(case.follower.mismatches(), 3);
    assert_eq!(
        (case.listed(), id("other"), id("four")),
        (Some(3), one, four)
    );
    assert_eq!(checked().await, IndexComparison::new(3, vec![]));

    // An unavailable source does not mean that the index is wrong.
    case.source.refusals.store(1, Ordering::SeqCst);
    assert!(case.follower.check().await.is_err());
    assert_eq!((case.listed(), case.follower.mismatches()), (Some(3), 3));
}

#[tokio::test(start_paused = true)]
async fn a_change_during_a_check_is_no_mismatch() {
    let case = Case::filled_with(&["One"]).await;
    case.create("Two").await;
    let follower = case.follower.clone();
    case.source.is_read.store(false, Ordering::SeqCst);
    let checking = tokio::spawn(async move { follower.check().await.unwrap() });
    // The paused clock advances after the products were read and compared.
    until(|| case.source.is_read.load(Ordering::SeqCst)).await;
    case.follower.changed(&change("1", &["two"])).await;
    assert_eq!(checking.await.unwrap(), IndexComparison::new(2, vec![]));
}

#[tokio::test(start_paused = true)]
async fn constantly_changing_products_are_left_to_the_next_check() {
    let case = Case::filled_with(&["One"]).await;
    case.create("Two").await;
    let follower = case.follower.clone();
    let checking = tokio::spawn(async move { follower.check().await.unwrap() });
    let (mut last, mut number) = ("two".to_owned(), 0);
    let mut times = tokio::time::interval(Duration::from_millis(100));
    while !checking.is_finished() {
        number += 1;
        let next = format!("two-{number}");
        case.rename(&last, &next).await;
        last = next;
        times.tick().await;
    }
    assert_eq!(checking.await.unwrap(), IndexComparison::new(2, vec![]));
    assert_eq!((case.listed(), case.follower.mismatches()), (Some(1), 0));
}
