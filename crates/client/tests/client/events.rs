//! The stream of events.

use std::time::Duration;

use eggypro_client::Error;
use eggypro_client::changes::{After, EventData, EventType, FollowEvents};
use tokio::time::Instant;

use crate::fixtures::{event, events, product};
use crate::server::{Received, Reply, Server};

/// The parameter of a request.
fn parameter<'a>(request: &'a Received, name: &str) -> Option<&'a str> {
    let (_, query) = request.path.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(given, _)| *given == name)
        .map(|(_, value)| value)
}

/// The cursors and waits of all requests.
fn asked(server: &Server) -> Vec<(String, String)> {
    let text = |request: &Received, name| parameter(request, name).unwrap_or("-").to_owned();
    let requests = server.received();
    let asked = requests.iter();
    asked
        .map(|request| (text(request, "after"), text(request, "wait")))
        .collect()
}

/// A server with disconnects and an outage between its events.
async fn unreliable() -> Server {
    let two = [event(1, "product.updated"), event(2, "stock.moved")];
    Server::replying([
        Reply::json(200, events(&[], "c0")),
        Reply::Cut,
        Reply::json(200, events(&two, "c1")),
        Reply::problem(503, "service-unavailable").with("Retry-After", "60"),
        Reply::HalfAnswer,
        Reply::Silence,
        Reply::json(200, events(&[], "c2")),
        Reply::json(200, events(&[event(3, "product.dreamt")], "c3")),
    ])
    .await
}

#[tokio::test(start_paused = true)]
async fn a_stream_survives_disconnects_and_outages() {
    let server = unreliable().await;
    let began = Instant::now();
    let mut stream = server.client().events(FollowEvents::after(After::Latest));
    assert_eq!(stream.cursor(), None);
    let first = stream.next().await.unwrap().unwrap();
    assert_eq!((&*first.id, &first.kind), ("1", &EventType::ProductUpdated));
    let EventData::Product(product) = first.data else {
        panic!("{first:?}");
    };
    assert_eq!(product.price.to_string(), "39.90");
    // A restart here reads the page again, as its second event was not returned.
    assert_eq!(stream.cursor(), Some("c0"));
    let second = stream.next().await.unwrap().unwrap();
    assert_eq!((&*second.id, stream.cursor()), ("2", Some("c1")));
    let third = stream.next().await.unwrap().unwrap();
    assert_eq!(third.kind, EventType::Other("product.dreamt".to_owned()));
    assert_eq!(stream.cursor(), Some("c3"));
    assert!(began.elapsed() >= Duration::from_secs(60 + 30));

    let expected = [("latest", "-"), ("c0", "30"), ("c0", "30")];
    let expected = [&expected[..], &[("c1", "30"); 4], &[("c2", "30")]].concat();
    let asked = asked(&server);
    let asked = asked.iter().map(|(after, wait)| (&**after, &**wait));
    assert!(asked.eq(expected));
}

#[tokio::test]
async fn a_cursor_that_is_gone_ends_the_stream() {
    let server = Server::replying([
        Reply::json(200, events(&[event(1, "product.updated")], "c1")),
        Reply::problem(410, "cursor-gone"),
    ])
    .await;
    let after = After::Cursor("c0".to_owned());
    let mut stream = server.client().events(FollowEvents {
        after,
        types: vec![EventType::ProductUpdated, EventType::StockMoved],
        limit: Some(1),
    });
    assert_eq!(stream.cursor(), Some("c0"));
    stream.next().await.unwrap().unwrap();
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(matches!(&error, Error::CursorGone(problem) if problem.status == 410));
    assert!(stream.next().await.is_none());
    assert_eq!(stream.cursor(), Some("c1"));
    assert_eq!(
        server.received()[0].path,
        "/api/events?after=c0&types=product.updated%2Cstock.moved&limit=1&wait=30"
    );
}

#[tokio::test]
async fn a_refusal_ends_the_stream() {
    let server = Server::replying([Reply::problem(403, "forbidden")]).await;
    let mut stream = server.client().events(FollowEvents::default());
    let error = stream.next_page().await.unwrap().unwrap_err();
    assert!(error.is_forbidden());
    assert!(stream.next_page().await.is_none());
    assert_eq!(parameter(&server.received()[0], "after"), None);
}

