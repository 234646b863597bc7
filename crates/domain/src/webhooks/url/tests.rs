use super::AllowedSchemes::{Https, HttpsAndHttp};
use super::*;

fn parse(text: &str) -> Result<String, InvalidWebhookUrl> {
    WebhookUrl::parse(text, Https).map(|url| url.to_string())
}

#[test]
fn valid_urls_are_normalized() {
    for (text, url) in [
        ("https://a.example", "https://a.example/"),
        (
            "https://A.example:8443/x?y=1&z",
            "https://a.example:8443/x?y=1&z",
        ),
        ("https://[::1]/", "https://[::1]/"),
        ("https://a.example/@b", "https://a.example/@b"),
        (
            "https://bücher.example/ä",
            "https://xn--bcher-kva.example/%C3%A4",
        ),
    ] {
        assert_eq!(parse(text).as_deref(), Ok(url));
        // It stays the same when it is read again.
        assert_eq!(parse(url).as_deref(), Ok(url));
    }
    let longest = format!("https://a.example/{}", "a".repeat(2_048 - 18));
    assert!(parse(&longest).is_ok());
}

#[test]
fn http_must_be_allowed() {
    let http = "http://localhost:3000/hook";
    assert_eq!(parse(http), Err(InvalidWebhookUrl::Scheme));
    assert!(WebhookUrl::parse(http, HttpsAndHttp).is_ok());
    let ftp = WebhookUrl::parse("ftp://a.example", HttpsAndHttp);
    assert_eq!(ftp, Err(InvalidWebhookUrl::NotWeb));
}

#[test]
fn names_the_broken_rule() {
    use InvalidWebhookUrl::{Credentials, Empty, Fragment, Scheme, TooLong};

    let long = format!("https://a.example/{}", "a".repeat(2_048));
    let long_once_encoded = format!("https://a.example/{}", "ä".repeat(400));
    for (text, error) in [
        ("", Empty),
        (long.as_str(), TooLong),
        (long_once_encoded.as_str(), TooLong),
        ("/hook", Scheme),
        ("https:a.example", Scheme),
        ("https://", Scheme),
        ("https://a.example:99999/", Scheme),
        (" https://a.example/", Scheme),
        ("https://a.example/\n", Scheme),
        ("https://a.example/a b", Scheme),
        ("javascript:alert(1)", Scheme),
        ("https://ada@a.example/", Credentials),
        ("https://ada:secret@a.example/", Credentials),
        ("https://:secret@a.example/", Credentials),
        ("https://a.example/#part", Fragment),
        ("https://a.example/#", Fragment),
    ] {
        assert_eq!(parse(text), Err(error), "{text}");
    }
}
