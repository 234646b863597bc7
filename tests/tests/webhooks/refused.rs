//! Bodies that are refused.

use eggypro_server::WebhookSettings;

use super::*;

/// A shop with the settings of production.
async fn strict_shop() -> TestShop {
    TestShop::start_with(|settings| settings.webhooks = WebhookSettings::default()).await
}

#[tokio::test]
async fn urls_that_lead_nowhere_public_are_refused() {
    let shop = strict_shop().await;
    let admin = shop.admin();
    let made = shop.create_webhook("https://erp.example/", &["*"]).await;
    let path = path_of(&made);
    for (url, rule) in [
        ("", "URL is required"),
        ("erp.example", "URL must be an absolute https URL"),
        ("http://erp.example/", "URL must be an absolute https URL"),
        ("ftp://erp.example/", "URL must be an absolute https URL"),
        (
            "https://ada:secret@erp.example/",
            "URL must not contain a user name or password",
        ),
        (
            "https://erp.example/#part",
            "URL must not contain a fragment",
        ),
        (
            "https://127.0.0.1/",
            "URL is refused: 127.0.0.1 is a loopback address",
        ),
        // Another spelling of the same address.
        (
            "https://0x7f000001/",
            "URL is refused: 127.0.0.1 is a loopback address",
        ),
        (
            "https://[::1]:8443/",
            "URL is refused: ::1 is a loopback address",
        ),
        (
            "https://10.1.2.3/",
            "URL is refused: 10.1.2.3 is a private address",
        ),
        (
            "https://169.254.169.254/latest/meta-data/",
            "URL is refused: 169.254.169.254 is the metadata service of a cloud",
        ),
        (
            "https://localhost/",
            "URL is refused: the name localhost leads to a loopback address",
        ),
    ] {
        let errors = vec![format!("url: {rule}")];
        let body = json!({ "url": url, "types": ["*"] });
        let refused = admin.post(WEBHOOKS, &body).await.expect_problem(422);
        assert_eq!(refused.errors(), errors);
        let patch = admin.patch(&path, &json!({ "url": url })).await;
        assert_eq!(patch.expect_problem(422).errors(), errors);
    }
    let list = admin.get(WEBHOOKS).await.expect(200).json();
    assert_eq!(list["data"], json!([without_secret(&made)]));
}

#[tokio::test]
async fn a_private_network_may_be_allowed_without_http() {
    let private = |settings: &mut eggypro_server::ShopSettings| {
        settings.webhooks.allow_http = false;
    };
    let shop = TestShop::start_with(private).await;
    shop.create_webhook("https://10.1.2.3/hook", &["*"]).await;
    let body = json!({ "url": "http://10.1.2.3/hook", "types": ["*"] });
    let refused = shop.admin().post(WEBHOOKS, &body).await;
    refused.expect_problem(422);
}

#[tokio::test]
async fn every_broken_field_is_named() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let url = "https://erp.example/";
    let long = format!("{url}{}", "a".repeat(2_048));
    for (body, errors) in [
        (
            json!({}),
            &["url: Url is required", "types: Types is required"][..],
        ),
        (
            json!({ "types": [] }),
            &[
                "url: Url is required",
                "types: At least one type is required",
            ],
        ),
        (
            json!({ "url": long, "types": "product.*" }),
            &["url: URL too long", "types: Types must be a list of texts"],
        ),
        (
            json!({ "url": url, "types": vec!["*"; 51] }),
            &["types: Too many types"],
        ),
        (
            json!({ "url": 1, "types": ["*"], "is_active": "yes" }),
            &[
                "url: Url must be a text",
                "is_active: Is active must be true or false",
            ],
        ),
        (
            json!({ "url": url, "types": ["*"], "secret": "whsec_x" }),
            &["secret: Unknown field: secret. Known here: url, types, is_active."],
        ),
    ] {
        let refused = admin.post(WEBHOOKS, &body).await.expect_problem(422);
        assert_eq!(refused.errors(), errors);
    }
    let body = json!({ "url": url, "types": ["product.*", "webhook.test", "order.*"] });
    let refused = admin.post(WEBHOOKS, &body).await.expect_problem(422);
    let errors = refused.errors();
    for (error, field) in errors.iter().zip(["types[1]", "types[2]"]) {
        let rule = format!("{field}: Type must be one of *, product.*, ");
        assert!(error.starts_with(&rule), "{error}");
    }
    assert_eq!(errors.len(), 2);
    let broken = [
        json!({ "url": null }),
        json!({ "types": null }),
        json!({ "types": [] }),
        json!({ "disabled_reason": null }),
    ];
    let path = path_of(&shop.create_webhook(url, &["*"]).await);
    for patch in broken {
        admin.patch(&path, &patch).await.expect_problem(422);
    }
}
