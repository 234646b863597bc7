use actix_web::HttpResponse;
use actix_web::http::Uri;
use actix_web::http::header;

/// Redirects a path with a slash at its end to the path without it. Ignores paths that a browser would take for another
/// host, such as `//example.com/`.
pub(super) fn without_slash(address: &Uri) -> Option<HttpResponse> {
    let path = address.path().strip_suffix('/')?.trim_end_matches('/');
    let first = path.strip_prefix('/')?.chars().next()?;
    if !first.is_ascii_alphanumeric() {
        return None;
    }
    let query = address.query();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let response = HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, format!("{path}{query}")))
        .finish();
    Some(response)
}
