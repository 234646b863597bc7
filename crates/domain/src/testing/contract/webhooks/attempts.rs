//! Results of attempts, and what follows from them.

use std::time::Duration;

use super::{MINUTE, at_address, event, numbers, updated};
use crate::changes::EventType;
use crate::products::{PageSize, Total};
use crate::testing::contract::Stores;
use crate::webhooks::{
    AllowedSchemes, DeliveryState, EventId, Recorded, WebhookError, WebhookId, WebhookUrl,
};

/// No time at all, so that the next attempt is due at once.
const AT_ONCE: Option<Duration> = Some(Duration::ZERO);

fn id(number: i64) -> EventId {
    EventId {
        entry: 1_000_000 + number,
        number: 0,
    }
}

pub async fn a_failed_attempt_is_made_again(stores: Stores) {
    let webhook = stores.webhook(&["*"]).await;
    stores.publish(vec![updated(1, "7"), updated(2, "7")]).await;
    for attempt in 1..=3 {
        let claimed = stores.claim_event().await;
        assert_eq!((claimed.event, claimed.attempt), (id(1), attempt));
        assert_eq!(stores.fail(&claimed, AT_ONCE).await, Recorded::Made);
    }
    let claimed = stores.claim_event().await;
    assert_eq!(stores.fail(&claimed, Some(MINUTE)).await, Recorded::Made);
    // It holds up the events of its resource, and no others.
    stores.publish(vec![updated(3, "8")]).await;
    let other = stores.claim_event().await;
    assert_eq!(other.event, id(3));
    stores.deliver(&other).await;
    assert!(stores.claim_events(10).await.is_empty());
    let wait = stores.deliveries.next_due().await.unwrap().unwrap();
    assert!((MINUTE / 2..=MINUTE).contains(&wait), "{wait:?}");

    let listed = stores.listed_deliveries(&webhook).await;
    let failed = &listed[2];
    assert_eq!(
        (failed.event, failed.state),
        (id(1), DeliveryState::Pending)
    );
    assert_eq!((failed.attempts, failed.status), (4, Some(503)));
    let error = failed.error.as_deref();
    assert_eq!(
        (failed.milliseconds, error),
        (Some(12), Some("the receiver answered 503"))
    );
    assert!(failed.next_attempt_at.unwrap() > failed.created_at);
    assert_eq!((listed[1].event, listed[1].next_attempt_at), (id(2), None));
}

pub async fn an_event_that_is_given_up_lets_the_next_go_on(stores: Stores) {
    let webhook = stores.webhook(&["*"]).await;
    let events = vec![updated(1, "7"), updated(2, "7"), updated(3, "8")];
    stores.publish(events).await;
    let claimed = stores.claim_events(10).await;
    assert_eq!(numbers(&claimed), [1, 3]);
    for claimed in claimed {
        match claimed.event == id(3) {
            true => stores.deliver(&claimed).await,
            // Something is delivered meanwhile, or was just before, so the webhook stays active.
            false => assert_eq!(stores.fail(&claimed, AT_ONCE).await, Recorded::Made),
        }
    }
    let last = stores.claim_event().await;
    assert_eq!(stores.fail(&last, None).await, Recorded::Made);
    assert!(stores.found_webhook(&webhook).await.is_active);
    assert_eq!(stores.claim_event().await.event, id(2));
    let listed = stores.listed_deliveries(&webhook).await;
    let given_up = &listed[2];
    assert_eq!(
        (given_up.event, given_up.state),
        (id(1), DeliveryState::Failed)
    );
    assert_eq!(
        (given_up.next_attempt_at, given_up.delivered_at),
        (None, None)
    );
}

