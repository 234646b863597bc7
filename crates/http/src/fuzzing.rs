//! Entry points of the fuzz targets in `fuzz/`. Only built for them.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName, HeaderValue, X_FORWARDED_FOR};
use eggypro_domain::Unvalidated;
use eggypro_domain::products::{ProductFilter, ProductSort};
use eggypro_domain::reviews::ReviewQuery;

use crate::api::{categories, products, reviews};
use crate::message::{cursor, fields::Fields};
use crate::pipeline::TrustedProxies;
use crate::routes;

/// Reads a query string as each cached read does.
pub fn query(bytes: &[u8]) {
    let Ok(query) = std::str::from_utf8(bytes) else {
        return;
    };
    for path in [
        "/api/products",
        "/api/products/search",
        "/api/products/suggest",
        "/api/products/a/reviews",
    ] {
        drop(routes::cached_read(path, query));
    }
}

/// Reads a body as each kind of resource, and validates it.
pub fn json_body(bytes: &[u8]) {
    if let Ok(mut fields) = Fields::of(bytes) {
        let product = products::input::read_input(&mut fields);
        drop((fields.finish(), Unvalidated::new(product).validate()));
    }
    if let Ok(mut fields) = Fields::of(bytes) {
        let review = reviews::body::read_input(&mut fields);
        drop((fields.finish(), Unvalidated::new(review).validate()));
    }
    if let Ok(mut fields) = Fields::of(bytes) {
        let category = categories::body::read_input(&mut fields);
        drop((fields.finish(), Unvalidated::new(category).validate()));
    }
}

/// Reads a text as a cursor, and as the position in a cursor that was made for its list.
pub fn cursor(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let filter = ProductFilter::default();
    for sort in ProductSort::ALL {
        let made = cursor::encode(&products::cursor::list(sort, &filter), text);
        products::cursor::decode(text, sort, &filter);
        products::cursor::decode(&made, sort, &filter);
    }
    let query = ReviewQuery::default();
    let made = cursor::encode(&query.list_name(), text);
    reviews::cursor::decode(text, &query);
    reviews::cursor::decode(&made, &query);
}

/// Reads the headers of proxies, of which all are trusted.
pub fn forwarded(bytes: &[u8]) {
    let everyone = ["0.0.0.0/0", "::/0"].map(|network| network.parse().ok());
    let proxies = TrustedProxies::new(&everyone.into_iter().flatten().collect::<Vec<_>>());
    let Ok(value) = HeaderValue::from_bytes(bytes) else {
        return;
    };
    let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let client = |names: &[HeaderName]| {
        let mut headers = HeaderMap::new();
        for name in names {
            headers.append(name.clone(), value.clone());
        }
        proxies.client(peer, &headers)
    };
    client(&[X_FORWARDED_FOR]);
    client(&[FORWARDED]);
    client(&[X_FORWARDED_FOR, FORWARDED]);
}
