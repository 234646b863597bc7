//! How changes are notified, and how missed ones are reported after a break.

use eggypro_persistence::Listener;

use super::*;

#[tokio::test]
async fn one_transaction_sends_one_notification_for_any_number_of_changes() {
    let database = TestDatabase::migrated();
    let mut events = Listener::new(database.address()).listen().unwrap();
    while events.recv().await != Some(ListenerEvent::Connected) {}
    let many = "INSERT INTO products (name, slug, description, details, price) SELECT 'Egg', 'egg-' || n, 'd', 'e', 1";
    database.execute(&format!("{many} FROM generate_series(1, 1000) n"));
    assert_eq!(next_tags(&mut events).await, ["everything"]);
    database.execute("UPDATE products SET price = 2 WHERE slug IN ('egg-1', 'egg-2')");
    let tags = [
        "product:egg-1",
        "product:egg-2",
        "products",
        "reviews:egg-1",
        "reviews:egg-2",
    ];
    assert_eq!(next_tags(&mut events).await, tags);
    database.execute("UPDATE categories SET name = name");
    database.execute("UPDATE products SET slug = 'new' WHERE slug = 'egg-3'");
    let tags = [
        "product:egg-3",
        "product:new",
        "products",
        "reviews:egg-3",
        "reviews:new",
    ];
    assert_eq!(next_tags(&mut events).await, tags);
    // The former slug redirects to the product, so its tag changes too.
    database.execute("UPDATE products SET is_active = false WHERE slug = 'new'");
    assert_eq!(
        next_tags(&mut events).await,
        ["product:egg-3", "product:new", "products", "reviews:new"]
    );
    database.execute("DELETE FROM products WHERE slug = 'new'");
    assert_eq!(
        next_tags(&mut events).await,
        ["product:egg-3", "product:new", "products", "reviews:new"]
    );
}

#[tokio::test]
async fn changes_missed_in_a_break_are_reported_after_it() {
    let database = TestDatabase::migrated();
    let listener = Listener::new(database.address());
    let mut events = listener.listen().unwrap();
    let mut checks = 0;
    // Changes before one check have been received at the next.
    while checks < 3 {
        if let Some(ListenerEvent::Alive { .. }) = events.recv().await {
            checks += 1;
        }
    }
    database.execute(A_PRODUCT);
    let first = next_change(&mut events).await;
    assert_eq!(first.tags.len(), 3);
    database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_postmaster_start_time()%' \
         AND datname = current_database() AND pid <> pg_backend_pid()",
    );
    // Written before the listener can have noticed and reconnected.
    database.execute("UPDATE products SET price = 2");
    database.execute("UPDATE products SET price = 3");
    let deadline = Instant::now() + PATIENCE;
    let resumed = loop {
        assert!(Instant::now() < deadline, "it did not notice");
        match tokio::time::timeout(PATIENCE, events.recv())
            .await
            .unwrap()
            .unwrap()
        {
            ListenerEvent::Resumed(missed) => break missed,
            ListenerEvent::Connected => panic!("what was missed is not known"),
            _ => {}
        }
    };
    // The first of them was received before, and has the same name.
    let prices = all(&log(&database)).await.len();
    assert_eq!((prices, resumed.len()), (3, 3));
    assert!(resumed.iter().all(|change| change.tags.len() == 3));
    assert!(resumed.iter().any(|change| change.name == first.name));

    // In another history the missed changes are unknown.
    database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name <> 'psql' \
         AND datname = current_database() AND pid <> pg_backend_pid(); \
         ALTER TABLE changes RENAME TO changes_before; CREATE TABLE changes (LIKE changes_before INCLUDING ALL)",
    );
    let deadline = Instant::now() + PATIENCE;
    loop {
        assert!(Instant::now() < deadline, "it did not notice");
        match tokio::time::timeout(PATIENCE, events.recv())
            .await
            .unwrap()
            .unwrap()
        {
            ListenerEvent::Connected => break,
            ListenerEvent::Resumed(_) => panic!("that was another history"),
            _ => {}
        }
    }
}
