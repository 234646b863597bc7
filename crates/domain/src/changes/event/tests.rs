use time::OffsetDateTime;

use super::super::Actor;
use super::*;

fn entry(resource: Resource, action: Action, diff: &str) -> ChangeEntry {
    ChangeEntry::new(
        1,
        OffsetDateTime::UNIX_EPOCH,
        (resource, "7".to_owned()),
        action,
        Actor::customer(),
        diff.to_owned(),
    )
}

fn events(entry: &ChangeEntry) -> Vec<&'static str> {
    let events = EventType::of(entry);
    events.into_iter().map(EventType::as_str).collect()
}

#[test]
fn marks_are_events_unless_the_resource_is_gone() {
    let mut sold = entry(Resource::Product, Action::Updated, "{}");
    sold.marks = vec![Mark::BackInStock, Mark::LowStock];
    let expected = [
        "product.updated",
        "product.back_in_stock",
        "product.low_stock",
    ];
    assert_eq!(events(&sold), expected);
    sold.action = Action::Deleted;
    assert_eq!(events(&sold), ["product.deleted"]);
}

#[test]
fn a_change_of_stock_is_an_event() {
    use Action::{Created, Deleted, Updated};

    let stock = r#"{"stock_quantity": [3, 2]}"#;
    let option = r#"{"options": [[], [{"stock_quantity": "x"}]], "stock_quantity": [3, 2]}"#;
    let text = r#"{"name": ["a", "b \"stock_quantity\": c"]}"#;
    let off = r#"{"is_active": [true, false], "disabled_reason": [null, "gone"]}"#;
    let on = r#"{"is_active": [false, true], "disabled_reason": ["gone", null]}"#;
    for (resource, action, diff, expected) in [
        (Resource::Webhook, Updated, off, &["webhook.disabled"][..]),
        (Resource::Webhook, Updated, on, &[]),
        (Resource::Webhook, Deleted, off, &[]),
        (Resource::Product, Updated, off, &["product.updated"]),
        (
            Resource::Product,
            Updated,
            stock,
            &["product.updated", "stock.moved"][..],
        ),
        (
            Resource::Product,
            Updated,
            option,
            &["product.updated", "stock.moved"],
        ),
        (Resource::Product, Updated, text, &["product.updated"]),
        (Resource::Product, Created, stock, &["product.created"]),
        (Resource::Product, Deleted, stock, &["product.deleted"]),
        (Resource::Review, Updated, stock, &[]),
    ] {
        assert_eq!(events(&entry(resource, action, diff)), expected, "{diff}");
    }
}
