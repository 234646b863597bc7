//! Redirects, which only reads follow.

use std::time::Duration;

use eggypro_client::stock::{MovementReason, NewMovement};
use eggypro_client::{Client, Credentials, Error};

use crate::fixtures::{movement, product};
use crate::server::{Reply, SECRET, Server};

const REDIRECTS: [u16; 5] = [301, 302, 303, 307, 308];

fn redirect(status: u16, location: &str) -> Reply {
    Reply::problem(status, "redirected").with("Location", location)
}

/// A client that is built without a client of the caller.
fn default_client(server: &Server) -> Client {
    let builder = Client::builder(&format!("http://{}", server.address));
    let builder = builder.credentials(Credentials::api_key(SECRET));
    builder.connect_timeout(Duration::MAX).build().unwrap()
}

#[tokio::test]
async fn a_read_is_redirected_with_its_credentials() {
    for status in REDIRECTS {
        let server = Server::replying([
            redirect(status, "/api/products/eggs"),
            Reply::json(200, product(7, "eggs", "39.90")),
        ])
        .await;
        let call = server.client();
        let product = call.products().get("former").request_id("r-1").await;
        assert_eq!(product.unwrap().slug, "eggs");
        let received = server.received();
        let paths: Vec<&str> = received.iter().map(|request| &*request.path).collect();
        assert_eq!(paths, ["/api/products/former", "/api/products/eggs"]);
        let secret = format!("Bearer {SECRET}");
        for request in &received {
            assert_eq!(request.method, "GET");
            assert_eq!(request.header("authorization"), Some(&*secret));
            assert_eq!(request.header("x-request-id"), Some("r-1"));
        }
    }
}

#[tokio::test]
async fn a_redirected_read_is_remembered() {
    let server = Server::start(|request, _| match request.path.as_str() {
        "/api/products/former" => redirect(308, "/api/products/eggs"),
        _ if request.header("if-none-match").is_some() => Reply::json(304, ""),
        _ => Reply::json(200, product(7, "eggs", "1")).with("ETag", "\"7-4\""),
    })
    .await;
    let client = server.client();
    let first = client.products().get("former").await.unwrap();
    let second = client.products().get("former").await.unwrap();
    assert_eq!(first, second);
    let received = server.received();
    assert_eq!(received[3].header("if-none-match"), Some("\"7-4\""));
}

#[tokio::test]
async fn another_origin_gets_no_credentials() {
    let other = Server::start(|request, _| {
        let home = request.header("x-request-id").unwrap();
        redirect(307, &format!("http://127.0.0.1:{home}/back"))
    })
    .await;
    let elsewhere = format!("http://{}/eggs", other.address);
    let home = Server::start(move |request, _| match request.path.as_str() {
        "/back" => Reply::json(200, product(7, "eggs", "1")),
        _ => redirect(307, &elsewhere),
    })
    .await;
    let port = home.address.port().to_string();
    let client = home.client();
    client
        .products()
        .get("eggs")
        .request_id(&port)
        .await
        .unwrap();
    let has_secret = |server: &Server| {
        let requests = server.received();
        let secrets = requests
            .iter()
            .map(|of| of.header("authorization").is_some());
        secrets.collect::<Vec<_>>()
    };
    assert_eq!(has_secret(&other), [false]);
    // Whoever redirects back has not the credentials either.
    assert_eq!(has_secret(&home), [true, false]);
}

#[tokio::test]
async fn a_write_is_not_redirected() {
    for status in REDIRECTS {
        let location = "https://user:pass@other.example/api/stock?token=1";
        let server =
            Server::replying([redirect(status, location), Reply::json(201, movement(1))]).await;
        let client = default_client(&server);
        let sale = NewMovement::by(-2, MovementReason::Sale);
        let error = client.stock().move_one("eggs", &sale).await.unwrap_err();
        let expected = format!(
            "the answer has the status {status} and redirects to https://other.example/api/stock: a write is not sent to another \
             address, so check the base URL"
        );
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.status(), Some(status));
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn a_loop_of_redirects_ends() {
    let server = Server::replying([redirect(302, "/api/products/eggs")]).await;
    let error = server.client().products().get("eggs").await.unwrap_err();
    assert!(matches!(error, Error::Redirect { .. }), "{error}");
    assert_eq!(server.received().len(), 11);
}

#[tokio::test]
async fn other_answers_are_no_redirects() {
    for (reply, expected) in [
        (redirect(308, "ftp://other.example/"), "neither http"),
        (redirect(300, "/api/products/eggs"), "300"),
        (Reply::json(302, ""), "302"),
        (redirect(302, "http://[:"), "302"),
    ] {
        let server = Server::replying([reply]).await;
        let error = server.client().products().get("eggs").await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(server.received().len(), 1);
    }
}
