use super::*;
use actix_web::http::header::{HeaderName, HeaderValue};

fn client(peer: &str, headers: &[(&'static str, &'static str)]) -> String {
    let proxies =
        ["10.0.0.0/8", "192.0.2.1/32", "2001:db8:1::/48"].map(|network| network.parse().unwrap());
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    TrustedProxies::new(&proxies)
        .client(peer.parse().unwrap(), &map)
        .to_string()
}

#[test]
fn headers_of_untrusted_peers_are_ignored() {
    assert_eq!(
        client("203.0.113.9", &[("x-forwarded-for", "1.2.3.4")]),
        "203.0.113.9"
    );
    assert_eq!(
        client("203.0.113.9", &[("forwarded", "for=1.2.3.4")]),
        "203.0.113.9"
    );
}

#[test]
fn proxies_are_read_from_the_right() {
    assert_eq!(
        client("10.1.1.1", &[("x-forwarded-for", "6.6.6.6, 203.0.113.9")]),
        "203.0.113.9"
    );
    assert_eq!(
        client(
            "10.1.1.1",
            &[(
                "x-forwarded-for",
                "6.6.6.6, 203.0.113.9, 192.0.2.1, 10.2.2.2"
            )]
        ),
        "203.0.113.9"
    );
    assert_eq!(
        client(
            "10.1.1.1",
            &[
                ("x-forwarded-for", "6.6.6.6"),
                ("x-forwarded-for", "203.0.113.9")
            ]
        ),
        "203.0.113.9"
    );
    assert_eq!(
        client("10.1.1.1", &[("x-forwarded-for", "10.3.3.3")]),
        "10.3.3.3"
    );
    assert_eq!(client("10.1.1.1", &[]), "10.1.1.1");
}

#[test]
fn contradicting_headers_leave_the_proxy_s_address() {
    let client = |other| {
        client(
            "10.1.1.1",
            &[("x-forwarded-for", "203.0.113.9"), ("forwarded", other)],
        )
    };
    assert_eq!(client("for=203.0.113.9"), "203.0.113.9");
    assert_eq!(client("for=6.6.6.6"), "10.1.1.1");
    assert_eq!(client(""), "10.1.1.1");
}

#[test]
fn every_form_of_an_address_is_parsed() {
    assert_eq!(
        client("10.1.1.1", &[("x-forwarded-for", "203.0.113.9:4711")]),
        "203.0.113.9"
    );
    assert_eq!(
        client("2001:db8:1::5", &[("x-forwarded-for", "2001:db8:2::7")]),
        "2001:db8:2::7"
    );
    assert_eq!(
        client("10.1.1.1", &[("x-forwarded-for", "[2001:db8:2::7]:443")]),
        "2001:db8:2::7"
    );
    assert_eq!(
        client("10.1.1.1", &[("x-forwarded-for", "::ffff:203.0.113.9")]),
        "203.0.113.9"
    );
    assert_eq!(
        client("::ffff:10.1.1.1", &[("x-forwarded-for", "203.0.113.9")]),
        "203.0.113.9"
    );
    let rfc = "for=6.6.6.6, proto=https;For=\"[2001:db8:2::7]:47011\"";
    assert_eq!(client("10.1.1.1", &[("forwarded", rfc)]), "2001:db8:2::7");
}

#[test]
fn garbage_leaves_the_last_proxy() {
    for garbage in [
        "",
        "unknown",
        "_hidden",
        "1.2.3",
        "999.1.1.1",
        ",",
        "[",
        "a:b:c",
        "🥚",
        "1.2.3.4, garbage",
    ] {
        let mut map = HeaderMap::new();
        map.insert(
            header::X_FORWARDED_FOR,
            HeaderValue::from_bytes(garbage.as_bytes()).unwrap(),
        );
        let proxies = TrustedProxies::new(&["10.0.0.0/8".parse().unwrap()]);
        assert_eq!(
            proxies
                .client("10.1.1.1".parse().unwrap(), &map)
                .to_string(),
            "10.1.1.1",
            "{garbage}"
        );
    }
}
