//! The OpenAPI document agrees with the server.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use eggypro_auth::{AdminUser, SessionTokens};
use eggypro_tests::{JWT_SECRET, TestShop, a_product};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use time::OffsetDateTime;

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

/// Whether an operation requires credentials.
fn needs_credentials(operation: &Value) -> bool {
    let security = operation["security"].as_array().unwrap();
    !security.is_empty() && !security.contains(&json!({}))
}

/// Fills a path template with ids of resources that do not exist.
fn address(path: &str) -> String {
    path.replace("{slug}", "nothing")
        .replace("{id}", "1000000")
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

#[tokio::test]
async fn every_operation_is_served_and_guarded_as_described() {
    let shop = TestShop::start().await;
    for (path, method, operation) in operations(&document()) {
        let path = address(&path);
        let called = async |user: eggypro_tests::User| {
            let request = user.request(&method, &path);
            let is_read = method == "GET" || method == "DELETE";
            let request = if is_read {
                request
            } else {
                request.json(&a_product(json!({ "name": "!" })))
            };
            user.send(request).await
        };
        let anonymous = called(shop.anonymous()).await;
        if needs_credentials(&operation) {
            anonymous.expect_problem(401);
            called(shop.bearer("wrong")).await.expect_problem(401);
            let admin = called(shop.admin()).await;
            assert!(
                !matches!(admin.status, 401 | 403 | 405),
                "{method} {path}: {}",
                admin.status
            );
        } else {
            assert!(
                !matches!(anonymous.status, 401 | 403 | 405),
                "{method} {path}: {}",
                anonymous.status
            );
        }
        let status = called(shop.admin()).await.status.to_string();
        assert!(
            operation["responses"].get(&status).is_some(),
            "{method} {path}: {status}"
        );
    }
}

#[tokio::test]
async fn a_session_without_the_permission_is_forbidden() {
    let shop = TestShop::start().await;
    let nobody = AdminUser::with(&[]);
    let session = SessionTokens::new(&JWT_SECRET.into()).issue(&nobody, OffsetDateTime::now_utc());
    let powerless = shop.bearer(session.unwrap().token.expose_secret());
    powerless.get("/api/auth/admin").await.expect(200);
    powerless
        .get("/api/products?status=all")
        .await
        .expect_problem(403);
    let mut guarded = 0;
    for (path, method, operation) in operations(&document()) {
        if operation["x-required-permission"].is_string() {
            let path = address(&path);
            let request = powerless
                .request(&method, &path)
                .json(&a_product(json!({})));
            let answer = powerless.send(request).await.expect_problem(403);
            let permission = &operation["x-required-permission"];
            assert_eq!(&answer.json()["required_permission"], permission);
            guarded += 1;
        }
    }
    assert_eq!(guarded, 24);
}

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

#[tokio::test]
async fn request_examples_are_accepted() {
    let mut sent = 0;
    for (path, method, operation) in operations(&document()) {
        let example = &operation["requestBody"]["content"]["application/json"]["example"];
        if operation["requestBody"].is_object() && !path.ends_with("/images") {
            assert!(example.is_object(), "{method} {path}");
        } else {
            continue;
        }
        let shop = TestShop::start_with_eggs().await;
        let review = shop.review(json!({})).await.expect(201).json();
        shop.create_category("Eggs").await;
        let admin = shop.admin();
        let key = json!({ "name": "Warehouse", "permissions": [] });
        let key = admin.post("/api/keys", &key).await.expect(201).json();
        let address = path
            .replace("/categories/{slug}", "/categories/eggs")
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
    assert_eq!(sent, 11);
}

#[tokio::test]
async fn answer_examples_have_the_real_members() {
    let shop = TestShop::start_with_eggs().await;
    let review = shop.review(json!({})).await.expect(201).json();
    shop.verify(&review["id"], true).await.expect(200);
    shop.review(json!({ "comment": "Another." }))
        .await
        .expect(201);
    shop.create_category("Bars").await;
    let shown = json!({ "images": ["https://a.example/a.jpg"], "categories": ["bars"] });
    shop.admin()
        .patch("/api/products/eggs", &shown)
        .await
        .expect(200);
    let document = document();
    for (path, address) in [
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
