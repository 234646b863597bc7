use std::time::Duration;

use actix_web::dev::ServiceRequest;
use actix_web::http::{StatusCode, header};

use crate::problem::Problem;

/// The longest path with its query, in bytes.
const MAX_URL: usize = 2_048;

/// All headers together, in bytes.
const MAX_HEADERS: usize = 16 * 1024;

/// How long a handler may work. Each thing that it waits for has a shorter limit of its own.
pub(super) const HANDLER_DEADLINE: Duration = Duration::from_secs(30);

/// Refuses what no handler should see.
pub(super) fn check(request: &ServiceRequest) -> Result<(), Problem> {
    let url = request
        .uri()
        .path_and_query()
        .map_or(0, |url| url.as_str().len());
    if url > MAX_URL {
        let detail = format!("The address is longer than {MAX_URL} bytes.");
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
    if headers > MAX_HEADERS {
        let detail = format!("The headers are longer than {MAX_HEADERS} bytes.");
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
