//! Servers that share the work, and stop.

use super::*;

#[tokio::test]
async fn one_server_at_a_time_follows_the_log() {
    let database = TestDatabase::migrated();
    let (first, second) = (server(&database), server(&database));
    create(&first).await;
    let [one, two] = [&first, &second].map(|webhooks| webhooks.next_entries(100));
    let (one, two) = (one.await.unwrap().unwrap(), two.await.unwrap().unwrap());
    assert_eq!(one.step.revision, two.step.revision);
    // Both have read the same, and one is faster.
    let events = || vec![event(1, "7"), event(2, "8")];
    let one = first.enqueue(&one.step, events());
    let two = second.enqueue(&two.step, events());
    let (one, two) = tokio::join!(one, two);
    let winners = [one.unwrap(), two.unwrap()];
    assert!(
        winners.contains(&true) && winners.contains(&false),
        "{winners:?}"
    );
    assert_eq!(ids(&claim(&first, 10).await), [1, 2]);

    // The faster one goes on, until it makes no step for a while.
    let (leader, other) = match winners[0] {
        true => (&first, &second),
        false => (&second, &first),
    };
    let is_followed = "coalesce(followed_until BETWEEN now() - interval '1 minute' AND now() + interval '1 second', false)";
    assert_eq!(
        count(&database, &format!("webhook_position WHERE {is_followed}")),
        1
    );
    database.execute("UPDATE webhook_position SET followed_until = now() + interval '1 minute'");
    assert!(leader.next_entries(100).await.unwrap().is_some());
    assert!(leader.clone().next_entries(100).await.unwrap().is_some());
    assert_eq!(other.next_entries(100).await.unwrap(), None);
    database.execute("UPDATE webhook_position SET followed_until = now()");
    assert!(other.next_entries(100).await.unwrap().is_some());
}

#[tokio::test]
async fn what_a_killed_server_was_sending_is_sent_again() {
    let database = TestDatabase::migrated();
    let killed = server(&database);
    create(&killed).await;
    publish(&killed, vec![event(1, "7"), event(2, "7")]).await;
    let lease = Duration::from_millis(300);
    let began = Instant::now();
    let lost = killed.claim(lease, 10).await.unwrap();
    drop(killed);

    let other = server(&database);
    let wait = other.next_due().await.unwrap().unwrap();
    assert!(wait <= lease, "{wait:?}");
    let deadline = Instant::now() + PATIENCE;
    let again = loop {
        let claimed = claim(&other, 10).await;
        if !claimed.is_empty() {
            break claimed;
        }
        assert!(Instant::now() < deadline);
    };
    assert!(began.elapsed() >= lease);
    assert_eq!(ids(&again), [1]);
    assert_eq!(
        (again[0].event, &again[0].body),
        (lost[0].event, &lost[0].body)
    );
    assert_eq!(again[0].attempt, 2);
}
