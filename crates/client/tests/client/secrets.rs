//! Secrets that no text shows.

use std::error::Error as _;

use eggypro_client::keys::{NewApiKey, Permission};
use eggypro_client::webhooks::Verifier;
use eggypro_client::{Client, Credentials, ExposeSecret};

use crate::server::{Reply, SECRET, Server};

#[tokio::test]
async fn nothing_shows_the_secret() {
    let server = Server::replying([Reply::Cut]).await;
    let client = server.client();
    let call = client.products().get("eggs");
    let mut texts = vec![
        format!("{:?}", server.builder()),
        format!("{client:?}"),
        format!("{:?}", client.products()),
        format!("{call:?}"),
        format!("{:?}", Credentials::admin_secret(SECRET)),
    ];
    let error = call.await.unwrap_err();
    texts.push(format!("{error:?} {error} {:?}", error.source()));
    for text in texts {
        assert!(!text.contains(SECRET), "{text}");
    }
    let received = server.received();
    let sent = received[0].header("authorization").unwrap();
    assert_eq!(sent, format!("Bearer {SECRET}"));
}

#[tokio::test]
async fn secrets_of_answers_are_not_shown() {
    let key = format!(
        r#"{{"id":"aaaaaaaaaaaa","name":"Warehouse","prefix":"egg_aaaaaaaaaaaa","permissions":["stock:write","eggs:boil"],
        "created_at":"2026-01-05T10:00:00Z","created_by":"admin","expires_at":null,"last_used_at":null,"revoked_at":null,
        "secret":"{SECRET}"}}"#
    );
    let server = Server::replying([Reply::json(201, key)]).await;
    let new = NewApiKey::new("Warehouse", [Permission::StockWrite]);
    let key = server.client().keys().create(&new).await.unwrap();
    assert_eq!(key.secret.expose_secret(), SECRET);
    assert!(!format!("{key:?}").contains(SECRET));
    let boil = Permission::Other("eggs:boil".to_owned());
    assert_eq!(key.permissions, [Permission::StockWrite, boil]);
    let verifier = Verifier::new(["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD".into()]);
    assert!(!format!("{:?}", verifier.unwrap()).contains("C2FV"));
}

#[test]
fn broken_settings_are_refused_without_the_secret() {
    for url in [
        "",
        "shop.example",
        "ftp://shop.example",
        "https://shop.example?key=1",
    ] {
        assert!(Client::new(url).is_err(), "{url}");
    }
    let secret = "line\nbreak";
    let builder = Client::builder("https://shop.example");
    let error = builder.credentials(Credentials::api_key(secret)).build();
    assert!(!error.unwrap_err().to_string().contains("break"));
}
