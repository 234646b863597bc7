//! The synonyms of searches.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::time::{Duration, Instant};

use eggypro_tests::{TestShop, User};
use serde_json::json;

const SYNONYMS: &str = "/api/search/synonyms";

/// A user with an API key that has these permissions.
async fn with_key(shop: &TestShop, permissions: &[&str]) -> User {
    let body = json!({ "name": "Search", "permissions": permissions });
    let made = shop.admin().post("/api/keys", &body).await.expect(201);
    shop.bearer(made.json()["secret"].as_str().unwrap())
}

#[tokio::test]
async fn searches_use_new_synonyms_at_once() {
    let shop = TestShop::start().await;
    for name in ["Cocoa Bar", "Albumen Shake"] {
        shop.create_product(json!({ "name": name })).await;
    }
    let (user, admin) = (shop.anonymous(), shop.admin());
    let found = async |q: &str| {
        let page = user.get_with("/api/products/search", &[("q", q)]).await;
        page.expect(200).names()
    };
    assert!(found("kakao").await.is_empty());
    let groups = json!({ "groups": [["cocoa", "Kakao"], ["albumen", "bird powder"]] });
    let put = admin.put(SYNONYMS, &groups).await.expect(200);
    assert_eq!(put.json(), groups);
    assert_eq!(found("kakao").await, ["Cocoa Bar"]);
    assert_eq!(found("bird powders").await, ["Albumen Shake"]);
    let read = admin.get(SYNONYMS).await.expect(200);
    assert_eq!(
        (read.json(), read.header("etag")),
        (groups, put.header("etag"))
    );
    // A change by hand in the database takes effect, too.
    let by_hand = r#"UPDATE search_synonyms SET groups = '[["cocoa", "schoko"]]'"#;
    shop.database.execute(by_hand);
    let deadline = Instant::now() + Duration::from_secs(5);
    while found("schoko").await != ["Cocoa Bar"] {
        assert!(Instant::now() < deadline);
    }
    assert!(found("kakao").await.is_empty());
}

#[tokio::test]
async fn a_lost_update_is_refused() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let seen = admin.get(SYNONYMS).await.expect(200);
    let put = |terms: [&str; 2]| {
        let tag = seen.header("etag");
        let request = admin.request("PUT", SYNONYMS).header("If-Match", tag);
        admin.send(request.json(&json!({ "groups": [terms] })))
    };
    put(["cocoa", "cacao"]).await.expect(200);
    let late = put(["fibre", "fiber"]).await.expect_problem(412);
    assert_eq!(late.json()["current_version"], 2);
}

#[tokio::test]
async fn invalid_synonyms_are_named() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    for (body, field) in [
        (json!({}), "groups"),
        (json!({ "groups": null }), "groups"),
        (json!({ "groups": ["cocoa"] }), "groups"),
        (json!({ "groups": [["cocoa"]] }), "groups[0]"),
        (
            json!({ "groups": [["a", "b"], ["c", "\u{202e}"]] }),
            "groups[1][1]",
        ),
        (json!({ "groups": [], "version": 2 }), "version"),
    ] {
        let problem = admin.put(SYNONYMS, &body).await.expect_problem(422);
        assert_eq!(problem.json()["errors"][0]["field"], field, "{body}");
    }
    shop.anonymous().get(SYNONYMS).await.expect_problem(401);
    let front = with_key(&shop, &[]).await;
    let problem = front.get(SYNONYMS).await.expect_problem(403);
    assert_eq!(problem.json()["required_permission"], "products:read");
    let reader = with_key(&shop, &["products:read"]).await;
    reader.get(SYNONYMS).await.expect(200);
    let problem = reader.put(SYNONYMS, &json!({ "groups": [] })).await;
    let problem = problem.expect_problem(403);
    assert_eq!(problem.json()["required_permission"], "products:write");
}
