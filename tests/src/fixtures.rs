use serde_json::{Value, json};

/// The body of a valid product, with these fields changed.
pub fn a_product(changes: Value) -> Value {
    let mut product = json!({
        "name": "EggyPro Vanilla 1kg",
        "description": "Egg white protein with real vanilla.",
        "details": "24 g of protein a serving.",
        "price": 39.90,
        "ingredients": ["Egg white protein", "Vanilla"],
    });
    merge(&mut product, changes);
    product
}

/// The body of a category with this name.
pub fn a_category(name: &str) -> Value {
    json!({ "name": name })
}

pub(crate) fn merge(target: &mut Value, changes: Value) {
    if let (Some(target), Value::Object(changes)) = (target.as_object_mut(), changes) {
        target.extend(changes);
    }
}