#[tokio::test]
async fn pages_come_with_the_cursor_after_them() {
    let two = [event(1, "product.updated"), event(2, "stock.moved")];
    let server = Server::replying([
        Reply::json(200, events(&two, "c1")),
        Reply::json(200, events(&[event(3, "stock.moved")], "c2")),
    ])
    .await;
    let mut stream = server.client().events(FollowEvents::default());
    stream.next().await.unwrap().unwrap();
    let rest = stream.next_page().await.unwrap().unwrap();
    assert_eq!((rest.data.len(), &*rest.next_cursor), (1, "c1"));
    assert_eq!(stream.cursor(), Some("c1"));
    let next = stream.next_page().await.unwrap().unwrap();
    assert_eq!((&*next.data[0].id, stream.cursor()), ("3", Some("c2")));
}

#[tokio::test]
async fn removed_resources_are_gone() {
    let gone = r#"{"id":"1","type":"category.deleted","time":"2026-01-05T10:00:00Z","subject":"/api/categories/bars",
        "data":{"id":3,"slug":"bars"}}"#;
    let server = Server::replying([Reply::json(200, events(&[gone.to_owned()], "c1"))]).await;
    let mut stream = server.client().events(FollowEvents::default());
    let event = stream.next().await.unwrap().unwrap();
    let EventData::Gone(gone) = event.data else {
        panic!("{event:?}");
    };
    assert_eq!((gone.id, gone.slug.as_deref()), (3, Some("bars")));
}

#[tokio::test]
async fn a_webhook_that_is_switched_off_has_a_reason() {
    let disabled = r#"{"id":"1","type":"webhook.disabled","time":"2026-01-05T10:00:00Z","subject":"/api/webhooks/w",
        "data":{"id":"w","is_active":false,"disabled_reason":"the receiver answered 410 Gone"}}"#;
    let server = Server::replying([Reply::json(200, events(&[disabled.to_owned()], "c1"))]).await;
    let mut stream = server.client().events(FollowEvents::default());
    let event = stream.next().await.unwrap().unwrap();
    assert_eq!(event.kind, EventType::WebhookDisabled);
    let EventData::Webhook(webhook) = event.data else {
        panic!("{event:?}");
    };
    assert!(webhook.disabled_reason.unwrap().contains("410"));
}

#[tokio::test]
async fn a_resource_that_can_not_be_read_is_not_gone() {
    let event = |kind: &str, data: &str| {
        format!(
            r#"{{"id":"1","type":"{kind}","time":"2026-01-05T10:00:00Z","subject":"/api/products/eggs","data":{data}}}"#
        )
    };
    // The price of a newer server is no number.
    let product = product(7, "eggs", r#"{"minor":3990}"#);
    let category = r#"{"id":3,"slug":"bars","created_at":null}"#;
    let all = [
        event("product.updated", &product),
        event("category.updated", category),
        event("review.deleted", r#"{"id":5,"slug":null,"reason":"spam"}"#),
        event("webhook.test", r#"{"id":"w"}"#),
    ];
    let server = Server::replying([Reply::json(200, events(&all, "c1"))]).await;
    let mut stream = server.client().events(FollowEvents::default());
    let page = stream.next_page().await.unwrap().unwrap();
    let EventData::Other(product) = &page.data[0].data else {
        panic!("{page:?}");
    };
    assert_eq!(product["price"]["minor"], 3990);
    assert!(matches!(page.data[1].data, EventData::Other(_)));
    assert!(matches!(&page.data[2].data, EventData::Gone(gone) if gone.id == 5));
    assert!(matches!(page.data[3].data, EventData::Other(_)));
}

#[tokio::test(start_paused = true)]
async fn a_stream_asks_again_within_a_quarter_of_an_hour() {
    for status in [500, 501, 503, 507, 520, 599] {
        let server = Server::replying([
            Reply::json(status, "<html>").with("Retry-After", u64::MAX.to_string()),
            Reply::json(200, events(&[event(1, "product.updated")], "c1")),
        ])
        .await;
        let began = Instant::now();
        let mut stream = server.client().events(FollowEvents::default());
        stream.next().await.unwrap().unwrap();
        assert!(began.elapsed() >= Duration::from_secs(15 * 60));
        assert!(began.elapsed() < Duration::from_secs(16 * 60));
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_may_wait_for_ever() {
    let one = [event(1, "product.updated")];
    let server = Server::replying([Reply::json(200, events(&one, "c1"))]).await;
    let client = server.builder().timeout(Duration::MAX).build().unwrap();
    let mut stream = client.events(FollowEvents::default());
    stream.next().await.unwrap().unwrap();
}
