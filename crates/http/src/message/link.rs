//! Links to the next page (RFC 8288).

use actix_web::http::Uri;
use actix_web::http::header::HeaderValue;
use percent_encoding::percent_decode_str;

/// The link to the page after a cursor. It keeps all parameters of the request except for the start of the page.
pub(crate) fn to_next(address: &Uri, cursor: &str) -> Option<HeaderValue> {
    to_page(address, "cursor", cursor)
}

/// Like [`to_next`], but with the given parameter for the start of the page.
pub(crate) fn to_page(address: &Uri, parameter: &str, start: &str) -> Option<HeaderValue> {
    let mut link = format!("<{}?", address.path());
    let pairs = address.query().unwrap_or_default().split('&');
    for pair in pairs.filter(|pair| !pair.is_empty() && !is_page_start(pair, parameter)) {
        link.push_str(pair);
        link.push('&');
    }
    link.push_str(parameter);
    link.push('=');
    link.push_str(start);
    link.push_str(">; rel=\"next\"");
    HeaderValue::from_maybe_shared(link).ok()
}

fn is_page_start(pair: &str, parameter: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    let is = |other: &str| percent_decode_str(name).eq(other.bytes());
    is(parameter) || is("offset")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_all_parameters_but_the_start_of_the_page() {
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
