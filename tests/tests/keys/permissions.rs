//! Keys have exactly the permissions that they are given.

use eggypro_domain::Permission;

use super::*;

#[tokio::test]
async fn a_key_cannot_grant_permissions_that_it_lacks() {
    let shop = TestShop::start().await;
    let (made, manager) = make(&shop, &["keys:manage", "products:read"]).await;
    let body = |permissions: Value| json!({ "name": "Another", "permissions": permissions });
    manager
        .post(KEYS, &body(json!(["products:read"])))
        .await
        .expect(201);
    let refused = manager
        .post(KEYS, &body(json!(["products:read", "metrics:read"])))
        .await
        .expect_problem(403);
    assert_eq!(refused.json()["required_permission"], "metrics:read");
    let (stronger, _) = make(&shop, &["metrics:read"]).await;
    let rotate = |key: &Value| format!("{KEYS}/{}/rotate", key["id"].as_str().unwrap());
    manager
        .post(&rotate(&stronger), &json!({}))
        .await
        .expect_problem(403);
    manager.post(&rotate(&made), &json!({})).await.expect(201);
    for (broken, field) in [
        (json!({ "permissions": [] }), "name"),
        (json!({ "name": "A" }), "permissions"),
        (
            json!({ "name": "A", "permissions": ["all"] }),
            "permissions[0]",
        ),
        (
            json!({ "name": "A", "permissions": [], "expires_at": "2020-01-01T00:00:00Z" }),
            "expires_at",
        ),
        (
            json!({ "name": "A", "permissions": [], "expires_at": "soon" }),
            "expires_at",
        ),
        (
            json!({ "name": "A", "permissions": [], "digest": "x" }),
            "digest",
        ),
    ] {
        let answer = manager.post(KEYS, &broken).await.expect_problem(422);
        assert_eq!(answer.json()["errors"][0]["field"], field, "{broken}");
    }
    for id in ["x", "0123456789aZ"] {
        manager
            .delete(&format!("{KEYS}/{id}"))
            .await
            .expect_problem(404);
        manager
            .post(&format!("{KEYS}/{id}/rotate"), &json!({}))
            .await
            .expect_problem(404);
    }
    let overlap = json!({ "overlap_seconds": 604_801 });
    manager
        .post(&rotate(&made), &overlap)
        .await
        .expect_problem(422);
}

#[tokio::test]
async fn each_operation_needs_exactly_its_permission() {
    let shop = TestShop::start().await;
    let document = shop.anonymous().get("/api/openapi.json").await.json();
    let mut tried = 0;
    for permission in Permission::ALL.map(Permission::as_str) {
        let (_, holder) = make(&shop, &[permission]).await;
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let Some(needed) = operation["x-required-permission"].as_str() else {
                    continue;
                };
                // These resources do not exist, and the body has no product, so the calls change nothing.
                let address = path
                    .replace("{slug}", "none")
                    .replace("{id}", "1")
                    .replace("{event}", "1")
                    .replace("{public_id}", "none");
                let request = holder
                    .request(&method.to_uppercase(), &address)
                    .json(&json!({ "x": 1 }));
                let status = holder.send(request).await.status;
                assert_eq!(
                    status == 403,
                    needed != permission,
                    "{permission} {method} {path}: {status}"
                );
                assert_ne!(status, 401);
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 47 * Permission::ALL.len());
}
