//! Links to the next page (RFC 8288).

use actix_web::http::Uri;
use actix_web::http::header::HeaderValue;
use percent_encoding::percent_decode_str;

/// The page behind a cursor, for who asked at this address: with the same parameters, but for where the page begins.
pub(crate) fn to_next(address: &Uri, cursor: &str) -> Option<HeaderValue> {
    to_page(address, "cursor", cursor)
}

/// The same where another parameter says where a page begins.
pub(crate) fn to_page(address: &Uri, parameter: &str, place: &str) -> Option<HeaderValue> {
    let mut link = format!("<{}?", address.path());
    let pairs = address.query().unwrap_or_default().split('&');
    for pair in pairs.filter(|pair| !pair.is_empty() && !is_place(pair, parameter)) {
        link.push_str(pair);
        link.push('&');
    }
    link.push_str(parameter);
    link.push('=');
    link.push_str(place);
    link.push_str(">; rel=\"next\"");
    HeaderValue::from_maybe_shared(link).ok()
}

fn is_place(pair: &str, parameter: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    let is = |other: &str| percent_decode_str(name).eq(other.bytes());
    is(parameter) || is("offset")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parameters_are_kept_but_for_the_place() {
        for (address, link) in [
            ("/api/products", "</api/products?cursor=c>"),
            (
                "/a?limit=2&sort=newest",
                "</a?limit=2&sort=newest&cursor=c>",
            ),
            ("/a?cursor=b&limit=2&&", "</a?limit=2&cursor=c>"),
            ("/a?offset=4&%6Fffset=2&q=a%20b", "</a?q=a%20b&cursor=c>"),
        ] {
            let made = to_next(&address.parse().unwrap(), "c").unwrap();
            assert_eq!(made.to_str().unwrap(), format!("{link}; rel=\"next\""));
        }
        let made = to_page(&"/a?after=b&limit=2".parse().unwrap(), "after", "c").unwrap();
        assert_eq!(made, "</a?limit=2&after=c>; rel=\"next\"");
    }
}
