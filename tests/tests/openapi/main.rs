//! The OpenAPI document agrees with the server.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod examples;
mod guards;
mod inputs;

use eggypro_tests::TestShop;
use serde_json::{Value, json};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn document() -> Value {
    serde_json::from_str(&eggypro_http::openapi_document().unwrap()).unwrap()
}

/// Every operation, as path, method and definition.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let of = |(path, item): (&String, &Value)| {
        let item = item.as_object().unwrap().clone();
        let path = path.clone();
        item.into_iter()
            .filter(|(method, _)| METHODS.contains(&method.as_str()))
            .map(move |(method, operation)| (path.clone(), method.to_uppercase(), operation))
    };
    paths.iter().flat_map(of).collect()
}

/// Fills a path template with ids of resources that do not exist.
fn address(path: &str) -> String {
    path.replace("{slug}", "nothing")
        .replace("{id}", "1000000")
        .replace("{event}", "1")
        .replace("{public_id}", "eggypro-products/nothing")
}

#[test]
fn the_document_is_as_reviewed() {
    let mut document = document();
    document["info"]["version"] = json!("[version]");
    insta::assert_json_snapshot!(document);
}

#[tokio::test]
async fn the_document_is_served_with_its_page() {
    let shop = TestShop::start().await;
    let served = shop.anonymous().get("/api/openapi.json").await.expect(200);
    assert_eq!(served.json(), document());
    assert!(
        served.json()["openapi"]
            .as_str()
            .unwrap()
            .starts_with("3.1")
    );
    let page = shop.anonymous().get("/api/docs").await.expect(200);
    assert!(page.header("content-type").starts_with("text/html"));
    let text = page.text();
    let assets: Vec<&str> = text
        .split('"')
        .filter(|part| part.starts_with("/api/docs/"))
        .collect();
    assert!(assets.len() >= 4);
    for asset in assets {
        let file = shop.anonymous().get(asset).await.expect(200);
        assert!(!file.bytes.is_empty());
    }
    assert!(
        !text.contains("https://"),
        "the page loads nothing from elsewhere"
    );
    let settings = shop
        .anonymous()
        .get("/api/docs/swagger-initializer.js")
        .await
        .text();
    assert!(
        settings.contains("\"validatorUrl\": \"none\""),
        "{settings}"
    );
    assert!(!settings.contains("StandaloneLayout"), "{settings}");
    shop.anonymous()
        .get("/api/docs/nothing.js")
        .await
        .expect_problem(404);
}

/// Collects all values under a key, at any depth.
fn all_under<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get(key));
            members
                .values()
                .for_each(|value| all_under(value, key, found));
        }
        Value::Array(items) => items.iter().for_each(|item| all_under(item, key, found)),
        _ => {}
    }
}

#[test]
fn all_references_exist() {
    let document = document();
    let mut references = vec![];
    all_under(&document, "$ref", &mut references);
    assert!(references.len() > 500);
    for reference in references {
        let place = reference.as_str().unwrap().strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{place}");
    }
}
