//! How long things are kept.

use eggypro_domain::products::PageSize;

use super::*;

#[tokio::test]
async fn former_secrets_end_after_a_day() {
    let database = TestDatabase::migrated();
    let webhooks = server(&database);
    let webhook = create(&webhooks).await;
    let current = WebhookSecret::random();
    webhooks.rotate_secret(webhook.id, &current).await.unwrap();
    database.execute(
        "UPDATE webhook_secrets SET expires_at = expires_at - interval '23 hours 59 minutes'",
    );
    let secrets = async || webhooks.target(webhook.id).await.unwrap().secrets;
    assert_eq!(secrets().await.len(), 2);
    database.execute("UPDATE webhook_secrets SET expires_at = expires_at - interval '1 minute'");
    assert_eq!(secrets().await, std::slice::from_ref(&current));
    publish(&webhooks, vec![event(1, "7")]).await;
    assert_eq!(claim(&webhooks, 10).await[0].target.secrets, [current]);
    // Nobody who rotates again and again makes requests longer and longer.
    for _ in 0..10 {
        let secret = WebhookSecret::random();
        webhooks.rotate_secret(webhook.id, &secret).await.unwrap();
    }
    assert_eq!(secrets().await.len(), 5);
}

#[tokio::test]
async fn old_deliveries_are_deleted_in_small_steps() {
    let database = TestDatabase::migrated();
    let webhooks = server(&database);
    let webhook = create(&webhooks).await;
    create(&webhooks).await;
    let events = (1..=6).map(|id| event(id, "7"));
    publish(&webhooks, events.collect()).await;
    assert_eq!(webhooks.delete_old(100).await.unwrap(), 0);
    database.execute(
        "UPDATE webhook_events SET created_at = created_at - interval '30 days' WHERE id <= '1000004'",
    );
    // One of them is being sent and stays.
    let sending = claim(&webhooks, 1).await.remove(0);
    let mut deleted = 0;
    loop {
        match webhooks.delete_old(2).await.unwrap() {
            0 => break,
            step => deleted += step,
        }
    }
    // Four deliveries of each webhook but one, and the events but that.
    assert_eq!(deleted, 7 + 3);
    assert_eq!(count(&database, "webhook_events"), 3);
    deliver(&webhooks, &sending).await;
    assert_eq!(webhooks.delete_old(100).await.unwrap(), 2);
    // The next event of the resource goes on, though it waited for one that was deleted.
    let claimed = claim(&webhooks, 10).await;
    assert_eq!(ids(&claimed), [5, 5]);
    let page = webhooks.deliveries(webhook.id, None, PageSize::default());
    assert_eq!(page.await.unwrap().items.len(), 2);
}

#[tokio::test]
async fn a_deleted_webhook_leaves_nothing_behind() {
    let database = TestDatabase::migrated();
    let webhooks = server(&database);
    let webhook = create(&webhooks).await;
    let events = (1..=5).map(|id| event(id, "7"));
    publish(&webhooks, events.collect()).await;
    webhooks.delete(webhook.id).await.unwrap();
    assert_eq!(count(&database, "webhook_secrets"), 0);
    let mut steps = vec![];
    loop {
        steps.push(webhooks.delete_old(2).await.unwrap());
        if steps.last() == Some(&0) {
            break;
        }
    }
    assert_eq!(steps, [2, 2, 1, 0]);
    assert_eq!(count(&database, "webhook_deliveries"), 0);
    assert_eq!(count(&database, "webhooks"), 0);
}
