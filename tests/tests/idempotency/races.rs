//! Requests with one key at the same time.

use std::collections::HashSet;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use futures_util::future::join_all;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn of_many_requests_at_once_one_writes() {
    let shop = TestShop::start().await;
    let other = beside(&shop).await;
    let users = [shop.admin(), other.admin()];
    let body = a_product(json!({}));
    let calls = (0..100).map(|number| post(&users[number % 2], PRODUCTS, &body, "k"));
    let answers = join_all(calls).await;
    let written: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 201)
        .collect();
    let firsts = written.iter().filter(|answer| !is_replay(answer)).count();
    let bodies: HashSet<_> = written.iter().map(|answer| &answer.bytes).collect();
    assert_eq!((firsts, bodies.len()), (1, 1));
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(refused.status, 409, "{}", refused.text());
        let kind = &refused.json()["type"];
        assert_eq!(kind, "urn:eggypro:problem:idempotency-in-flight");
        assert_eq!(refused.header("retry-after"), "1");
    }
    shop.database.execute(
        "DO $$ BEGIN IF (SELECT count(*) FROM products) <> 1 THEN RAISE 'several were written'; END IF; END $$",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_elsewhere_is_in_flight_until_it_ends() {
    let shop = TestShop::start_with(|settings| {
        let database = &mut settings.database;
        let patience = Duration::from_secs(60);
        (database.lock_timeout, database.statement_timeout) = (patience, patience);
        database.deadline = patience;
    })
    .await;
    let other = beside(&shop).await;
    shop.create_category("Bars").await;
    // The first request waits for a lock, within its transaction.
    let mut held = shop.database.connect();
    held.batch_execute("BEGIN; SELECT FROM categories FOR UPDATE")
        .unwrap();
    let (admin, body) = (shop.admin(), a_product(json!({ "categories": ["bars"] })));
    let first = tokio::spawn({
        let body = body.clone();
        async move { post(&admin, PRODUCTS, &body, "k").await }
    });
    shop.database.execute(
        "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
         AND wait_event_type = 'Lock') LOOP PERFORM pg_stat_clear_snapshot(), pg_sleep(0.01); END LOOP; END $$",
    );
    for user in [shop.admin(), other.admin()] {
        let refused = post(&user, PRODUCTS, &body, "k").await.expect_problem(409);
        let kind = &refused.json()["type"];
        assert_eq!(kind, "urn:eggypro:problem:idempotency-in-flight");
    }
    held.batch_execute("ROLLBACK").unwrap();
    let first = first.await.unwrap().expect(201);
    assert_replay(&first, &post(&other.admin(), PRODUCTS, &body, "k").await);
}
