//! The client for code without an async runtime.

use eggypro_client::blocking;
use eggypro_client::changes::FollowEvents;
use eggypro_client::products::ListProducts;

use crate::fixtures::{event, events, page, product};
use crate::server::{Reply, Server};

#[test]
fn calls_and_streams_block() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::replying([
        Reply::json(200, product(7, "eggs", "39.90")),
        Reply::json(200, page(&[product(1, "a", "1")], Some("two"))),
        Reply::json(200, page(&[product(2, "b", "1")], None)),
        Reply::json(200, events(&[event(1, "stock.moved")], "c1")),
    ]));
    let shop = blocking::Client::new(server.builder()).unwrap();
    let product = shop.wait(shop.products().get("eggs")).unwrap();
    assert_eq!(product.price.to_string(), "39.90");
    let products = shop.iter(shop.products().all(ListProducts::default()));
    let slugs: Vec<String> = products
        .map(|product| product.unwrap().slug.clone())
        .collect();
    assert_eq!(slugs, ["a", "b"]);
    let events = shop.events(FollowEvents::default()).into_stream();
    let event = shop.iter(events).next().unwrap().unwrap();
    assert_eq!(event.id, "1");
}
