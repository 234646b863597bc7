//! Events become deliveries, which servers claim.

use std::time::Duration;

use super::{MINUTE, at_address, event, numbers, updated};
use crate::changes::EventType;
use crate::testing::contract::Stores;
use crate::webhooks::{MAX_OPEN, Recorded};

pub async fn an_event_is_sent_to_those_who_want_it(stores: Stores) {
    let all = stores.webhook(&["*"]).await;
    let products = stores.webhook(&["product.*"]).await;
    let two = stores.webhook(&["stock.moved", "product.deleted"]).await;
    let followed = stores.deliveries.next_entries(100).await.unwrap().unwrap();
    assert!(followed.wants(EventType::ReviewDeleted), "one wants all");
    stores
        .publish(vec![
            event(1, "7", EventType::ProductUpdated),
            event(2, "8", EventType::StockMoved),
            event(3, "9", EventType::CategoryCreated),
        ])
        .await;
    let claimed = stores.claim_events(100).await;
    for (webhook, expected) in [(&all, &[1, 2, 3][..]), (&products, &[1]), (&two, &[2])] {
        let of_webhook = claimed.iter().filter(|of| of.webhook == webhook.id);
        let of_webhook: Vec<_> = of_webhook.cloned().collect();
        assert_eq!(numbers(&of_webhook), expected);
    }
    let first = claimed.iter().find(|of| of.event.entry == 1_000_001);
    let first = first.unwrap();
    assert_eq!(first.body, r#"{"id":"1","of":"Eiweiß 7"}"#.as_bytes());
    assert_eq!((first.attempt, first.event.number), (1, 0));
    assert_eq!(first.time.unix_timestamp(), 1);
    assert_eq!(first.target.url, all.url);
}

pub async fn a_step_is_made_once(stores: Stores) {
    stores.webhook(&["*"]).await;
    let deliveries = &stores.deliveries;
    let followed = deliveries.next_entries(100).await.unwrap().unwrap();
    // Another server has read the same entries.
    let again = deliveries.next_entries(100).await.unwrap().unwrap();
    let enqueue = deliveries.enqueue(&followed.step, vec![updated(1, "7")]);
    assert!(enqueue.await.unwrap());
    let enqueue = deliveries.enqueue(&again.step, vec![updated(1, "7"), updated(2, "8")]);
    assert!(!enqueue.await.unwrap());
    assert_eq!(numbers(&stores.claim_events(100).await), [1]);
    // An event that is there already, after the position had to be set back, is not added again.
    stores.publish(vec![updated(1, "7"), updated(3, "8")]).await;
    assert_eq!(numbers(&stores.claim_events(100).await), [3]);
}

pub async fn an_inactive_webhook_receives_nothing(stores: Stores) {
    let webhook = stores.webhook(&["*"]).await;
    let other = stores.webhook(&["*"]).await;
    stores.publish(vec![updated(1, "7"), updated(2, "7")]).await;
    stores.set_active(&webhook, false).await;
    stores.publish(vec![updated(3, "8")]).await;
    let claimed = stores.claim_events(100).await;
    assert_eq!(numbers(&claimed), [1, 3]);
    assert!(claimed.iter().all(|of| of.webhook == other.id));

    // What waits is dropped, in steps. Nothing of the other webhook is.
    for dropped in [1, 1, 0] {
        assert_eq!(stores.deliveries.drop_pending(1).await.unwrap(), dropped);
    }
    let dropped = stores.listed_deliveries(&webhook).await;
    assert_eq!(dropped.len(), 2);
    for delivery in &dropped {
        assert_eq!(delivery.state.as_str(), "failed");
        assert_eq!(
            delivery.error.as_deref(),
            Some("the webhook was switched off")
        );
        assert_eq!(delivery.next_attempt_at, None);
    }
    stores.set_active(&webhook, true).await;
    stores.publish(vec![updated(4, "7")]).await;
    let claimed = stores.claim_events(100).await;
    let of_webhook = claimed.iter().filter(|of| of.webhook == webhook.id);
    let of_webhook: Vec<_> = of_webhook.cloned().collect();
    assert_eq!(numbers(&of_webhook), [4]);
    // No webhook is active, so the log is not followed.
    stores.set_active(&webhook, false).await;
    stores.set_active(&other, false).await;
    let followed = stores.deliveries.next_entries(100).await.unwrap();
    assert_eq!(followed, None);
}

pub async fn an_inactive_webhook_keeps_what_is_being_sent(stores: Stores) {
    let webhook = stores.webhook(&["*"]).await;
    let events = (1..=4).map(|id| updated(id, "7"));
    stores.publish(events.collect()).await;
    let claimed = stores.claim_event().await;
    stores.set_active(&webhook, false).await;
    assert_eq!(stores.deliveries.drop_pending(2).await.unwrap(), 2);
    stores.deliver(&claimed).await;
    // If it becomes active before everything was dropped, the rest is sent.
    stores.set_active(&webhook, true).await;
    assert_eq!(numbers(&stores.claim_events(10).await), [2]);
    let states = stores.listed_deliveries(&webhook).await;
    let states: Vec<&str> = states.iter().map(|of| of.state.as_str()).collect();
    assert_eq!(states, ["failed", "failed", "pending", "delivered"]);
}

pub async fn events_of_a_resource_are_sent_in_order(stores: Stores) {
    stores.webhook(&["*"]).await;
    stores
        .publish(vec![updated(1, "7"), updated(2, "8"), updated(3, "7")])
        .await;
    stores.publish(vec![updated(4, "7"), updated(5, "8")]).await;
    let mut sent = vec![];
    for expected in [&[1, 2][..], &[3, 5], &[4], &[]] {
        let claimed = stores.claim_events(100).await;
        assert_eq!(numbers(&claimed), expected);
        assert!(stores.claim_events(100).await.is_empty());
        for claimed in claimed {
            stores.deliver(&claimed).await;
            sent.push(claimed.event.entry);
        }
    }
    assert_eq!(sent.len(), 5);
    // An empty queue begins anew.
    stores.publish(vec![updated(6, "7")]).await;
    assert_eq!(numbers(&stores.claim_events(100).await), [6]);
}

pub async fn an_address_keeps_its_order_whoever_has_it(stores: Stores) {
    stores.webhook(&["*"]).await;
    // Product 7 is deleted, and product 12 gets its address.
    stores
        .publish(vec![at_address(1, "7", "a"), at_address(2, "7", "a")])
        .await;
    stores.publish(vec![at_address(3, "12", "a")]).await;
    for expected in [1, 2, 3] {
        let claimed = stores.claim_event().await;
        assert_eq!(numbers(std::slice::from_ref(&claimed)), [expected]);
        stores.deliver(&claimed).await;
    }
    // Product 12 leaves the address, and product 13 gets it.
    stores
        .publish(vec![
            at_address(4, "12", "a"),
            at_address(5, "12", "b"),
            at_address(6, "13", "a"),
            at_address(7, "12", "b"),
        ])
        .await;
    let first = stores.claim_event().await;
    assert_eq!(numbers(std::slice::from_ref(&first)), [4]);
    stores.deliver(&first).await;
    let both = stores.claim_events(100).await;
    assert_eq!(numbers(&both), [5, 6], "none waits for the other");
    for claimed in &both {
        stores.deliver(claimed).await;
    }
    stores.deliver(&stores.claim_event().await).await;
}

pub async fn a_resource_keeps_its_order_at_a_new_address(stores: Stores) {
    stores.webhook(&["*"]).await;
    let claim = async |expected: &[i64]| {
        let mut claimed = stores.claim_events(100).await;
        claimed.sort_by_key(|of| of.number);
        assert_eq!(numbers(&claimed), expected);
        claimed
    };
    // A webhook that receives others is not switched off.
    stores.publish(vec![updated(9, "9")]).await;
    stores.deliver(&stores.claim_event().await).await;
    let new_address = at_address(2, "7", "b");
    stores.publish(vec![at_address(1, "7", "a")]).await;
    stores.publish(vec![new_address]).await;
    // An attempt that fails changes nothing. One that is given up ends the wait.
    let first = claim(&[1]).await;
    stores.fail(&first[0], Some(Duration::ZERO)).await;
    stores.pass_time().await;
    let again = claim(&[1]).await;
    assert_eq!(stores.fail(&again[0], None).await, Recorded::Made);
    let second = claim(&[2]).await;
    stores.deliver(&second[0]).await;

    // The new address has events of its own, which end before or after those of the former one.
    for (id, last) in [(10, 0), (20, 1)] {
        let of_both = vec![at_address(id, "7", "b"), at_address(id + 1, "8", "c")];
        stores.publish(of_both).await;
        let open = claim(&[id, id + 1]).await;
        let new_address = at_address(id + 2, "7", "c");
        let back = at_address(id + 3, "7", "b");
        stores.publish(vec![new_address, back]).await;
        claim(&[]).await;
        stores.deliver(&open[1 - last]).await;
        claim(&[]).await;
        stores.deliver(&open[last]).await;
        for expected in [id + 2, id + 3] {
            let next = claim(&[expected]).await;
            stores.deliver(&next[0]).await;
        }
    }
}

pub async fn a_webhook_has_so_many_open_requests(stores: Stores) {
    let busy = stores.webhook(&["product.updated"]).await;
    let events = (1..=20).map(|id| updated(id, &id.to_string()));
    stores.publish(events.collect()).await;
    let first = stores.claim_events(3).await;
    assert_eq!(numbers(&first), [1, 2, 3], "the earliest first");
    let rest = stores.claim_events(100).await;
    assert_eq!((first.len() + rest.len()) as u32, MAX_OPEN);
    assert!(stores.claim_events(100).await.is_empty());
    // Another server has nothing to do until a lease ends.
    let wait = stores.deliveries.next_due().await.unwrap().unwrap();
    assert!(wait > Duration::from_secs(30), "{wait:?}");

    // It holds up no other webhook.
    let other = stores.webhook(&["product.deleted"]).await;
    let deleted = event(21, "21", EventType::ProductDeleted);
    stores.publish(vec![deleted]).await;
    assert_eq!(
        stores.deliveries.next_due().await.unwrap(),
        Some(Duration::ZERO)
    );
    assert_eq!(stores.claim_event().await.webhook, other.id);
    // Whoever records a result claims the next one.
    stores.deliver(&rest[0]).await;
    let next = stores.claim_event().await;
    assert_eq!((next.webhook, next.event.entry), (busy.id, 1_000_009));
}

pub async fn claims_are_fair(stores: Stores) {
    let busy = stores.webhook(&["product.updated"]).await;
    let events = (1..=20).map(|id| updated(id, &id.to_string()));
    stores.publish(events.collect()).await;
    let calm = stores.webhook(&["product.deleted"]).await;
    let deleted = (21..=22).map(|id| event(id, &id.to_string(), EventType::ProductDeleted));
    stores.publish(deleted.collect()).await;
    let claimed = stores.claim_events(4).await;
    let count = |of: &crate::webhooks::Webhook| {
        let claimed = claimed.iter().filter(|claimed| claimed.webhook == of.id);
        claimed.count()
    };
    assert_eq!((count(&busy), count(&calm)), (2, 2));
}

pub async fn a_lease_that_ran_out_is_claimed_again(stores: Stores) {
    stores.webhook(&["*"]).await;
    stores.publish(vec![updated(1, "7"), updated(2, "7")]).await;
    let instant = Duration::from_micros(1);
    let lost = stores.deliveries.claim(instant, 10).await.unwrap();
    stores.pass_time().await;
    let again = stores.claim_event().await;
    assert_eq!((again.event, again.attempt), (lost[0].event, 2));
    assert_eq!(again.body, lost[0].body);
    assert_ne!(again.lease, lost[0].lease);
    let late = stores.deliveries.succeeded(&lost[0], 200, 1).await;
    assert_eq!(late.unwrap(), Recorded::Lost);
    assert_eq!(stores.fail(&lost[0], Some(MINUTE)).await, Recorded::Lost);
    stores.deliver(&again).await;
    let twice = stores.deliveries.succeeded(&again, 200, 1).await;
    assert_eq!(twice.unwrap(), Recorded::Lost);
    // A server that is late, but not too late, is believed.
    let late = stores.deliveries.claim(instant, 10).await.unwrap();
    stores.pass_time().await;
    assert_eq!(numbers(&late), [2]);
    stores.deliver(&late[0]).await;
}

pub async fn what_was_not_sent_is_given_back(stores: Stores) {
    stores.webhook(&["*"]).await;
    stores.publish(vec![updated(1, "7"), updated(2, "8")]).await;
    let claimed = stores.claim_events(10).await;
    stores.deliveries.give_back(&claimed).await.unwrap();
    let again = stores.claim_events(10).await;
    assert_eq!(numbers(&again), [1, 2]);
    assert!(again.iter().all(|of| of.attempt == 1));
    // They are no longer the former server's.
    stores.deliveries.give_back(&claimed).await.unwrap();
    assert!(stores.claim_events(10).await.is_empty());
}
