//! The described inputs equal the accepted ones.

use super::*;

#[tokio::test]
async fn described_parameters_equal_accepted_ones() {
    let shop = TestShop::start().await;
    for (path, method, operation) in operations(&document()) {
        if operation["requestBody"].is_object() {
            continue;
        }
        let parameters = operation["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let names = |place: &str| -> Vec<String> {
            let of_place = parameters
                .iter()
                .filter(|parameter| parameter["in"] == place);
            of_place
                .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
                .collect()
        };
        let path = format!("{}?surely-unknown=1", address(&path));
        let refused = shop
            .admin()
            .send(shop.admin().request(&method, &path))
            .await
            .expect_problem(400);
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        let known = detail
            .split("Known here: ")
            .nth(1)
            .unwrap()
            .trim_end_matches('.')
            .to_owned();
        let mut known: Vec<String> = known
            .split(", ")
            .filter(|name| *name != "none")
            .map(str::to_owned)
            .collect();
        let mut described = names("query");
        known.sort();
        described.sort();
        assert_eq!(known, described, "{method} {path}");
    }
}

#[tokio::test]
async fn described_fields_equal_accepted_ones() {
    let shop = TestShop::start().await;
    let document = document();
    for (schema, method, path) in [
        ("ProductInput", "POST", "/api/products"),
        ("ProductInput", "PUT", "/api/products/x"),
        ("ProductPatch", "PATCH", "/api/products/x"),
        ("ReviewInput", "POST", "/api/products/x/reviews"),
        ("ReviewDecision", "PATCH", "/api/reviews/1"),
        ("CategoryInput", "POST", "/api/categories"),
        ("CategoryInput", "PUT", "/api/categories/x"),
        ("WebhookInput", "POST", "/api/webhooks"),
        ("WebhookPatch", "PATCH", "/api/webhooks/x"),
    ] {
        let properties = document["components"]["schemas"][schema]["properties"]
            .as_object()
            .unwrap();
        let mut described: Vec<&str> = properties.keys().map(String::as_str).collect();
        let admin = shop.admin();
        let refused = admin
            .send(
                admin
                    .request(method, path)
                    .json(&json!({ "surely-unknown": 1 })),
            )
            .await;
        let errors = refused.expect_problem(422).errors();
        let unknown = errors
            .iter()
            .find(|error| error.starts_with("surely-unknown"))
            .unwrap();
        let known = unknown
            .split("Known here: ")
            .nth(1)
            .unwrap()
            .trim_end_matches('.');
        let mut known: Vec<&str> = known.split(", ").collect();
        known.sort_unstable();
        described.sort_unstable();
        assert_eq!(known, described, "{schema}");
    }
}

#[tokio::test]
async fn every_allowed_input_is_accepted() {
    let shop = TestShop::start_with_eggs().await;
    let anonymous = shop.anonymous();
    let longest = "🥚".repeat(200);
    let found = anonymous
        .get_with("/api/products/search", &[("q", &longest)])
        .await;
    found.expect(200);
    let nothing = json!({
        "name": "Nothing", "description": "d", "details": "d", "price": 1, "ingredients": ["Egg"],
        "slug": null, "images": null, "stock_quantity": null, "is_active": null, "categories": null
    });
    shop.admin()
        .post("/api/products", &nothing)
        .await
        .expect(201);
    let category =
        json!({ "name": "Nothing", "slug": null, "description": null, "is_active": null });
    shop.admin()
        .post("/api/categories", &category)
        .await
        .expect(201);
    // No parameter has several types: generated clients would send the text `null`.
    let document = document();
    let mut parameters = vec![];
    all_under(&document["paths"], "parameters", &mut parameters);
    for parameter in parameters.iter().flat_map(|list| list.as_array().unwrap()) {
        assert!(parameter["schema"]["type"].is_string(), "{parameter}");
    }
}
