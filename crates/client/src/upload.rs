//! Files to upload.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, Stream, StreamExt};
use reqwest::header::{self, HeaderValue};
use reqwest::multipart::Part;
use reqwest::{RequestBuilder, multipart};

use crate::Error;
use crate::request::Body;

/// The name of a file whose name is unknown. The server does not use names.
const FILE_NAME: &str = "file";

/// A file to upload. It is sent as a stream, so that only a part of it is in memory.
///
/// An upload of bytes or of a file is repeated after a failure, a stream only if nothing of it was read yet.
#[derive(Debug)]
pub struct Upload(Source);

enum Source {
    Bytes(Bytes),
    File(PathBuf),
    Stream {
        stream: Arc<OneTimeStream>,
        length: Option<u64>,
    },
}

type ByteStream = BoxStream<'static, std::io::Result<Bytes>>;

/// A stream that is taken when it is first read.
struct OneTimeStream(Mutex<Option<ByteStream>>);

impl OneTimeStream {
    fn take(&self) -> Option<ByteStream> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn is_untouched(&self) -> bool {
        let stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stream.is_some()
    }
}

impl Upload {
    /// The file with this content.
    pub fn bytes(content: impl Into<Bytes>) -> Self {
        Self(Source::Bytes(content.into()))
    }

    /// The file at this path. It is opened anew for each attempt, and must not change meanwhile.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Source::File(path.into()))
    }

    /// A stream that can be read once. `length` is its length in bytes, if that is known.
    pub fn stream(
        stream: impl Stream<Item = std::io::Result<Bytes>> + Send + 'static,
        length: Option<u64>,
    ) -> Self {
        let stream = OneTimeStream(Mutex::new(Some(stream.boxed())));
        Self(Source::Stream {
            stream: Arc::new(stream),
            length,
        })
    }

    fn can_repeat(&self) -> bool {
        match &self.0 {
            Source::Bytes(_) | Source::File(_) => true,
            Source::Stream { stream, .. } => stream.is_untouched(),
        }
    }

    /// The body of an attempt, and its length in bytes, if that is known.
    async fn open(&self) -> Result<(reqwest::Body, Option<u64>), Error> {
        match &self.0 {
            Source::Bytes(bytes) => Ok((bytes.clone().into(), u64::try_from(bytes.len()).ok())),
            Source::File(path) => {
                let file = tokio::fs::File::open(path).await.map_err(Error::File)?;
                let length = file.metadata().await.map_err(Error::File)?.len();
                Ok((file.into(), Some(length)))
            }
            Source::Stream { stream, length } => {
                let body = reqwest::Body::wrap_stream(once_read(Arc::clone(stream)));
                Ok((body, *length))
            }
        }
    }
}

/// Takes the stream when it is first polled.
fn once_read(source: Arc<OneTimeStream>) -> impl Stream<Item = std::io::Result<Bytes>> {
    let mut taken: Option<ByteStream> = None;
    stream::poll_fn(move |context| {
        if taken.is_none() {
            taken = source.take();
        }
        match &mut taken {
            Some(stream) => stream.poll_next_unpin(context),
            None => Poll::Ready(None),
        }
    })
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::File(path) => path.fmt(f),
            Self::Stream { length, .. } => write!(f, "a stream of {length:?} bytes"),
        }
    }
}

impl From<Vec<u8>> for Upload {
    fn from(content: Vec<u8>) -> Self {
        Self::bytes(content)
    }
}

impl From<Bytes> for Upload {
    fn from(content: Bytes) -> Self {
        Self::bytes(content)
    }
}

impl From<PathBuf> for Upload {
    fn from(path: PathBuf) -> Self {
        Self::file(path)
    }
}

/// A form with files in its field `file`.
#[derive(Debug)]
pub(crate) struct Form(pub(crate) Vec<Upload>);

impl Form {
    /// The form of an attempt. Its boundary is random, which the server does not count as a difference between attempts.
    async fn open(&self) -> Result<multipart::Form, Error> {
        let mut form = multipart::Form::new();
        for file in &self.0 {
            let (body, length) = file.open().await?;
            let part = match length {
                Some(length) => Part::stream_with_length(body, length),
                None => Part::stream(body),
            };
            form = form.part("file", part.file_name(FILE_NAME));
        }
        Ok(form)
    }
}

impl Body {
    /// Whether it can be sent again.
    pub(crate) fn can_repeat(&self) -> bool {
        match self {
            Self::Empty | Self::Json { .. } => true,
            Self::File(file) => file.can_repeat(),
            Self::Form(form) => form.0.iter().all(Upload::can_repeat),
        }
    }

    /// Adds the body to the request of an attempt.
    pub(crate) async fn add_to(&self, request: RequestBuilder) -> Result<RequestBuilder, Error> {
        Ok(match self {
            Self::Empty => request,
            Self::Json {
                bytes,
                content_type,
            } => request
                .header(header::CONTENT_TYPE, HeaderValue::from_static(content_type))
                .body(bytes.clone()),
            Self::Form(form) => request.multipart(form.open().await?),
            Self::File(file) => {
                let (body, length) = file.open().await?;
                let request = match length {
                    Some(length) => request.header(header::CONTENT_LENGTH, length),
                    None => request,
                };
                request
                    .header(header::CONTENT_TYPE, "application/octet-stream")
                    .body(body)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stream_can_be_repeated_until_it_is_read() {
        let parts = stream::iter([Ok(Bytes::from_static(b"a"))]);
        let body = Body::File(Upload::stream(parts, None));
        let http = reqwest::Client::builder().tls_certs_only([]).build();
        let post = http.unwrap().post("http://127.0.0.1:1");
        let lost = body.add_to(post.try_clone().unwrap()).await.unwrap();
        drop(lost.build().unwrap());
        assert!(body.can_repeat());
        // The port is closed, so the connection fails before the stream is read.
        let error = body.add_to(post).await.unwrap().send().await;
        assert!(error.unwrap_err().is_connect());
        assert!(body.can_repeat());
        let Body::File(Upload(Source::Stream { stream, .. })) = &body else {
            panic!("{body:?}");
        };
        let mut read = Box::pin(once_read(Arc::clone(stream)));
        assert_eq!(read.next().await.unwrap().unwrap(), "a");
        assert!(read.next().await.is_none());
        assert!(!body.can_repeat());
    }
}
