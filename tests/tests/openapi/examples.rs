//! The examples agree with the server.

use super::*;

/// A URL at which nothing listens.
const NOWHERE: &str = "http://127.0.0.1:9/hook";

#[tokio::test]
async fn request_examples_are_accepted() {
    let mut sent = 0;
    for (path, method, operation) in operations(&document()) {
        let example = &operation["requestBody"]["content"]["application/json"]["example"];
        let takes_files = path.ends_with("/images") || path == "/api/imports";
        if operation["requestBody"].is_object() && !takes_files {
            assert!(example.is_object(), "{method} {path}");
        } else {
            continue;
        }
        let shop = TestShop::start_with_eggs().await;
        let review = shop.review(json!({})).await.expect(201).json();
        // What the examples of stock sell.
        for product in ["eggs", "eggypro-vanilla-1kg", "eggypro-cocoa-1kg"] {
            let stocked = json!({ "name": product, "slug": product, "stock_quantity": 9 });
            let address = format!("/api/products/{product}");
            match product {
                "eggs" => drop(
                    shop.admin()
                        .patch(&address, &json!({ "stock_quantity": 9 }))
                        .await,
                ),
                _ => drop(shop.create_product(stocked).await),
            }
        }
        shop.create_category("Eggs").await;
        let admin = shop.admin();
        let key = json!({ "name": "Warehouse", "permissions": [] });
        let key = admin.post("/api/keys", &key).await.expect(201).json();
        let webhook = shop.create_webhook(NOWHERE, &["review.*"]).await;
        let address = path
            .replace("/categories/{slug}", "/categories/eggs")
            .replace(
                "/webhooks/{id}",
                &format!("/webhooks/{}", webhook["id"].as_str().unwrap()),
            )
            .replace(
                "/keys/{id}",
                &format!("/keys/{}", key["id"].as_str().unwrap()),
            )
            .replace("{slug}", "eggs")
            .replace("{id}", &review["id"].to_string());
        let answer = admin
            .send(admin.request(&method, &address).json(example))
            .await;
        assert!(
            (200..300).contains(&answer.status),
            "{method} {path}: {}",
            answer.text()
        );
        sent += 1;
    }
    assert_eq!(sent, 17);
}

#[tokio::test]
async fn answer_examples_have_the_real_members() {
    let shop = TestShop::start_with_eggs().await;
    let review = shop.review(json!({})).await.expect(201).json();
    shop.verify(&review["id"], true).await.expect(200);
    shop.review(json!({ "comment": "Another." }))
        .await
        .expect(201);
    let webhook = shop.create_webhook(NOWHERE, &["category.*"]).await;
    let webhook = format!("/api/webhooks/{}", webhook["id"].as_str().unwrap());
    let deliveries = format!("{webhook}/deliveries");
    shop.create_category("Bars").await;
    shop.admin().delivery(&webhook, |_| true).await;
    let shown = json!({
        "images": ["https://a.example/a.jpg"], "categories": ["bars"], "sku": "EP-1", "gtin": "4006381333931", "list_price": 99,
        "net_content": { "value": 1, "unit": "kg" }, "group": "powder", "options": { "Flavour": "Vanilla", "Size": "1 kg" },
        "food": { "storage": "Keep dry.", "origin_country": "DE", "nutrition": { "basis": "100 g" } }
    });
    shop.admin()
        .patch("/api/products/eggs", &shown)
        .await
        .expect(200);
    let file = "sku,price\nEP-1,5\nnone,1\n";
    let import = shop.admin().import("dry_run=true", file).await;
    let import = format!("/api/imports/{}", import["id"].as_str().unwrap());
    let document = document();
    for (path, address) in [
        ("/api/imports", "/api/imports"),
        ("/api/imports/{id}", import.as_str()),
        ("/api/webhooks", "/api/webhooks"),
        ("/api/webhooks/{id}", webhook.as_str()),
        ("/api/webhooks/{id}/deliveries", deliveries.as_str()),
        ("/api/products", "/api/products"),
        ("/api/products/search", "/api/products/search?q=eggs"),
        ("/api/products/suggest", "/api/products/suggest?q=eggs"),
        ("/api/products/{slug}", "/api/products/eggs"),
        ("/api/products/{slug}/reviews", "/api/products/eggs/reviews"),
        ("/api/reviews", "/api/reviews"),
        ("/api/categories", "/api/categories"),
        ("/api/categories/{slug}", "/api/categories/bars"),
    ] {
        let operation = &document["paths"][path]["get"];
        let example = &operation["responses"]["200"]["content"]["application/json"]["example"];
        let answer = shop.admin().get(address).await.expect(200).json();
        assert_eq!(members(example), members(&answer), "{path}");
    }
}

/// The names of all members, at any depth. A list is represented by its first item.
fn members(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let named = object
                .iter()
                .map(|(name, value)| (name.clone(), members(value)));
            Value::Object(named.collect())
        }
        Value::Array(items) => match items.first() {
            Some(item @ Value::Object(_)) => json!([members(item)]),
            _ => Value::Null,
        },
        _ => Value::Null,
    }
}
