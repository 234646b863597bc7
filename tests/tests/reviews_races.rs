//! With concurrent writes, a review is accepted once and ratings are counted exactly.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::sync::Arc;

use eggypro_tests::{TestShop, a_review};
use futures_util::future::join_all;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn of_equal_concurrent_reviews_one_is_accepted() {
    let shop = TestShop::start_with_eggs().await;
    let writes = (0..12).map(|_| shop.review(json!({})));
    let statuses = join_all(writes).await;
    let taken = statuses
        .iter()
        .filter(|answer| answer.status == 201)
        .count();
    assert_eq!(taken, 1);
    assert!(
        statuses
            .iter()
            .all(|answer| matches!(answer.status, 201 | 409))
    );
    shop.review(json!({ "comment": " Mixes well.\n" }))
        .await
        .expect_problem(409);
    shop.database
        .execute("UPDATE reviews SET created_at = now() - interval '25 hours'");
    shop.review(json!({})).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_of_a_removed_product_is_refused() {
    let shop = TestShop::start_with_eggs().await;
    for round in 0..20 {
        let name = format!("Round {round}");
        shop.create_product(json!({ "name": name })).await;
        let product = format!("/api/products/round-{round}");
        let reviews = (0..4).map(|number| {
            let (anonymous, path) = (shop.anonymous(), format!("{product}/reviews"));
            let review = a_review(json!({ "comment": number.to_string() }));
            async move { anonymous.post(&path, &review).await.status }
        });
        let admin = shop.admin();
        let path = format!("{product}?permanent=true");
        let (statuses, removed) = tokio::join!(join_all(reviews), admin.delete(&path));
        removed.expect(204);
        assert!(
            statuses.iter().all(|status| matches!(status, 201 | 404)),
            "{statuses:?}"
        );
    }
}

/// A call of a client. The numbers choose one of a few reviews.
#[derive(Debug, Clone)]
enum Step {
    Write(i32),
    Verify(u8, bool),
    Remove(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (1..=5).prop_map(Step::Write),
        4 => (0_u8..6, any::<bool>()).prop_map(|(which, is)| Step::Verify(which, is)),
        1 => (0_u8..6).prop_map(Step::Remove),
    ]
}

async fn take(shop: &TestShop, client: usize, steps: Vec<Step>) {
    for (number, step) in steps.into_iter().enumerate() {
        let queue = shop
            .admin()
            .get("/api/reviews?verified=all&limit=100")
            .await
            .expect(200);
        let known = queue.json()["data"].as_array().unwrap().clone();
        let id = |which: u8| {
            known
                .get(usize::from(which))
                .map(|review| review["id"].clone())
        };
        let answer = match step {
            Step::Write(stars) => {
                let comment = format!("{client} {number}");
                shop.review(json!({ "comment": comment, "rating": stars }))
                    .await
            }
            Step::Verify(which, is_verified) => match id(which) {
                Some(id) => shop.verify(&id, is_verified).await,
                None => continue,
            },
            Step::Remove(which) => match id(which) {
                Some(id) => shop.admin().delete(&format!("/api/reviews/{id}")).await,
                None => continue,
            },
        };
        assert!(answer.status < 500, "{}", answer.text());
    }
}

#[test]
fn a_rating_equals_a_recount_after_concurrent_writes() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let clients = proptest::collection::vec(proptest::collection::vec(step(), 1..12), 2..5);
    let mut runner = TestRunner::new(Config::with_cases(12));
    let result = runner.run(&clients, |clients| {
        runtime.block_on(async {
            let shop = Arc::new(TestShop::start_with_eggs().await);
            let clients = clients.into_iter().enumerate().map(|(client, steps)| {
                let shop = Arc::clone(&shop);
                tokio::spawn(async move { take(&shop, client, steps).await })
            });
            for client in join_all(clients).await {
                client.unwrap();
            }
            let all = shop
                .admin()
                .get("/api/reviews?verified=true&limit=100")
                .await
                .expect(200);
            let mut recount = [0_u64; 5];
            for review in all.json()["data"].as_array().unwrap() {
                recount[review["rating"].as_u64().unwrap() as usize - 1] += 1;
            }
            let shown = shop.eggs().await;
            assert_eq!(shown["rating"]["count"], recount.iter().sum::<u64>());
            let rating = &shown["rating"]["distribution"];
            let counted = ["1", "2", "3", "4", "5"].map(|stars| rating[stars].as_u64().unwrap());
            assert_eq!(counted, recount);
        });
        Ok(())
    });
    result.unwrap();
}