pub async fn a_webhook_without_any_success_is_switched_off(stores: Stores) {
    let webhook = stores.webhook(&["product.updated"]).await;
    let other = stores.webhook(&["product.deleted"]).await;
    stores
        .publish(vec![
            updated(1, "7"),
            updated(2, "8"),
            event(3, "9", EventType::ProductDeleted),
        ])
        .await;
    let claimed = stores.claim_events(10).await;
    assert_eq!(numbers(&claimed), [1, 2, 3]);
    let claim = |number| claimed.iter().find(|of| of.event == id(number)).unwrap();
    // Another webhook's success is none of it.
    stores.deliver(claim(3)).await;
    assert_eq!(stores.fail(claim(1), AT_ONCE).await, Recorded::Made);
    let last = stores.claim_event().await;
    assert_eq!(stores.fail(&last, None).await, Recorded::SwitchedOff);
    let off = stores.found_webhook(&webhook).await;
    assert!(!off.is_active);
    let reason = off.disabled_reason.unwrap();
    assert!(
        reason.starts_with("all 2 attempts to deliver the event 1000001 failed"),
        "{reason}"
    );
    assert!(stores.found_webhook(&other).await.is_active);

    // Once it is active again, attempts from before do not switch it off.
    let on = stores.set_active(&webhook, true).await;
    assert_eq!((on.is_active, on.disabled_reason), (true, None));
    assert_eq!(stores.fail(claim(2), None).await, Recorded::Made);
    assert!(stores.found_webhook(&webhook).await.is_active);
}

pub async fn a_webhook_is_disabled_with_a_reason(stores: Stores) {
    let webhook = stores.webhook(&["*"]).await;
    let deliveries = &stores.deliveries;
    let before = WebhookUrl::parse("https://before.example/", AllowedSchemes::Https).unwrap();
    for (id, url, was_active) in [
        (webhook.id, &before, false),
        (webhook.id, &webhook.url, true),
        (webhook.id, &webhook.url, false),
        (WebhookId::random(), &webhook.url, false),
    ] {
        let disabled = deliveries.disable(id, url, "the receiver is gone").await;
        assert_eq!(disabled.unwrap(), was_active);
    }
    let disabled = stores.found_webhook(&webhook).await;
    let reason = disabled.disabled_reason.as_deref();
    assert_eq!(
        (disabled.is_active, reason),
        (false, Some("the receiver is gone"))
    );
    // A person who switches it off again leaves the reason.
    assert_eq!(stores.set_active(&webhook, false).await, disabled);
}

pub async fn a_delivery_is_retried_by_hand(stores: Stores) {
    let webhook = stores.webhook(&["*"]).await;
    let retry = async |number| stores.webhooks.retry(webhook.id, id(number)).await;
    stores.publish(vec![updated(1, "7"), updated(2, "8")]).await;
    for claimed in stores.claim_events(10).await {
        stores.deliver(&claimed).await;
    }
    stores.publish(vec![updated(3, "7")]).await;
    let claimed = stores.claim_event().await;
    assert_eq!(stores.fail(&claimed, None).await, Recorded::Made);
    for number in [1, 3] {
        retry(number).await.unwrap();
        let claimed = stores.claim_event().await;
        assert_eq!((claimed.event, claimed.attempt), (id(number), 1));
        assert_eq!(stores.fail(&claimed, Some(MINUTE)).await, Recorded::Made);
        // A pending one does not wait for its time.
        retry(number).await.unwrap();
        let claimed = stores.claim_event().await;
        assert_eq!((claimed.event, claimed.attempt), (id(number), 2));
        // One that is being sent is not sent twice.
        retry(number).await.unwrap();
        assert!(stores.claim_events(10).await.is_empty());
        stores.deliver(&claimed).await;
    }
    let unknown = retry(4).await;
    assert!(matches!(unknown, Err(WebhookError::DeliveryNotFound)));
    let unknown = stores.webhooks.retry(WebhookId::random(), id(1)).await;
    assert!(matches!(unknown, Err(WebhookError::NotFound)));
    stores.set_active(&webhook, false).await;
    assert!(matches!(retry(1).await, Err(WebhookError::Inactive)));
}

