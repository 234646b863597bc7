//! Reads images from a form (RFC 7578), and enforces every limit while they arrive.

use std::time::Duration;

use actix_multipart::{Field, Multipart};
use actix_web::HttpRequest;
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Bytes, BytesMut, Data, Payload};
use eggypro_domain::StoreError;
use eggypro_domain::images::{ImageFile, ImageService, InvalidImage, InvalidUpload, Upload};
use futures_util::StreamExt;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::message::form;
use crate::message::problem::{FieldError, Problem};
use crate::settings::HttpLimits;

/// The maximum size of a body, in bytes: ten files and the parts of the form between them.
const MAX_BODY: usize = Upload::MAX_FILES * ImageFile::MAX_BYTES + 64 * 1024;

/// The maximum time that an upload waits for memory.
const PATIENCE: Duration = Duration::from_secs(30);

/// Limits the memory of all uploads together. Uploads wait for their share.
#[derive(Debug)]
pub(crate) struct UploadMemory(Semaphore);

impl UploadMemory {
    /// The memory of all uploads together, in MiB. It is slightly more than the largest body.
    const SIZE: usize = 112;

    /// Waits for memory for an upload. `length` is its `Content-Length`; without one, the upload counts as the largest
    /// body. The share is five times the length, at most [`Self::SIZE`]. It covers the file, the decoded image, its
    /// renditions, and the memory that the allocator does not return, which differs from run to run.
    ///
    /// # Errors
    /// 503 if there is not enough memory within [`PATIENCE`].
    async fn enter(&self, length: Option<usize>) -> Result<SemaphorePermit<'_>, Problem> {
        let most = length.unwrap_or(MAX_BODY).min(MAX_BODY);
        let size = (5 * most.div_ceil(1024 * 1024)).clamp(1, Self::SIZE);
        let size = u32::try_from(size).unwrap_or(u32::MAX);
        let permit = tokio::time::timeout(PATIENCE, self.0.acquire_many(size)).await;
        match permit {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(StoreError::Unavailable("too many uploads at once".into()).into()),
        }
    }
}

impl Default for UploadMemory {
    fn default() -> Self {
        Self(Semaphore::new(Self::SIZE))
    }
}

/// Reads the form of a request and passes its images to `then`. Holds the share of memory until `then` has ended.
pub(super) async fn with_files<T>(
    request: &HttpRequest,
    payload: Payload,
    images: &ImageService,
    then: impl AsyncFnOnce(Upload) -> Result<T, Problem>,
) -> Result<T, Problem> {
    if !form::is_form(request) {
        let detail = "The body must be sent as Content-Type: multipart/form-data.";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Problem::new(status, "unsupported-media-type", detail));
    }
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: usize| length > MAX_BODY) {
        let detail = format!("The body is larger than {MAX_BODY} bytes.");
        return Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-large",
            detail,
        ));
    }
    let room = request.app_data::<Data<UploadMemory>>();
    let _permit = match room {
        Some(room) => Some(room.enter(length).await?),
        None => None,
    };
    let limits = request.app_data::<Data<HttpLimits>>();
    let timeout = limits.map_or(HttpLimits::default().upload_time, |limits| {
        limits.upload_time
    });
    let fields = form::of(request, payload);
    let upload = tokio::time::timeout(timeout, read(fields, length, images)).await;
    let upload = upload.unwrap_or_else(|_| {
        let detail = format!("The body did not arrive within {timeout:?}.");
        Err(Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "body-too-slow",
            detail,
        ))
    })?;
    then(upload).await
}

async fn read(
    mut fields: Multipart,
    length: Option<usize>,
    images: &ImageService,
) -> Result<Upload, Problem> {
    // Reserves the whole length, so that a growing file is not copied. Untouched pages take no memory.
    let capacity = length.unwrap_or(0).min(ImageFile::MAX_BYTES);
    let mut files = vec![];
    while let Some(field) = fields.next().await {
        let field = field.map_err(|error| form::malformed(&error))?;
        let name = form::name_of(&field)?;
        if name != "file" {
            return Err(form::unknown_field(&name));
        }
        if files.len() == Upload::MAX_FILES {
            return Err(wrong_number(InvalidUpload::TooManyFiles));
        }
        let bytes = read_all(field, capacity).await?;
        let images = images.clone();
        let file = web::block(move || images.file(bytes)).await;
        let file = file.map_err(|error| Problem::unexpected(error.to_string()))?;
        files.push(file?);
    }
    Upload::try_from(files).map_err(wrong_number)
}

async fn read_all(mut field: Field, capacity: usize) -> Result<Bytes, Problem> {
    let mut bytes = BytesMut::with_capacity(capacity);
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|error| form::malformed(&error))?;
        if bytes.len() + chunk.len() > ImageFile::MAX_BYTES {
            return Err(InvalidImage::TooLarge.into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn wrong_number(number: InvalidUpload) -> Problem {
    Problem::invalid_body(vec![error("file", number.to_string())])
}

fn error(field: &str, message: String) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message,
    }
}

impl From<InvalidImage> for Problem {
    fn from(rule: InvalidImage) -> Self {
        let detail = rule.to_string();
        match rule {
            InvalidImage::TooLarge => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "file-too-large", detail)
            }
            InvalidImage::Type
            | InvalidImage::Broken
            | InvalidImage::Depth
            | InvalidImage::Coding
            | InvalidImage::Animation => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "invalid-file-type",
                detail,
            ),
            InvalidImage::TooManyPixels => Self::invalid_body(vec![error("file", detail)]),
        }
    }
}
