//! Claims of many servers at the same time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use eggypro_domain::webhooks::{FailedAttempt, MAX_OPEN};

use super::*;

/// Claims and delivers until so many deliveries have ended. Adds each to those of its resource. Every tenth fails once.
async fn deliver_all(
    webhooks: PostgresWebhooks,
    ended: Arc<Mutex<BTreeMap<String, Vec<i64>>>>,
    total: usize,
) {
    let deadline = Instant::now() + PATIENCE;
    let count = |ended: &BTreeMap<String, Vec<i64>>| ended.values().map(Vec::len).sum::<usize>();
    while count(&ended.lock().unwrap()) < total {
        assert!(Instant::now() < deadline, "{ended:?}");
        for claimed in claim(&webhooks, 3).await {
            let number = claimed.event.entry;
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
            let key = (number % 7).to_string();
            ended.lock().unwrap().entry(key).or_default().push(number);
            deliver(&webhooks, &claimed).await;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_event_is_lost_or_sent_twice_and_each_resource_is_in_order() {
    let database = TestDatabase::migrated();
    let first = server(&database);
    create(&first).await;
    let ended = Arc::new(Mutex::new(BTreeMap::new()));
    let claimants = (0..4).map(|_| {
        let work = deliver_all(server(&database), Arc::clone(&ended), 400);
        tokio::spawn(work)
    });
    let claimants: Vec<_> = claimants.collect();
    // Few events at a time, so that queues become empty while events are added to them.
    for start in (1..=400).step_by(4) {
        let events = (start..start + 4).map(|id| event(id, &((1_000_000 + id) % 7).to_string()));
        publish(&first, events.collect()).await;
    }
    for claimant in claimants {
        claimant.await.unwrap();
    }
    let ended = ended.lock().unwrap().clone();
    let all: BTreeSet<i64> = ended.values().flatten().copied().collect();
    assert_eq!(all, (1_000_001..=1_000_400).collect::<BTreeSet<_>>());
    for (key, events) in &ended {
        assert!(events.is_sorted(), "{key}: {events:?}");
    }
    assert_eq!(
        count(&database, "webhook_deliveries WHERE state = 'delivered'"),
        400
    );
    assert_eq!(first.next_due().await.unwrap(), None);
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
         INSERT INTO webhook_deliveries (webhook_id, event, ordering_key, due_at) \
         SELECT '{}', number, CASE WHEN number % 10 = 0 THEN 'product ' || number ELSE 'product ' || number % 10 END, \
         CASE WHEN number % 10 = 0 THEN now() + interval '1 hour' * (number % 500) \
         WHEN number < 10 THEN now() END FROM webhook_events; \
         INSERT INTO webhook_deliveries (webhook_id, event, ordering_key, due_at) \
         SELECT '{}', number, 'product ' || number, now() FROM webhook_events WHERE number <= 5",
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
