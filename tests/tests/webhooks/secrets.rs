//! Secrets: shown once, rotated, and never in a list or in the log of changes.

use super::*;

#[tokio::test]
async fn a_secret_is_shown_when_it_is_made_and_never_again() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let made = shop
        .create_webhook("https://erp.example/hook/T0K3N", &["*"])
        .await;
    let path = path_of(&made);
    let rotate = format!("{path}/secret");
    let rotated = admin.post(&rotate, &json!({})).await.expect(201);
    assert_eq!(rotated.header("cache-control"), "no-store");
    let rotated = rotated.json();
    assert_eq!(without_secret(&rotated), without_secret(&made));
    assert_ne!(rotated["secret"], made["secret"]);
    for webhook in [&made, &rotated] {
        let secret = webhook["secret"].as_str().unwrap();
        assert!(secret.starts_with("whsec_"), "{secret}");
    }
    admin.get(&rotate).await.expect_problem(405);
    let moved = json!({ "url": "https://erp.example/other/T0K3N" });
    admin.patch(&path, &moved).await.expect(200);

    let deliveries = format!("{path}/deliveries");
    for path in [WEBHOOKS, &path, &deliveries, "/api/changes", "/api/events"] {
        let text = admin.get(path).await.expect(200).text();
        for webhook in [&made, &rotated] {
            let secret = webhook["secret"].as_str().unwrap();
            let base64 = secret.strip_prefix("whsec_").unwrap();
            assert!(!text.contains(base64), "{path}: {text}");
        }
        assert!(!text.contains("whsec_"), "{path}: {text}");
        // The path of a URL may be a secret of the receiver.
        let is_log = path.starts_with("/api/changes") || path.starts_with("/api/events");
        assert!(!is_log || !text.contains("T0K3N"), "{path}: {text}");
    }
}

#[tokio::test]
async fn the_log_of_changes_names_what_was_done_to_a_webhook() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let made = shop
        .create_webhook("https://erp.example/hook/T0K3N", &["*"])
        .await;
    let path = path_of(&made);
    admin
        .post(&format!("{path}/secret"), &json!({}))
        .await
        .expect(201);
    let change = json!({ "is_active": false });
    admin.patch(&path, &change).await.expect(200);
    admin.delete(&path).await.expect(204);
    let changes = changes(&shop).await;
    let actions: Vec<&str> = changes
        .iter()
        .map(|change| change["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["deleted", "updated", "updated", "created"]);
    for change in &changes {
        assert_eq!(change["resource_id"], made["id"]);
        assert_eq!(change["actor"]["kind"], "admin");
    }
    assert_eq!(changes[1]["diff"], json!({ "is_active": [true, false] }));
    let rotation = changes[2]["diff"].as_object().unwrap();
    let columns: Vec<&String> = rotation.keys().collect();
    assert_eq!(columns, ["secret_created_at"]);
    // The path may hold a secret of the receiver.
    let url = changes[3]["diff"]["url"][1].as_str().unwrap();
    let digest = url.strip_prefix("https://erp.example/… (").unwrap();
    assert_eq!(digest.len(), 9, "{url}");
    // None of this is an event.
    let events = admin.get("/api/events").await.expect(200).json();
    assert_eq!(events["data"], json!([]));
}

#[tokio::test]
async fn both_secrets_sign_after_a_rotation() {
    let shop = TestShop::start().await;
    let receiver = Receiver::start().await;
    let made = shop
        .create_webhook(receiver.url(), &["product.created"])
        .await;
    let rotate = format!("{}/secret", path_of(&made));
    let rotated = shop.admin().post(&rotate, &json!({})).await;
    let rotated = rotated.expect(201).json();
    shop.create_product(json!({ "name": "Eggs" })).await;
    let received = receiver.wait_for(1).await;
    assert!(is_signed(&received[0], &made["secret"]));
    assert!(is_signed(&received[0], &rotated["secret"]));
    let other = shop.create_webhook(receiver.url(), &["*"]).await;
    assert!(!is_signed(&received[0], &other["secret"]));
    let signatures = received[0].header("webhook-signature").split(' ');
    assert_eq!(signatures.count(), 2);
}
