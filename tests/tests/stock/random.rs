//! Random sequences of all that moves stock, by concurrent clients.

use futures_util::future::join_all;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::*;

/// A call that moves stock.
#[derive(Debug, Clone)]
enum Step {
    Move(usize, i64),
    Set(usize, i64),
    Order(Vec<(usize, i64)>),
    Write(usize, i64),
    Reserve(Vec<(usize, i64)>, bool),
}

const PRODUCTS: [&str; 3] = ["a", "b", "c"];

fn step() -> impl Strategy<Value = Step> {
    let (product, change) = (0..PRODUCTS.len(), -4_i64..6);
    let lines = prop::collection::vec((product.clone(), change.clone()), 1..6);
    let taken = prop::collection::vec((product.clone(), 1_i64..4), 1..4);
    prop_oneof![
        (product.clone(), change).prop_map(|(product, change)| Step::Move(product, change)),
        (product.clone(), 0_i64..9).prop_map(|(product, stock)| Step::Set(product, stock)),
        lines.prop_map(Step::Order),
        (product, 0_i64..9).prop_map(|(product, stock)| Step::Write(product, stock)),
        (taken, any::<bool>()).prop_map(|(lines, is_kept)| Step::Reserve(lines, is_kept)),
    ]
}

/// Takes a step. Its answer must be one of those that the contract names.
async fn take(user: &User, step: Step) {
    let lines = |lines: &[(usize, i64)], name: &str| -> Vec<Value> {
        let lines = lines.iter();
        lines
            .map(|(product, number)| json!({ "slug": PRODUCTS[*product], name: number }))
            .collect()
    };
    let answer = match &step {
        Step::Move(product, change) => {
            let path = format!("/api/products/{}/stock", PRODUCTS[*product]);
            user.post(&path, &json!({ "change": change, "reason": "sale" }))
                .await
        }
        Step::Set(product, stock) => {
            let path = format!("/api/products/{}/stock", PRODUCTS[*product]);
            user.post(&path, &json!({ "set": stock, "reason": "count" }))
                .await
        }
        Step::Order(order) => {
            let order = json!({ "reason": "sale", "lines": lines(order, "change") });
            user.post("/api/stock", &order).await
        }
        Step::Write(product, stock) => {
            let path = format!("/api/products/{}", PRODUCTS[*product]);
            user.patch(&path, &json!({ "stock_quantity": stock })).await
        }
        Step::Reserve(order, is_kept) => {
            let body = json!({ "reference": "o", "lines": lines(order, "quantity") });
            let held = user.post("/api/reservations", &body).await;
            if held.status == 201 {
                let end = if *is_kept { "confirm" } else { "release" };
                let path = format!("{}/{end}", held.header("location"));
                user.post(&path, &json!(null)).await.expect(200);
            }
            held
        }
    };
    assert!(
        matches!(answer.status, 200 | 201 | 409 | 422),
        "{step:?}: {}",
        answer.text()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_adds_up_whatever_runs_at_the_same_time() {
    const CLIENTS: usize = 8;
    let shop = TestShop::start().await;
    for name in PRODUCTS {
        shop.create_product(json!({ "name": name, "stock_quantity": 5 }))
            .await;
    }
    let admin = shop.admin();
    let mut runner = TestRunner::default();
    let steps = prop::collection::vec(step(), 40);
    let clients = (0..CLIENTS).map(|_| steps.new_tree(&mut runner).unwrap().current());
    let clients: Vec<Vec<Step>> = clients.collect();
    let clients = clients.into_iter().map(async |steps| {
        for step in steps {
            take(&admin, step).await;
        }
    });
    join_all(clients).await;
    shop.database.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM products p LEFT JOIN (SELECT product_id, sum(change) AS change, \
         bool_and(balance >= 0) AS is_sound FROM stock_movements GROUP BY product_id) m ON m.product_id = p.id \
         WHERE p.stock_quantity IS DISTINCT FROM m.change OR NOT m.is_sound) THEN RAISE 'it does not add up'; END IF; END $$",
    );
    // Each balance follows from the one before.
    shop.database.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM (SELECT change, balance, lag(balance, 1, 0) OVER (PARTITION BY product_id \
         ORDER BY id) AS before FROM stock_movements) m WHERE before + change <> balance) THEN RAISE 'a balance is wrong'; \
         END IF; END $$",
    );
}
