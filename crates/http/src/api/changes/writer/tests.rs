use super::*;
use eggypro_domain::changes::{Action, Actor, EntriesAfter, Mark, Position, Resource};
use eggypro_domain::webhooks::Step;
use serde_json::{Value, json};
use time::OffsetDateTime;

/// An entry of a product that is no more.
fn entry(id: i64, action: Action, marks: &[Mark]) -> (ChangeEntry, Position, ResourceState) {
    let mut entry = ChangeEntry::new(
        id,
        OffsetDateTime::UNIX_EPOCH,
        (Resource::Product, "7".to_owned()),
        action,
        Actor::customer(),
        r#"{"stock_quantity":[0,3]}"#.to_owned(),
    );
    entry.slug = Some("eggs".to_owned());
    entry.marks = marks.to_vec();
    (entry, Position(id.to_string()), ResourceState::Gone)
}

fn followed(patterns: &[&str]) -> Followed {
    let position = Position("2".to_owned());
    Followed {
        step: Step {
            revision: 1,
            position: position.clone(),
        },
        entries: EntriesAfter {
            beginning: Position("0".to_owned()),
            entries: vec![
                entry(1, Action::Updated, &[Mark::BackInStock]),
                entry(2, Action::Deleted, &[]),
            ],
            position,
            is_full: false,
        },
        patterns: patterns.iter().map(|name| name.parse().unwrap()).collect(),
    }
}

fn ids(events: &[NewEvent]) -> Vec<String> {
    let named = events
        .iter()
        .map(|event| format!("{} {}", event.id, event.kind.as_str()));
    named.collect()
}

#[test]
fn wanted_events_are_written_under_the_ids_that_they_have_elsewhere() {
    let writer = EventWriter::new(Arc::default());
    let all = writer.write(&followed(&["*"])).unwrap();
    assert_eq!(
        ids(&all),
        [
            "1 product.updated",
            "1-1 product.back_in_stock",
            "1-2 stock.moved",
            "2 product.deleted"
        ]
    );
    let some = writer.write(&followed(&["stock.*", "product.deleted"]));
    assert_eq!(
        ids(&some.unwrap()),
        ["1-2 stock.moved", "2 product.deleted"]
    );
    assert!(all.iter().all(|event| event.resource == "product 7"));
}

#[test]
fn a_written_event_is_the_one_that_is_read() {
    let writer = EventWriter::new(Arc::default());
    let followed = followed(&["product.deleted"]);
    let written = writer.write(&followed).unwrap().remove(0);
    let (entry, _, state) = &followed.entries.entries[1];
    let kind = EventType::ProductDeleted;
    let shop = Storefront::default();
    let read = EventBody::of(entry, state, 0, kind, &shop);
    assert_eq!(written.body, serde_json::to_vec(&read).unwrap());
    assert_eq!(written.subject, "/api/products/eggs");
    let body: Value = serde_json::from_slice(&written.body).unwrap();
    let expected = json!({
        "id": "2", "type": "product.deleted", "time": "1970-01-01T00:00:00Z",
        "subject": "/api/products/eggs", "data": { "id": 7, "slug": "eggs" }
    });
    assert_eq!(body, expected);
}
