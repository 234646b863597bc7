//! Writes over a network that is cut at random.

use std::collections::HashSet;
use std::sync::Arc;

use eggypro_client::RetryPolicy;
use eggypro_client::stock::{MovementReason, NewMovement};
use eggypro_tests::{NetworkState, Proxy};
use tokio::task::JoinSet;

use super::*;

const WORKERS: usize = 8;
const MOVEMENTS: usize = 1_000;

/// The pauses between cuts, in milliseconds: some cut a request while it is sent, while it is handled, or while it is
/// answered.
const PAUSES: [u64; 8] = [31, 7, 53, 13, 91, 3, 43, 17];

/// How many connections are broken at least. The workers send one request after the other, so nearly all of them carry one.
const BROKEN: u32 = 20;

/// Cuts all connections again and again.
async fn cut(proxy: Arc<Proxy>) {
    for pause in PAUSES.into_iter().cycle() {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        proxy.set(NetworkState::Cut);
        proxy.set(NetworkState::Fair);
    }
}

#[tokio::test]
async fn a_thousand_movements_are_made_once_each() {
    let shop = TestShop::start().await;
    let admin = admin(&shop);
    admin.products().create(&a_product("Eggs")).await.unwrap();
    let proxy = Arc::new(Proxy::before_server(shop.address).await);
    let retry = RetryPolicy::default().with_max_retries(1_000);
    let retry = retry.with_delays(Duration::from_millis(2), Duration::from_millis(20));
    let builder = builder(proxy.socket_address()).retry(retry);
    let client = builder.deadline(Duration::from_secs(120)).build().unwrap();
    let cutter = tokio::spawn(cut(Arc::clone(&proxy)));
    let mut workers = JoinSet::new();
    for worker in 0..WORKERS {
        let client = client.clone();
        workers.spawn(async move {
            for number in (worker..MOVEMENTS).step_by(WORKERS) {
                let delivery = NewMovement::by(1, MovementReason::Delivery);
                let delivery = delivery.reference(format!("delivery-{number}"));
                let movement = client.stock().move_one("eggs", &delivery).await.unwrap();
                assert_eq!(movement.reference, delivery.reference);
            }
        });
    }
    while let Some(worker) = workers.join_next().await {
        worker.unwrap();
    }
    cutter.abort();
    let broken = proxy.broken_connections();
    assert!(broken >= BROKEN, "{broken} broken connections");

    let product = admin.products().get("eggs").await.unwrap();
    assert_eq!(product.stock_quantity, 1_010);
    let movements = admin.stock().all_movements("eggs");
    let movements = movements.collect().await.unwrap().into_iter();
    let references: Vec<String> = movements.filter_map(|of| of.reference).collect();
    let unique: HashSet<&String> = references.iter().collect();
    assert_eq!((references.len(), unique.len()), (MOVEMENTS, MOVEMENTS));
}
