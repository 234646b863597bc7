//! Forms with files (RFC 7578).

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentDisposition, DispositionType, HeaderMap, HeaderValue};
use actix_web::web::Payload;
use actix_web::{HttpMessage, HttpRequest};

use crate::message::problem::{FieldError, Problem};

/// Whether the body of a request is declared as a form with files.
pub(crate) fn is_form(request: &HttpRequest) -> bool {
    let content_type = request.content_type();
    content_type.eq_ignore_ascii_case("multipart/form-data")
}

/// The form in the body of a request, field by field.
pub(crate) fn of(request: &HttpRequest, payload: Payload) -> Multipart {
    Multipart::new(&headers_of_any_multipart(request.headers()), payload)
}

/// The content type as `multipart/mixed` with the same parameters. With `multipart/form-data`, the library would parse
/// file names, which may be in any encoding and are not used.
fn headers_of_any_multipart(headers: &HeaderMap) -> HeaderMap {
    let mut any = HeaderMap::new();
    let content_type = headers.get(header::CONTENT_TYPE);
    if let Some(text) = content_type.and_then(|value| value.to_str().ok()) {
        let parameters = text
            .split_once(';')
            .map_or("", |(_, parameters)| parameters);
        if let Ok(value) = format!("multipart/mixed;{parameters}").parse() {
            any.insert(header::CONTENT_TYPE, value);
        }
    }
    any
}

/// The name of a field of a form (RFC 7578, 4.2).
///
/// # Errors
/// 400 if it has none.
pub(crate) fn name_of(field: &Field) -> Result<String, Problem> {
    disposed_name(field.headers()).ok_or_else(not_a_form)
}

fn disposed_name(headers: &HeaderMap) -> Option<String> {
    let disposition = headers.get(header::CONTENT_DISPOSITION)?;
    let ascii = disposition.as_bytes().iter();
    let ascii: Vec<u8> = ascii
        .map(|byte| if byte.is_ascii() { *byte } else { b'_' })
        .collect();
    let disposition = HeaderValue::from_bytes(&ascii).ok()?;
    let disposition = ContentDisposition::from_raw(&disposition).ok()?;
    let is_of_a_form = disposition.disposition == DispositionType::FormData;
    disposition
        .get_name()
        .filter(|_| is_of_a_form)
        .map(str::to_owned)
}

/// 422 for a field other than `file`.
pub(crate) fn unknown_field(name: &str) -> Problem {
    Problem::invalid_body(vec![FieldError {
        field: name.to_owned(),
        message: format!("Unknown field: {name}. Known here: file."),
    }])
}

/// 400 for a form that can't be read.
pub(crate) fn malformed(error: &MultipartError) -> Problem {
    match error {
        MultipartError::Incomplete | MultipartError::Payload(_) => {
            let detail = "The body ended before it was complete.";
            Problem::new(StatusCode::BAD_REQUEST, "malformed-multipart", detail)
        }
        _ => not_a_form(),
    }
}

fn not_a_form() -> Problem {
    let detail = "The body is not multipart/form-data as RFC 7578 has it.";
    Problem::new(StatusCode::BAD_REQUEST, "malformed-multipart", detail)
}
