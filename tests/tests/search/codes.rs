//! Searches for the numbers and slugs of products, also of those that are not public.

use super::*;

#[tokio::test]
async fn administrators_find_a_hidden_product_by_its_codes() {
    let shop = TestShop::start().await;
    shop.create_product(json!({ "name": "Bar EP-7" })).await;
    shop.create_product(json!({
        "name": "Secret", "slug": "for-later", "sku": "EP-7", "gtin": "4006381333931", "is_active": false
    }))
    .await;
    let admin = shop.admin();
    for code in [
        "ep-7",
        "EP-7",
        "4006381333931",
        "04006381333931",
        "for-later",
    ] {
        let search = async |status: &str| {
            let path = format!("/api/products/search?q={code}&status={status}");
            admin.get(&path).await.expect(200)
        };
        let all = search("all").await;
        assert_eq!(all.names()[0], "Secret", "{code}");
        assert_eq!(all.header("cache-control"), "no-store");
        assert_eq!(search("inactive").await.names(), ["Secret"], "{code}");
        let public = [
            search("active").await,
            admin.get(&format!("/api/products/search?q={code}")).await,
        ];
        for answer in public {
            let names = answer.expect(200).names();
            assert!(!names.contains(&"Secret".to_owned()), "{code}: {names:?}");
        }
    }
}

#[tokio::test]
async fn the_status_of_a_search_needs_a_permission() {
    let shop = TestShop::start().await;
    shop.create_product(json!({ "name": "Secret", "is_active": false }))
        .await;
    let key = json!({ "name": "Warehouse", "permissions": ["stock:write"] });
    let key = shop.admin().post("/api/keys", &key).await.expect(201);
    let warehouse = shop.bearer(key.json()["secret"].as_str().unwrap());
    for status in ["active", "inactive", "all"] {
        let path = format!("/api/products/search?q=secret&status={status}");
        shop.anonymous().get(&path).await.expect_problem(401);
        let refused = warehouse.get(&path).await.expect_problem(403).json();
        assert_eq!(refused["required_permission"], "products:read");
        // What an administrator has read is given to nobody else.
        shop.admin().get(&path).await.expect(200);
        shop.anonymous().get(&path).await.expect_problem(401);
    }
    shop.admin()
        .get("/api/products/search?q=secret&status=hidden")
        .await
        .expect_problem(400);
}

#[tokio::test]
async fn a_cursor_belongs_to_its_status() {
    let shop = TestShop::start().await;
    for (name, is_active) in [("Egg 1", true), ("Egg 2", false), ("Egg 3", true)] {
        shop.create_product(json!({ "name": name, "is_active": is_active }))
            .await;
    }
    let admin = shop.admin();
    let path = "/api/products/search?q=egg&sort=name-asc&limit=2&status=all";
    let first = admin.get(path).await.expect(200);
    assert_eq!(first.names(), ["Egg 1", "Egg 2"]);
    let body = first.json();
    let cursor = body["pagination"]["next_cursor"].as_str().unwrap();
    assert!(first.header("link").contains("status=all"));
    let second = admin.get(&format!("{path}&cursor={cursor}")).await;
    assert_eq!(second.expect(200).names(), ["Egg 3"]);
    let public = format!("/api/products/search?q=egg&sort=name-asc&limit=2&cursor={cursor}");
    shop.anonymous().get(&public).await.expect_problem(400);
}
