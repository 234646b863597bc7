use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};
use memchr::memmem;
use sha2::{Digest, Sha256};

use crate::message::problem::Problem;

/// The maximum size of a body, in bytes: more than any handler reads. A digest takes no memory.
const MAX_BODY: usize = 256 * 1024 * 1024;

/// A digest of a request's method, address and body. It reads the body together with the handler, so the body need not
/// be in memory.
#[derive(Clone)]
pub(super) struct Fingerprint(Rc<RefCell<Body>>);

struct Body {
    payload: Payload,
    digest: Sha256,
    /// The boundary of a form, which clients choose anew for each attempt. It is left out of the digest.
    boundary: Option<Vec<u8>>,
    /// The last bytes, which may be the beginning of a boundary.
    rest: Vec<u8>,
}

impl Fingerprint {
    /// Puts itself between a request and its body.
    pub(super) fn of(request: &mut ServiceRequest) -> Self {
        let address = request.uri().path_and_query();
        let digest = Sha256::new()
            .chain_update(request.method().as_str())
            .chain_update([0])
            .chain_update(address.map_or("/", |address| address.as_str()))
            .chain_update([0]);
        let form = request.mime_type().ok().flatten();
        let form = form.filter(|form| form.type_() == "multipart");
        let boundary = form.as_ref().and_then(|form| form.get_param("boundary"));
        let body = Self(Rc::new(RefCell::new(Body {
            boundary: boundary.map(|boundary| format!("--{boundary}").into_bytes()),
            payload: request.take_payload(),
            digest,
            rest: vec![],
        })));
        request.set_payload(Payload::Stream {
            payload: Box::pin(body.clone()),
        });
        body
    }

    /// The digest. Reads what the handler has left of the body.
    ///
    /// # Errors
    /// 413 if much is left, 400 if the body is incomplete, 408 if it does not arrive in time.
    pub(super) async fn finish(&self, time: Duration) -> Result<[u8; 32], Problem> {
        let finished = tokio::time::timeout(time, self.read_rest()).await;
        finished.unwrap_or_else(|_| {
            let detail = format!("The body did not arrive within {time:?}.");
            let status = StatusCode::REQUEST_TIMEOUT;
            Err(Problem::new(status, "body-too-slow", detail))
        })
    }

    async fn read_rest(&self) -> Result<[u8; 32], Problem> {
        let (mut body, mut left) = (self.clone(), MAX_BODY);
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|_| {
                let detail = "The body ended before it was complete.";
                Problem::new(StatusCode::BAD_REQUEST, "incomplete-body", detail)
            })?;
            left = left.checked_sub(chunk.len()).ok_or_else(|| {
                let detail = format!("The body is larger than {MAX_BODY} bytes.");
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", detail)
            })?;
        }
        let body = self.0.borrow();
        Ok(body
            .digest
            .clone()
            .chain_update(&body.rest)
            .finalize()
            .into())
    }
}

impl Body {
    fn update(&mut self, chunk: &[u8]) {
        let Some(boundary) = &self.boundary else {
            self.digest.update(chunk);
            return;
        };
        self.rest.extend_from_slice(chunk);
        let mut done = 0;
        for start in memmem::find_iter(&self.rest, boundary) {
            self.digest.update(&self.rest[done..start]);
            done = start + boundary.len();
        }
        let end = (self.rest.len() + 1).saturating_sub(boundary.len().max(1));
        if end > done {
            self.digest.update(&self.rest[done..end]);
            done = end;
        }
        self.rest.drain(..done);
    }
}

impl Stream for Fingerprint {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut body = self.0.borrow_mut();
        let next = Pin::new(&mut body.payload).poll_next(context);
        if let Poll::Ready(Some(Ok(chunk))) = &next {
            body.update(chunk);
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(boundary: &str, text: &str, chunk: usize) -> Vec<u8> {
        let mut body = Body {
            payload: Payload::None,
            digest: Sha256::new(),
            boundary: Some(boundary.as_bytes().to_vec()),
            rest: vec![],
        };
        let text = text.replace('|', boundary);
        text.as_bytes()
            .chunks(chunk)
            .for_each(|chunk| body.update(chunk));
        body.digest.chain_update(&body.rest).finalize().to_vec()
    }

    #[test]
    fn a_form_has_the_same_digest_with_another_boundary() {
        let form = "--|\r\nfile one\r\n--|\r\nfile two\r\n--|--";
        let expected = digest("abc", form, 1_000);
        for (boundary, chunk) in [("abc", 1), ("----x----", 1), ("----x----", 7), ("aab", 2)] {
            assert_eq!(
                digest(boundary, form, chunk),
                expected,
                "{boundary} {chunk}"
            );
        }
        let other = form.replace("two", "too");
        assert_ne!(digest("abc", &other, 1_000), expected);
    }
}
