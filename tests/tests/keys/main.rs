//! API keys: creation, permissions, rotation, revocation and rate limits.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod budgets;
mod invalid;
mod permissions;
mod revocation;

use eggypro_tests::{PRICED, TestShop, User, a_product};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const KEYS: &str = "/api/keys";

/// Creates a key with these permissions. Returns the answer and a user with the key.
async fn make(shop: &TestShop, permissions: &[&str]) -> (Value, User) {
    let body = json!({ "name": "Warehouse", "permissions": permissions });
    let made = shop.admin().post(KEYS, &body).await.expect(201).json();
    let holder = shop.bearer(made["secret"].as_str().unwrap());
    (made, holder)
}

/// The status of a call that needs no permission.
async fn call(user: &User) -> u16 {
    user.get("/api/auth/admin").await.status
}

#[tokio::test]
async fn a_key_is_shown_once_and_has_its_permissions() {
    let shop = TestShop::start().await;
    let (made, holder) = make(&shop, &["products:read", "products:write"]).await;
    let (id, secret) = (
        made["id"].as_str().unwrap(),
        made["secret"].as_str().unwrap(),
    );
    assert_eq!(made["prefix"], format!("egg_{id}"));
    assert!(
        secret.starts_with(&format!("egg_{id}_")) && secret.len() == 55,
        "{secret}"
    );
    assert_eq!(
        (&made["created_by"], &made["revoked_at"]),
        (&json!("admin"), &json!(null))
    );
    let user = holder.get("/api/auth/admin").await.expect(200).json();
    let expected =
        json!({ "id": id, "role": "key", "permissions": ["products:read", "products:write"] });
    assert_eq!(user["user"], expected);
    holder
        .post("/api/products", &a_product(json!({})))
        .await
        .expect(201);
    let refused = holder.delete(PRICED).await.expect_problem(403).json();
    assert_eq!(refused["required_permission"], "products:delete");
    let refused = holder.get(KEYS).await.expect_problem(403).json();
    assert_eq!(refused["required_permission"], "keys:manage");

    // The log of changes names the key that created the product.
    let changes = shop
        .admin()
        .get("/api/changes?resource=product")
        .await
        .expect(200)
        .json();
    let actor = json!({ "kind": "key", "id": id, "name": "Warehouse" });
    assert_eq!(changes["data"][0]["actor"], actor);
    // No answer contains the secret or its digest.
    let digest = Sha256::digest(secret.as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let changes = shop.admin().get("/api/changes").await.expect(200).text();
    let list = shop.admin().get(KEYS).await.expect(200).text();
    for text in [&changes, &list] {
        assert!(text.contains(id) && !text.contains(&secret[17..]) && !text.contains(&digest));
    }
}
