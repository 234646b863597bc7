//! Reads images from a form (RFC 7578), and enforces every limit while they arrive.

use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentDisposition, DispositionType, HeaderMap, HeaderValue};
use actix_web::web::{self, Bytes, BytesMut, Data, Payload};
use actix_web::{HttpMessage, HttpRequest};
use eggypro_domain::StoreError;
use eggypro_domain::images::{ImageFile, ImageService, InvalidImage, InvalidUpload, Upload};
use futures_util::StreamExt;
use tokio::sync::{Semaphore, SemaphorePermit};

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
    if !request
        .content_type()
        .eq_ignore_ascii_case("multipart/form-data")
    {
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
    let form = Multipart::new(&headers_of_any_multipart(request.headers()), payload);
    let upload = tokio::time::timeout(timeout, read(form, length, images)).await;
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
    mut form: Multipart,
    length: Option<usize>,
    images: &ImageService,
) -> Result<Upload, Problem> {
    // Reserves the whole length, so that a growing file is not copied. Untouched pages take no memory.
    let capacity = length.unwrap_or(0).min(ImageFile::MAX_BYTES);
    let mut files = vec![];
    while let Some(field) = form.next().await {
        let field = field.map_err(|error| malformed(&error))?;
        let name = name_of(&field).ok_or_else(not_a_form)?;
        if name != "file" {
            let message = format!("Unknown field: {name}. Known here: file.");
            return Err(Problem::invalid_body(vec![error(&name, message)]));
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
        let chunk = chunk.map_err(|error| malformed(&error))?;
        if bytes.len() + chunk.len() > ImageFile::MAX_BYTES {
            return Err(InvalidImage::TooLarge.into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
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
fn name_of(field: &Field) -> Option<String> {
    let disposition = field.headers().get(header::CONTENT_DISPOSITION)?;
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

fn malformed(error: &MultipartError) -> Problem {
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
