//! Answers that are remembered with their entity tags.

use eggypro_client::Credentials;
use eggypro_client::products::{ListProducts, ProductPatch};

use crate::fixtures::{page, product};
use crate::server::{Received, Reply, Server};

/// A server whose product has a tag and can be read conditionally.
async fn tagged() -> Server {
    Server::start(|request: &Received, _| {
        if request.header("if-none-match") == Some("\"7-4\"") {
            return Reply::json(304, "");
        }
        let body = match request.path.starts_with("/api/products?") {
            true => page(&[product(7, "eggs", "39.90")], None),
            false => product(7, "eggs", "39.90"),
        };
        Reply::json(200, body).with("ETag", "\"7-4\"")
    })
    .await
}

#[tokio::test]
async fn an_unchanged_answer_is_given_from_memory() {
    let server = tagged().await;
    let client = server.client();
    let first = client.products().get("eggs").await.unwrap();
    let second = client.products().get("eggs").await.unwrap();
    assert_eq!(first, second);
    assert_eq!(second.etag.as_str(), "\"7-4\"");
    let received = server.received();
    assert_eq!(received[0].header("if-none-match"), None);
    assert_eq!(received[1].header("if-none-match"), Some("\"7-4\""));
    // Another address is another answer.
    let list = ListProducts {
        limit: Some(1),
        ..ListProducts::default()
    };
    client.products().list(&list).await.unwrap();
    client.products().list(&list).await.unwrap();
    let received = server.received();
    assert_eq!(received[2].header("if-none-match"), None);
    assert_eq!(received[3].header("if-none-match"), Some("\"7-4\""));
}

#[tokio::test]
async fn callers_do_not_share_answers() {
    let server = tagged().await;
    let client = server.client();
    client.products().get("eggs").await.unwrap();
    let public = client.with_credentials(&Credentials::anonymous()).unwrap();
    public.products().get("eggs").await.unwrap();
    let received = server.received();
    assert_eq!(received[1].header("if-none-match"), None);
    assert_eq!(received[1].header("authorization"), None);
    // Clones do, as they are the same caller.
    client.clone().products().get("eggs").await.unwrap();
    assert!(server.received()[2].header("if-none-match").is_some());
}

#[tokio::test]
async fn writes_and_clients_without_memory_are_unconditional() {
    let server = tagged().await;
    let client = server.client();
    client.products().get("eggs").await.unwrap();
    let patch = ProductPatch::default();
    client.products().patch("eggs", &patch).await.unwrap();
    assert_eq!(server.received()[1].header("if-none-match"), None);
    let client = server.builder().memory(0).build().unwrap();
    client.products().get("eggs").await.unwrap();
    client.products().get("eggs").await.unwrap();
    assert_eq!(server.received()[3].header("if-none-match"), None);
}

#[tokio::test]
async fn if_match_takes_the_tag_of_an_answer() {
    let server = Server::replying([
        Reply::json(200, product(7, "eggs", "1")).with("ETag", "W/\"7-4\""),
        Reply::json(200, product(7, "eggs", "1")),
    ])
    .await;
    let client = server.client();
    let product = client.products().get("eggs").await.unwrap();
    let patch = ProductPatch {
        stock_quantity: 4.into(),
        ..ProductPatch::default()
    };
    let call = client.products().patch("eggs", &patch);
    let written = call.if_match(&product.etag).await.unwrap();
    let received = server.received();
    assert_eq!(received[1].header("if-match"), Some("\"7-4\""));
    assert_eq!(received[1].text(), r#"{"stock_quantity":4}"#);
    let content_type = received[1].header("content-type");
    assert_eq!(content_type, Some("application/merge-patch+json"));
    // That answer had no tag, so a write can't depend on it.
    let call = client.products().deactivate("eggs").if_match(&written.etag);
    let error = call.await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the request is invalid: the answer that if_match names had no ETag"
    );
    assert_eq!(server.received().len(), 2);
}
