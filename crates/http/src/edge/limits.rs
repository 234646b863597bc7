use actix_web::dev::ServiceRequest;
use actix_web::http::{StatusCode, header};

use crate::problem::Problem;
use crate::settings::HttpLimits;

/// Refuses what no handler should see.
pub(super) fn check(request: &ServiceRequest, limits: &HttpLimits) -> Result<(), Problem> {
    let url = request
        .uri()
        .path_and_query()
        .map_or(0, |url| url.as_str().len());
    if url > limits.url_bytes {
        let detail = format!("The address is longer than {} bytes.", limits.url_bytes);
        return Err(Problem::new(
            StatusCode::URI_TOO_LONG,
            "url-too-long",
            detail,
        ));
    }
    let headers = request.headers().iter();
    let headers: usize = headers
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if headers > limits.head_bytes {
        let detail = format!("The headers are longer than {} bytes.", limits.head_bytes);
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return Err(Problem::new(status, "headers-too-large", detail));
    }
    // A compressed body could be a bomb.
    let encoding = request.headers().get(header::CONTENT_ENCODING);
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
