//! Claims of many servers at the same time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use eggypro_domain::webhooks::{FailedAttempt, MAX_OPEN};

use super::*;

/// The events that have ended, in order.
type Ended = Arc<Mutex<Vec<i64>>>;

/// Claims and delivers until so many deliveries have ended. Every tenth fails once.
async fn deliver_all(webhooks: PostgresWebhooks, ended: Ended, total: usize) {
    let deadline = Instant::now() + PATIENCE;
    while ended.lock().unwrap().len() < total {
        assert!(Instant::now() < deadline, "{ended:?}");
        for claimed in claim(&webhooks, 3).await {
            let number = claimed.event.entry - 1_000_000;
            if number % 10 == 0 && claimed.attempt == 1 {
                let attempt = FailedAttempt {
                    status: None,
                    milliseconds: 1,
                    error: "no answer".into(),
                };
                let failed = webhooks.failed(&claimed, attempt, Some(Duration::ZERO));
                assert_eq!(failed.await.unwrap(), Recorded::Made);
                continue;
            }
            // Before it is recorded: afterwards another server may be faster with the next one.
            ended.lock().unwrap().push(number);
            deliver(&webhooks, &claimed).await;
        }
        tokio::task::yield_now().await;
    }
}

/// Publishes 400 events while four servers deliver them. Returns them as they were delivered.
async fn delivered_by_four(event: impl Fn(i64) -> NewEvent) -> Vec<i64> {
    let database = TestDatabase::migrated();
    let first = server(&database);
    create(&first).await;
    let ended = Ended::default();
    let claimants = (0..4).map(|_| {
        let work = deliver_all(server(&database), Arc::clone(&ended), 400);
        tokio::spawn(work)
    });
    let claimants: Vec<_> = claimants.collect();
    // Few events at a time, so that queues become empty while events are added to them.
    for start in (1..=400).step_by(4) {
        publish(&first, (start..start + 4).map(&event).collect()).await;
    }
    for claimant in claimants {
        claimant.await.unwrap();
    }
    let ended = ended.lock().unwrap().clone();
    let all: BTreeSet<i64> = ended.iter().copied().collect();
    assert_eq!(all.len(), 400, "no event is lost");
    assert_eq!(ended.len(), 400, "no event is sent twice");
    let delivered = count(&database, "webhook_deliveries WHERE state = 'delivered'");
    assert_eq!(delivered, 400);
    assert_eq!(first.next_due().await.unwrap(), None);
    ended
}

/// Checks that the events with each key are in order.
fn are_in_order(ended: &[i64], key: impl Fn(i64) -> i64) {
    let mut last = BTreeMap::new();
    for number in ended {
        let before = last.insert(key(*number), *number);
        assert!(before < Some(*number), "{number} after {before:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_event_is_lost_or_sent_twice_and_each_resource_is_in_order() {
    let product = |number| number % 7;
    let ended = delivered_by_four(|number| event(number, &product(number).to_string()));
    are_in_order(&ended.await, product);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn resources_and_addresses_are_in_order_while_resources_move() {
    // Every third event of a product is at another address, which the next product had before.
    let product = |number| number % 5;
    let address = |number| (product(number) + number / 15) % 5;
    let ended = delivered_by_four(|number| {
        let mut event = event(number, &product(number).to_string());
        event.subject = format!("/api/products/{}", address(number));
        event
    });
    let ended = ended.await;
    are_in_order(&ended, product);
    are_in_order(&ended, address);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_servers_together_open_so_many_requests() {
    let database = TestDatabase::migrated();
    let first = server(&database);
    create(&first).await;
    let events = (1..=100).map(|id| event(id, &id.to_string()));
    publish(&first, events.collect()).await;
    let claims = (0..8).map(|_| {
        let webhooks = server(&database);
        tokio::spawn(async move {
            let mut claimed = vec![];
            for _ in 0..10 {
                claimed.extend(claim(&webhooks, 2).await);
            }
            claimed
        })
    });
    let mut claimed = vec![];
    for claim in claims.collect::<Vec<_>>() {
        claimed.extend(claim.await.unwrap());
    }
    let ids = ids(&claimed);
    assert_eq!(ids, (1..=i64::from(MAX_OPEN)).collect::<Vec<_>>());
    let open = count(&database, "webhook_deliveries WHERE lease IS NOT NULL");
    assert_eq!(open, i64::from(MAX_OPEN));
}

#[tokio::test]
async fn a_claim_reads_few_rows_of_a_large_backlog() {
    let database = TestDatabase::migrated();
    let webhooks = server(&database);
    let (busy, calm) = (create(&webhooks).await, create(&webhooks).await);
    // Most wait for another one, and of the others all but a few are due much later.
    database.execute(&format!(
        "INSERT INTO webhook_events (id, type, subject, body, changed_at) \
         SELECT n, 'product.updated', '', '', now() FROM generate_series(1, 50000) n; \
         INSERT INTO webhook_deliveries (webhook_id, event, resource, ordering_key, due_at) \
         SELECT '{}', number, '', CASE WHEN number % 10 = 0 THEN 'product ' || number ELSE 'product ' || number % 10 END, \
         CASE WHEN number % 10 = 0 THEN now() + interval '1 hour' * (number % 500) \
         WHEN number < 10 THEN now() END FROM webhook_events; \
         INSERT INTO webhook_deliveries (webhook_id, event, resource, ordering_key, due_at) \
         SELECT '{}', number, '', 'product ' || number, now() FROM webhook_events WHERE number <= 5",
        busy.id, calm.id
    ));
    let read = "SELECT (seq_tup_read + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes \
         WHERE relname = 'webhook_deliveries'))::bigint AS number \
         FROM pg_stat_user_tables WHERE relname = 'webhook_deliveries'";
    // Ends the sessions, so that they report what they have read.
    database.settled_reads_of("webhook_deliveries_pkey");
    let before = number(&database, read);
    let webhooks = server(&database);
    let claimed = claim(&webhooks, 100).await;
    assert_eq!(claimed.len(), 8 + 5);
    let head = claimed.iter().find(|of| of.webhook == busy.id).unwrap();
    deliver(&webhooks, head).await;
    assert_eq!(claim(&webhooks, 100).await.len(), 1);
    assert!(webhooks.next_due().await.unwrap().is_some());
    publish(&webhooks, vec![event(1, "1")]).await;
    database.settled_reads_of("webhook_deliveries_pkey");
    let read = number(&database, read) - before;
    assert!(read < 500, "{read} rows");
}
