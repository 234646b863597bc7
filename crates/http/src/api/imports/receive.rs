//! Receives the file of a request, and enforces every limit while it arrives.

use std::sync::Arc;
use std::time::Duration;

use actix_multipart::Multipart;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Payload};
use actix_web::{HttpMessage, HttpRequest};
use eggypro_domain::StoreError;
use eggypro_domain::imports::{ImportId, ImportRepository, NewImport};
use futures_util::StreamExt;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::upload::{Upload, in_time, too_large};
use crate::long_calls::LONGEST_UPLOAD;
use crate::message::form;
use crate::message::problem::{FieldError, Problem};
use crate::settings::HttpLimits;

/// How much longer than its file a form may be, in bytes.
const FORM: usize = 64 * 1024;

/// Bounds how many files arrive at a time: each takes a few MiB of memory, and may take long. The others get 503.
#[derive(Debug)]
pub(crate) struct ImportUploads(Semaphore);

impl ImportUploads {
    /// Lets a file arrive until the permit is dropped.
    ///
    /// # Errors
    /// 503 if enough others do already.
    fn permit(&self) -> Result<SemaphorePermit<'_>, Problem> {
        let busy = |_| StoreError::Unavailable("too many files of imports arrive at once".into());
        Ok(self.0.try_acquire().map_err(busy)?)
    }
}

impl Default for ImportUploads {
    fn default() -> Self {
        Self(Semaphore::new(4))
    }
}

/// Receives the file of a request, and starts its import once the file is complete.
pub(super) async fn receive(
    request: &HttpRequest,
    payload: Payload,
    imports: Arc<dyn ImportRepository>,
    import: NewImport,
) -> Result<ImportId, Problem> {
    let limits = request.app_data::<Data<HttpLimits>>();
    let limits = limits.map_or_else(HttpLimits::default, |limits| HttpLimits::clone(limits));
    check(request, limits.import_bytes)?;
    let uploads = request.app_data::<Data<ImportUploads>>();
    let _permit = match uploads {
        Some(uploads) => Some(uploads.permit()?),
        None => None,
    };
    let mut upload = Upload::new(imports, import, limits.import_bytes);
    let time = limits.upload_time;
    let received = async {
        match form::is_form(request) {
            true => receive_form(form::of(request, payload), &mut upload, time).await,
            false => receive_body(payload, &mut upload, time).await,
        }
    };
    let received = tokio::time::timeout(LONGEST_UPLOAD, received).await;
    received.unwrap_or_else(|_| {
        let detail = format!("The file did not arrive within {LONGEST_UPLOAD:?}.");
        let status = StatusCode::REQUEST_TIMEOUT;
        Err(Problem::new(status, "body-too-slow", detail))
    })?;
    upload.complete().await
}

/// Refuses a body by its headers, before it is read.
fn check(request: &HttpRequest, most: usize) -> Result<(), Problem> {
    let content_type = request.content_type().to_ascii_lowercase();
    let is_form = form::is_form(request);
    if content_type.starts_with("multipart/") && !is_form {
        let detail = "A form with a file must be sent as Content-Type: multipart/form-data.";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Problem::new(status, "unsupported-media-type", detail));
    }
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length: Option<usize> = length.and_then(|length| length.to_str().ok()?.parse().ok());
    let around_file = if is_form { FORM } else { 0 };
    match length.is_some_and(|length| length > most.saturating_add(around_file)) {
        true => Err(too_large(most)),
        false => Ok(()),
    }
}

/// Receives a body that is the file.
async fn receive_body(
    payload: Payload,
    upload: &mut Upload,
    time: Duration,
) -> Result<(), Problem> {
    let file = payload.map(|bytes| {
        bytes.map_err(|_| {
            let detail = "The body ended before it was complete.";
            Problem::new(StatusCode::BAD_REQUEST, "incomplete-body", detail)
        })
    });
    upload.receive(file, time).await
}

/// Receives a form with one field, the file.
async fn receive_form(
    mut fields: Multipart,
    upload: &mut Upload,
    time: Duration,
) -> Result<(), Problem> {
    let mut has_file = false;
    while let Some(field) = in_time(time, fields.next()).await? {
        let field = field.map_err(|error| form::malformed(&error))?;
        let name = form::name_of(&field)?;
        if name != "file" {
            return Err(form::unknown_field(&name));
        }
        if has_file {
            return Err(Problem::invalid_body(vec![FieldError {
                field: name,
                message: "Only one file can be imported at once".to_owned(),
            }]));
        }
        has_file = true;
        let file = field.map(|bytes| bytes.map_err(|error| form::malformed(&error)));
        upload.receive(file, time).await?;
    }
    Ok(())
}
