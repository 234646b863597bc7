use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{StatusCode, Uri};

use crate::message::problem::Problem;
use crate::settings::HttpLimits;

/// Refuses requests with a long URL, large headers or a compressed body.
pub(super) fn check(uri: &Uri, headers: &HeaderMap, limits: &HttpLimits) -> Result<(), Problem> {
    let url = uri.path_and_query().map_or(0, |url| url.as_str().len());
    if url > limits.url_bytes {
        let detail = format!("The address is longer than {} bytes.", limits.url_bytes);
        return Err(Problem::new(
            StatusCode::URI_TOO_LONG,
            "url-too-long",
            detail,
        ));
    }
    let size: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if size > limits.head_bytes {
        let detail = format!("The headers are longer than {} bytes.", limits.head_bytes);
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return Err(Problem::new(status, "headers-too-large", detail));
    }
    // A compressed body could be a decompression bomb.
    let encoding = headers.get(header::CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        let detail = "Bodies are taken without Content-Encoding only.";
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-encoding",
            detail,
        ));
    }
    Ok(())
}
