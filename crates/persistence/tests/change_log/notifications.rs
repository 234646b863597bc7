//! How changes are notified, and caught up with after a break.

use eggypro_persistence::Listener;

use super::*;

#[tokio::test]
async fn one_transaction_is_one_notification_however_many_things_it_changes() {
    let database = TestDatabase::migrated();
    let mut heard = Listener::new(database.address()).listen().unwrap();
    while heard.recv().await != Some(Heard::Listening) {}
    let many = "INSERT INTO products (name, slug, description, details, price) SELECT 'Egg', 'egg-' || n, 'd', 'e', 1";
    database.execute(&format!("{many} FROM generate_series(1, 1000) n"));
    assert_eq!(next_tags(&mut heard).await, ["everything"]);
    database.execute("UPDATE products SET price = 2 WHERE slug IN ('egg-1', 'egg-2')");
    let tags = [
        "product:egg-1",
        "product:egg-2",
        "products",
        "reviews:egg-1",
        "reviews:egg-2",
    ];
    assert_eq!(next_tags(&mut heard).await, tags);
    database.execute("UPDATE categories SET name = name");
    database.execute("UPDATE products SET slug = 'new' WHERE slug = 'egg-3'");
    let tags = [
        "product:egg-3",
        "product:new",
        "products",
        "reviews:egg-3",
        "reviews:new",
    ];
    assert_eq!(next_tags(&mut heard).await, tags);
    // Its old address says where it is.
    database.execute("UPDATE products SET is_active = false WHERE slug = 'new'");
    assert_eq!(
        next_tags(&mut heard).await,
        ["product:egg-3", "product:new", "products", "reviews:new"]
    );
    database.execute("DELETE FROM products WHERE slug = 'new'");
    assert_eq!(
        next_tags(&mut heard).await,
        ["product:egg-3", "product:new", "products", "reviews:new"]
    );
}

#[tokio::test]
async fn what_was_missed_in_a_break_is_told_after_it() {
    let database = TestDatabase::migrated();
    let listener = Listener::new(database.address());
    let mut heard = listener.listen().unwrap();
    let mut looks = 0;
    // What was there at one look has been heard at the next.
    while looks < 3 {
        if let Some(Heard::Alive { .. }) = heard.recv().await {
            looks += 1;
        }
    }
    database.execute(A_PRODUCT);
    let first = next_change(&mut heard).await;
    assert_eq!(first.tags.len(), 3);
    database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_postmaster_start_time()%' \
         AND datname = current_database() AND pid <> pg_backend_pid()",
    );
    // Before it can have noticed and come back.
    database.execute("UPDATE products SET price = 2");
    database.execute("UPDATE products SET price = 3");
    let deadline = Instant::now() + PATIENCE;
    let resumed = loop {
        assert!(Instant::now() < deadline, "it did not notice");
        match tokio::time::timeout(PATIENCE, heard.recv())
            .await
            .unwrap()
            .unwrap()
        {
            Heard::Resumed(missed) => break missed,
            Heard::Listening => panic!("what was missed is not known"),
            _ => {}
        }
    };
    // The first of them was heard before, and bears the name by which that is known.
    let prices = all(&log(&database)).await.len();
    assert_eq!((prices, resumed.len()), (3, 3));
    assert!(resumed.iter().all(|change| change.tags.len() == 3));
    assert!(resumed.iter().any(|change| change.name == first.name));

    // In another history nothing is known.
    database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name <> 'psql' \
         AND datname = current_database() AND pid <> pg_backend_pid(); \
         ALTER TABLE changes RENAME TO changes_before; CREATE TABLE changes (LIKE changes_before INCLUDING ALL)",
    );
    let deadline = Instant::now() + PATIENCE;
    loop {
        assert!(Instant::now() < deadline, "it did not notice");
        match tokio::time::timeout(PATIENCE, heard.recv())
            .await
            .unwrap()
            .unwrap()
        {
            Heard::Listening => break,
            Heard::Resumed(_) => panic!("that was another history"),
            _ => {}
        }
    }
}
