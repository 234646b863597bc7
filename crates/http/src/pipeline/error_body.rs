use std::any::Any;

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderName, HeaderValue};

use crate::message::document::{ErrorBody, Finished, JSON};
use crate::message::problem::Problem;

/// Gives an error response a problem body, whether it comes from a handler or from the framework.
pub(super) fn with_problem(
    response: ServiceResponse,
    write: impl FnOnce(&Problem) -> HttpResponse,
) -> ServiceResponse {
    let status = response.status();
    let is_finished = response.response().extensions().contains::<Finished>();
    if is_finished || !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let (request, mut response) = response.into_parts();
    let own_body = response.extensions_mut().remove::<ErrorBody>();
    let problem = response.error().and_then(|error| error.as_error());
    let mut written = match problem {
        Some(problem) => write(problem),
        None => write(&Problem::of_status(status)),
    };
    if let Some(ErrorBody(body)) = own_body {
        written = written.set_body(BoxBody::new(body));
        let json = HeaderValue::from_static(JSON);
        written.headers_mut().insert(header::CONTENT_TYPE, json);
    }
    // Keep the framework's headers about the status, such as `Allow`.
    for (name, value) in response.headers() {
        if !is_about_the_body(name) && !written.headers().contains_key(name) {
            written.headers_mut().append(name.clone(), value.clone());
        }
    }
    ServiceResponse::new(request, written)
}

fn is_about_the_body(name: &HeaderName) -> bool {
    [
        header::CONTENT_DISPOSITION,
        header::CONTENT_LENGTH,
        header::CONTENT_TYPE,
        header::ETAG,
        header::LAST_MODIFIED,
        header::TRANSFER_ENCODING,
    ]
    .contains(name)
}

/// The message of a panic.
pub(super) fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("a handler panicked: {}", text.unwrap_or("without a word"))
}
