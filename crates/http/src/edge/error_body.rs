use std::any::Any;

use actix_web::HttpResponse;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderName};

use crate::problem::Problem;

/// Marks an answer that has its body already, whatever its status.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Finished;

/// Gives an error its body, whether a handler or the framework made it.
pub(super) fn with_problem(
    response: ServiceResponse,
    write: impl FnOnce(&Problem) -> HttpResponse,
) -> ServiceResponse {
    let status = response.status();
    let is_finished = response.response().extensions().contains::<Finished>();
    if is_finished || !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let (request, response) = response.into_parts();
    let problem = response.error().and_then(|error| error.as_error());
    let mut written = match problem {
        Some(problem) => write(problem),
        None => write(&Problem::of_status(status)),
    };
    // What the framework says about the status, such as `Allow`, stays.
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

/// What somebody who panicked said.
pub(super) fn words_of(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("a handler panicked: {}", words.unwrap_or("without a word"))
}
