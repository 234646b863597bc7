//! Imports: files of products that are received, and then read and written in the background.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod cancelling;
mod listing;
mod refused;
mod rows;
mod uploads;

use eggypro_tests::{TestShop, User};
use serde_json::{Value, json};

const IMPORTS: &str = "/api/imports";

/// A table with everything that a new product needs, and these rows.
fn table(rows: &[&str]) -> String {
    let header = "sku,name,description,details,price,ingredients";
    [&[header][..], rows, &[""]].concat().join("\n")
}

/// How many rows have created a product, changed one, left one as it was, and were refused.
fn counts(import: &Value) -> [u64; 4] {
    ["created", "updated", "unchanged", "failed"].map(|name| import[name].as_u64().unwrap())
}

/// The path of an import.
fn path_of(import: &Value) -> String {
    format!("{IMPORTS}/{}", import["id"].as_str().unwrap())
}

async fn price(shop: &TestShop, slug: &str) -> Option<f64> {
    let product = shop.admin().get(&format!("/api/products/{slug}")).await;
    product.json()["price"].as_f64()
}

/// A user with an API key of these permissions, and the key's id.
async fn holder(shop: &TestShop, permissions: &[&str]) -> (User, Value) {
    let key = json!({ "name": "Files", "permissions": permissions });
    let key = shop.admin().post("/api/keys", &key).await.expect(201);
    let key = key.json();
    let user = shop.bearer(key["secret"].as_str().unwrap());
    (user, key["id"].clone())
}

#[tokio::test]
async fn an_export_that_is_imported_changes_nothing() {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    shop.create_product(json!({
        "name": "Special", "title": "=Crème \"x\"; brûlée |\\", "description": "Two\nlines, and a comma",
        "price": 10, "list_price": 12.5, "sku": "CB-1", "gtin": "4006381333931", "brand": "Egg & Co",
        "ingredients": ["Egg | white", "Salt"], "categories": ["bars"], "stock_quantity": 3, "low_stock_at": 1,
        "images": ["https://example.com/a,b.jpg"], "media": [{ "alt_text": "A \"bar\"" }],
        "net_content": { "value": 0.75, "unit": "l" }, "group": "bars", "options": { "Flavour": "Crème" },
        "food": { "allergens": ["eggs"], "nutrition": { "basis": "100 ml", "protein": 10.5, "salt": 0 } },
        "seo": { "title": "Bar", "description": "A bar" },
        "publish_at": "2030-01-01T00:00:00Z", "is_active": false
    }))
    .await;
    shop.create_product(json!({ "name": "Plain" })).await;
    let admin = shop.admin();
    let products = async || {
        let list = admin.get("/api/products?status=all").await.expect(200);
        list.json()["data"].clone()
    };
    let before = products().await;
    for format in ["csv", "ndjson"] {
        let path = format!("/api/products/export?format={format}");
        let file = admin.get(&path).await.expect(200).bytes;
        let import = admin.import("", file).await;
        assert_eq!(import["status"], "done", "{import}");
        assert_eq!(import["format"], format);
        assert_eq!((&import["rows"], &import["done"]), (&json!(2), &json!(2)));
        assert_eq!(counts(&import), [0, 0, 2, 0], "{import}");
        assert_eq!(import["errors"], json!([]));
    }
    assert_eq!(products().await, before);
}

#[tokio::test]
async fn the_log_of_changes_names_the_caller_and_the_import() {
    let shop = TestShop::start().await;
    let (user, key) = holder(&shop, &["products:write"]).await;
    let request = user
        .request("POST", IMPORTS)
        .body(table(&["A,Egg,d,d,1,Egg"]));
    let request = request.header("X-Request-Id", "file-7");
    let begun = user.send(request).await.expect(202);
    let import = user.ended_import(begun.header("location")).await;
    assert_eq!(counts(&import), [1, 0, 0, 0], "{import}");
    let changes = shop.admin().get("/api/changes?resource=product").await;
    let changes = changes.expect(200).json();
    let change = &changes["data"][0];
    assert_eq!(
        (&change["action"], &change["slug"]),
        (&json!("created"), &json!("egg"))
    );
    assert_eq!(
        (&change["actor"]["kind"], &change["actor"]["id"]),
        (&json!("key"), &key)
    );
    assert_eq!(change["request_id"], "file-7");
    let id = import["id"].as_str().unwrap();
    assert_eq!(change["reason"], format!("import {id}"));
}

#[tokio::test]
async fn imports_need_a_permission() {
    let shop = TestShop::start().await;
    let (reader, _) = holder(&shop, &["products:read"]).await;
    let path = shop.import_elsewhere();
    let errors = format!("{path}/errors.csv");
    for (method, path) in [
        ("POST", IMPORTS),
        ("GET", IMPORTS),
        ("GET", path),
        ("GET", errors.as_str()),
        ("DELETE", path),
    ] {
        for (user, status) in [(&shop.anonymous(), 401), (&reader, 403)] {
            let request = user.request(method, path).body("sku\nA\n");
            user.send(request).await.expect_problem(status);
        }
    }
    assert_eq!(
        shop.admin().get(path).await.expect(200).json()["status"],
        "running"
    );
}
