//! Over REST.

use eggypro_tests::TestShop;
use serde_json::{Value, json};

use crate::shop;

async fn ask(shop: &TestShop, call: &str, body: Value) -> Value {
    let path = format!("/ucp/catalog/{call}");
    shop.anonymous().post(&path, &body).await.expect(200).json()
}

fn ids(products: &Value) -> Vec<String> {
    let products = products.as_array().into_iter().flatten();
    products
        .map(|product| product["id"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn the_profile_declares_what_is_served() {
    let shop = shop().await;
    let profile = shop.anonymous().get("/.well-known/ucp").await.expect(200);
    let profile = &profile.json()["ucp"];
    assert_eq!(profile["version"], "2026-04-08");
    let services = &profile["services"]["dev.ucp.shopping"];
    assert_eq!(services.as_array().unwrap().len(), 2);
    assert_eq!(services[0]["transport"], "rest");
    assert!(services[0]["endpoint"].as_str().unwrap().ends_with("/ucp"));
    assert_eq!(services[1]["transport"], "mcp");
    let endpoint = services[1]["endpoint"].as_str().unwrap();
    assert!(endpoint.ends_with("/ucp/mcp"));
    let names: Vec<&String> = profile["capabilities"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(
        names,
        [
            "dev.ucp.shopping.catalog.lookup",
            "dev.ucp.shopping.catalog.search"
        ]
    );
}

#[tokio::test]
async fn a_search_finds_groups_once_with_prices_in_minor_units() {
    let shop = shop().await;
    let found = ask(&shop, "search", json!({ "query": "powder" })).await;
    assert_eq!(ids(&found["products"]), ["prod_g_powder"]);
    let product = &found["products"][0];
    assert_eq!(product["variants"].as_array().unwrap().len(), 2);
    assert_eq!(
        product["price_range"]["min"],
        json!({ "amount": 3990, "currency": "EUR" })
    );
    assert_eq!(product["price_range"]["max"]["amount"], 4190);
    let filter = json!({ "filters": { "price": { "max": 250 } } });
    let found = ask(&shop, "search", filter).await;
    assert_eq!(ids(&found["products"]), ["prod_3"]);
    // Nothing is shown that is not public.
    assert!(ids(&ask(&shop, "search", json!({ "query": "hidden" })).await["products"]).is_empty());
    let nothing = shop
        .anonymous()
        .post("/ucp/catalog/search", &json!({}))
        .await;
    nothing.expect(400);
}

#[tokio::test]
async fn a_lookup_says_which_id_named_what() {
    let shop = shop().await;
    let body =
        json!({ "ids": ["VANILLA", "var_2", "VANILLA", "prod_3", "bar", "nope", "hidden-bar"] });
    let found = ask(&shop, "lookup", body).await;
    assert_eq!(ids(&found["products"]), ["prod_g_powder", "prod_3"]);
    let variants = found["products"][0]["variants"].as_array().unwrap();
    let inputs: Vec<&Value> = variants.iter().map(|variant| &variant["inputs"]).collect();
    assert_eq!(
        inputs,
        [
            &json!([{ "id": "VANILLA", "match": "exact" }]),
            &json!([{ "id": "var_2", "match": "exact" }])
        ]
    );
    let unknown: Vec<&Value> = found["messages"].as_array().unwrap().iter().collect();
    assert_eq!(unknown.len(), 2, "{unknown:?}");
    let many: Vec<String> = (0..101).map(|id| format!("var_{id}")).collect();
    let refused = shop
        .anonymous()
        .post("/ucp/catalog/lookup", &json!({ "ids": many }))
        .await;
    assert_eq!(refused.expect(400).json()["code"], "request_too_large");
}

#[tokio::test]
async fn a_product_is_narrowed_by_its_options() {
    let shop = shop().await;
    let body =
        json!({ "id": "prod_g_powder", "selected": [{ "name": "Flavour", "label": "Cacao" }] });
    let answer = ask(&shop, "product", body).await;
    let product = &answer["product"];
    assert_eq!(
        product["selected"],
        json!([{ "name": "Flavour", "label": "Cacao" }])
    );
    assert_eq!(ids(&product["variants"]), ["var_2"]);
    let none = ask(&shop, "product", json!({ "id": "var_4" })).await;
    assert_eq!(none["ucp"]["status"], "error");
}

#[tokio::test]
async fn pages_follow_one_another() {
    let shop = shop().await;
    for asked in [
        json!({ "filters": { "price": { "min": 0 } } }),
        json!({ "query": "powder bar" }),
    ] {
        let whole = ask(&shop, "search", asked.clone()).await;
        let (mut cursor, mut pages) = (Value::Null, vec![]);
        loop {
            let mut page = asked.clone();
            page["pagination"] = json!({ "limit": 1, "cursor": cursor });
            let found = ask(&shop, "search", page).await;
            pages.extend(ids(&found["products"]));
            cursor = found["pagination"]["cursor"].clone();
            assert_eq!(found["pagination"]["has_next_page"], cursor.is_string());
            if !cursor.is_string() {
                break;
            }
        }
        // Each variant is a hit, and its group comes again on the page of the next one.
        pages.dedup();
        assert_eq!(pages, ids(&whole["products"]), "{asked}");
    }
    let refused = json!({ "query": "bar", "pagination": { "cursor": "broken" } });
    let refused = shop.anonymous().post("/ucp/catalog/search", &refused).await;
    assert_eq!(refused.expect(400).json()["code"], "invalid_cursor");
    for body in [json!(["bar"]), json!("bar"), json!({ "query": 1 })] {
        shop.anonymous()
            .post("/ucp/catalog/search", &body)
            .await
            .expect(400);
    }
}