pub async fn a_retry_hastens_what_it_waits_for(stores: Stores) {
    let webhook = stores.webhook(&["*"]).await;
    let retry = async |number| stores.webhooks.retry(webhook.id, id(number)).await.unwrap();
    let moved = at_address(2, "7", "b");
    stores.publish(vec![at_address(1, "7", "a"), moved]).await;
    let first = stores.claim_event().await;
    assert_eq!(stores.fail(&first, Some(MINUTE)).await, Recorded::Made);
    assert!(stores.claim_events(10).await.is_empty());
    retry(2).await;
    for number in [1, 2] {
        let claimed = stores.claim_event().await;
        assert_eq!(claimed.event, id(number));
        stores.deliver(&claimed).await;
    }
    // Both again: the second one waits for the first one.
    retry(1).await;
    retry(2).await;
    for number in [1, 2] {
        let claimed = stores.claim_event().await;
        assert_eq!(claimed.event, id(number));
        stores.deliver(&claimed).await;
    }
}

pub async fn a_retried_event_comes_first(stores: Stores) {
    let webhook = stores.webhook(&["*"]).await;
    let events = (1..=3).map(|number| updated(number, "7"));
    stores.publish(events.collect()).await;
    let first = stores.claim_event().await;
    stores.deliver(&first).await;
    let second = stores.claim_event().await;
    stores.webhooks.retry(webhook.id, id(1)).await.unwrap();
    assert!(
        stores.claim_events(10).await.is_empty(),
        "the second is sent"
    );
    assert_eq!(stores.fail(&second, Some(MINUTE)).await, Recorded::Made);
    let first = stores.claim_event().await;
    assert_eq!((first.event, first.attempt), (id(1), 1));
    stores.deliver(&first).await;
    let second = stores.claim_event().await;
    assert_eq!((second.event, second.attempt), (id(2), 2));
    stores.deliver(&second).await;

    // The next one has to wait. It is tried before, as the order demands.
    let third = stores.claim_event().await;
    assert_eq!(stores.fail(&third, Some(MINUTE)).await, Recorded::Made);
    stores.webhooks.retry(webhook.id, id(2)).await.unwrap();
    let third = stores.claim_event().await;
    assert_eq!(third.event, id(3));
    assert_eq!(stores.fail(&third, Some(MINUTE)).await, Recorded::Made);
    for number in [2, 3] {
        let claimed = stores.claim_event().await;
        assert_eq!(claimed.event, id(number));
        stores.deliver(&claimed).await;
    }
    assert!(stores.claim_events(10).await.is_empty());
}

pub async fn deliveries_are_listed_newest_first(stores: Stores) {
    let webhook = stores.webhook(&["product.*"]).await;
    let other = stores.webhook(&["stock.moved"]).await;
    let events = (1..=5).map(|number| updated(number, &number.to_string()));
    stores.publish(events.collect()).await;
    let claimed = stores.claim_events(1).await;
    stores.deliver(&claimed[0]).await;
    let (mut before, mut listed) = (None, vec![]);
    for (length, has_more) in [(2, true), (2, true), (1, false)] {
        let limit = PageSize::try_from(2).unwrap();
        let page = stores.webhooks.deliveries(webhook.id, before, limit).await;
        let page = page.unwrap();
        assert_eq!((page.items.len(), page.has_more), (length, has_more));
        assert_eq!(page.total, Total::Exactly(5));
        before = page.items.last().map(|of| of.number);
        listed.extend(page.items);
    }
    let numbers: Vec<i64> = listed.iter().map(|of| of.event.entry - 1_000_000).collect();
    assert_eq!(numbers, [5, 4, 3, 2, 1]);
    let waiting = &listed[0];
    assert_eq!(
        (waiting.state, waiting.attempts),
        (DeliveryState::Pending, 0)
    );
    assert_eq!((waiting.status, waiting.milliseconds), (None, None));
    assert!(waiting.next_attempt_at.is_some());
    let delivered = &listed[4];
    assert_eq!(
        (delivered.state, delivered.attempts),
        (DeliveryState::Delivered, 1)
    );
    assert_eq!(
        (delivered.status, delivered.milliseconds),
        (Some(204), Some(7))
    );
    assert_eq!((&delivered.error, delivered.next_attempt_at), (&None, None));
    assert!(delivered.delivered_at.unwrap() >= delivered.created_at);
    assert_eq!(delivered.kind, EventType::ProductUpdated);
    assert_eq!(delivered.subject, "/api/products/1");
    assert!(stores.listed_deliveries(&other).await.is_empty());
}
