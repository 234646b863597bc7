use super::*;
use actix_web::http::header::HeaderValue;

#[test]
fn many_clients_behind_one_address_are_reported_once() {
    let unlisted = UnlistedProxies::default();
    let call = |peer: [u8; 4], way: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(X_FORWARDED_FOR, HeaderValue::from_str(way).unwrap());
        unlisted.notice(peer.into(), &headers);
        unlisted.is_reported.load(Ordering::Relaxed)
    };
    for number in 0..MANY as u8 * 2 {
        // Many peers, and one client that calls again and again.
        assert!(!call([10, 0, 0, number], "192.0.2.1"));
        assert!(!call([10, 0, 1, 1], "192.0.2.7, 192.0.2.1"));
        assert!(!call([10, 0, 1, 1], "no address"));
    }
    for number in 2..MANY as u8 {
        assert!(!call([10, 0, 1, 1], &format!("192.0.2.{number}")));
    }
    assert!(call([10, 0, 1, 1], "2001:db8::1"));
    assert!(unlisted.seen().is_empty());
    assert!(call([10, 0, 1, 2], "192.0.2.1"));
    assert!(unlisted.seen().is_empty());
}

#[test]
fn the_number_of_observed_peers_is_limited() {
    let unlisted = UnlistedProxies::default();
    for number in 0..10_000_u32 {
        let mut headers = HeaderMap::new();
        headers.insert(X_FORWARDED_FOR, HeaderValue::from_static("192.0.2.1"));
        unlisted.notice(IpAddr::V4(number.into()), &headers);
    }
    assert!(unlisted.seen().len() <= MOST_ADDRESSES);
}
