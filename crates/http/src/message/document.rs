use actix_http::Response;
use actix_web::body::BoxBody;
use actix_web::http::header::{self, EntityTag, HeaderMap, HeaderValue};
use actix_web::http::{StatusCode, Uri};
use actix_web::web::{self, Buf, Bytes, Data};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::message::encoding::Form;
use crate::message::entity_tag;
use crate::message::link;
use crate::message::problem::Problem;
use crate::settings::HttpSettings;

/// The minimum size of a body that is compressed, in bytes. Smaller bodies gain nothing. A higher limit does harm: a
/// compressing proxy changes the ETags of uncompressed responses and leaves compressed ones alone.
const WORTH_COMPRESSING: usize = 200;

/// Limits concurrent compressions to 4. Each uses up to one core and several times the size of the body in memory.
static COMPRESSIONS: Semaphore = Semaphore::const_new(4);

/// The content type of JSON documents.
pub(crate) const JSON: &str = "application/json";

/// A complete answer before it is encoded: its bytes and its tag.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    body: Bytes,
    content_type: &'static str,
    tag: String,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
}

impl Document {
    /// A JSON document whose tag is a hash of its content.
    pub(crate) fn json(value: &impl Serialize) -> Result<Self, Problem> {
        Ok(Self::new(to_json(value)?, JSON))
    }

    /// A JSON document of a resource that has a version; `tag` holds that version.
    pub(crate) fn versioned_json(value: &impl Serialize, tag: String) -> Result<Self, Problem> {
        Ok(Self {
            body: to_json(value)?,
            content_type: JSON,
            tag,
            next: None,
        })
    }

    /// A document of any bytes. Its tag is a hash of them.
    pub(crate) fn new(body: Bytes, content_type: &'static str) -> Self {
        let digest = Sha256::digest(&body);
        Self {
            tag: URL_SAFE_NO_PAD.encode(&digest[..12]),
            body,
            content_type,
            next: None,
        }
    }

    /// Sets the cursor of the next page.
    pub(crate) fn followed_by(self, next: Option<String>) -> Self {
        Self { next, ..self }
    }

    /// Answers a read that needs credentials: 200, or 304 if the client already has this form. `Cache-Control` is
    /// `no-store`.
    pub(crate) async fn respond(self, request: &HttpRequest) -> Result<HttpResponse, Problem> {
        let form = self.form_for(request);
        // Compares the tag first, so that a 304 needs no compression.
        let caching = PRIVATE;
        let unencoded = self.unencoded(form)?;
        if entity_tag::is_known(request, &unencoded.tag)? {
            return Ok(unencoded.not_modified(&caching).into());
        }
        let represented = self.represent(form).await?;
        let represented = represented.linked(request.uri());
        Ok(represented
            .put_on(Response::new(StatusCode::OK), &caching)
            .into())
    }

    /// Answers a write with the status and headers of `response`.
    pub(crate) async fn respond_to_write(
        self,
        response: HttpResponse,
        request: &HttpRequest,
    ) -> Result<HttpResponse, Problem> {
        let form = self.form_for(request);
        let represented = self.represent(form).await?;
        Ok(represented.put_on(response.into(), &PRIVATE).into())
    }

    /// Encodes the document off the event loop. A document that is too small to compress stays as it is.
    pub(crate) async fn represent(self, form: Form) -> Result<Representation, Problem> {
        let form = self.worthwhile(form);
        let represented = self.unencoded(form)?;
        if form == Form::Identity {
            return Ok(represented);
        }
        let permit = COMPRESSIONS.acquire().await;
        let permit = permit.map_err(|error| Problem::unexpected(error.to_string()))?;
        let body = web::block(move || {
            // Holds the permit until the compression ends, even if the request was cancelled.
            let _permit = permit;
            form.encode(&self.body)
        })
        .await;
        let body = body.map_err(|error| Problem::unexpected(error.to_string()))?;
        let body = body.map_err(|error| Problem::unexpected(error.to_string()))?;
        Ok(Representation {
            body: body.into(),
            ..represented
        })
    }

    fn form_for(&self, request: &HttpRequest) -> Form {
        self.worthwhile(Form::accepted_by(request))
    }

    fn worthwhile(&self, form: Form) -> Form {
        if self.body.len() < WORTH_COMPRESSING {
            Form::Identity
        } else {
            form
        }
    }

    /// A representation with the tag of a form, whose body is not encoded yet.
    fn unencoded(&self, form: Form) -> Result<Representation, Problem> {
        let tag = EntityTag::new_strong(form.tag(&self.tag)).to_string();
        Ok(Representation {
            body: self.body.clone(),
            content_type: self.content_type,
            tag: HeaderValue::from_maybe_shared(tag)
                .map_err(|error| Problem::unexpected(error.to_string()))?,
            form,
            next: self.next.as_deref().unwrap_or_default().into(),
            link: None,
        })
    }
}

/// A document in one of its forms, ready to send.
#[derive(Debug, Clone)]
pub(crate) struct Representation {
    body: Bytes,
    content_type: &'static str,
    tag: HeaderValue,
    form: Form,
    /// The cursor of the next page; empty if there is none.
    next: Box<str>,
    link: Option<HeaderValue>,
}

const PRIVATE: HeaderValue = HeaderValue::from_static("no-store");
/// For public answers to requests with credentials: only the client's own cache may store them.
const PERSONAL: HeaderValue = HeaderValue::from_static("private, max-age=0, must-revalidate");
const PUBLIC: HeaderValue = HeaderValue::from_static("public, max-age=0, must-revalidate");
/// Includes `Origin`, because the edge adds CORS headers that depend on it.
const VARY: HeaderValue = HeaderValue::from_static("Accept-Encoding, Origin");

impl Representation {
    /// Adds a `Link` to the next page, if there is one. `address` is the address of the request.
    pub(crate) fn linked(self, address: &Uri) -> Self {
        let link = (!self.next.is_empty()).then(|| link::to_next(address, &self.next));
        Self {
            link: link.flatten(),
            ..self
        }
    }

    /// Answers a read: 200, or 304 if the client already has it.
    ///
    /// # Errors
    /// 400 when `If-None-Match` can't be read.
    pub(crate) fn respond(
        &self,
        request: &impl HttpMessage,
        caching: &HeaderValue,
    ) -> Result<Response<BoxBody>, Problem> {
        Ok(if entity_tag::is_known(request, &self.tag)? {
            self.not_modified(caching)
        } else {
            self.put_on(Response::new(StatusCode::OK), caching)
        })
    }

    fn not_modified(&self, caching: &HeaderValue) -> Response<BoxBody> {
        let mut response = Response::new(StatusCode::NOT_MODIFIED);
        add_validators(response.headers_mut(), self.tag.clone(), caching);
        response
    }

    fn put_on(&self, mut response: Response<BoxBody>, caching: &HeaderValue) -> Response<BoxBody> {
        let headers = response.headers_mut();
        add_validators(headers, self.tag.clone(), caching);
        headers.append(
            header::CONTENT_TYPE,
            HeaderValue::from_static(self.content_type),
        );
        if let Some(encoding) = self.form.encoding() {
            headers.append(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        if let Some(link) = &self.link {
            headers.append(header::LINK, link.clone());
        }
        response.set_body(BoxBody::new(self.body.clone()))
    }

    /// Packs a JSON representation into bytes for the cache: form (1 byte), length of the tag (1 byte), length of the
    /// cursor (2 bytes, little-endian), tag, cursor, body.
    pub(crate) fn pack(&self) -> Bytes {
        let (tag, next) = (self.tag.as_bytes(), self.next.as_bytes());
        // Tags have a few characters, and cursors at most a few thousand.
        let next = if next.len() > usize::from(u16::MAX) {
            b""
        } else {
            next
        };
        let mut packed = Vec::with_capacity(4 + tag.len() + next.len() + self.body.len());
        packed.extend([self.form as u8, tag.len().try_into().unwrap_or(0)]);
        packed.extend(u16::try_from(next.len()).unwrap_or(0).to_le_bytes());
        packed.extend_from_slice(tag);
        packed.extend_from_slice(next);
        packed.extend_from_slice(&self.body);
        packed.into()
    }

    /// Unpacks cached bytes. Returns `None` for bytes that [`pack`](Self::pack) did not write. Copies the tag, so that
    /// threads don't contend for one reference count.
    pub(crate) fn unpack(mut packed: Bytes) -> Option<Self> {
        let [form, tag, next_low, next_high, ..] = *packed else {
            return None;
        };
        let end_of_tag = 4 + usize::from(tag);
        let end_of_next = end_of_tag + usize::from(u16::from_le_bytes([next_low, next_high]));
        let tag = HeaderValue::from_bytes(packed.get(4..end_of_tag)?).ok()?;
        let next = str::from_utf8(packed.get(end_of_tag..end_of_next)?).ok()?;
        let next = next.into();
        packed.advance(end_of_next);
        Some(Self {
            form: Form::of_number(form)?,
            tag,
            body: packed,
            content_type: JSON,
            next,
            link: None,
        })
    }

    /// The length of the body, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.body.len()
    }

    /// A copy with its own body. Threads that share the bytes contend for their reference count.
    pub(crate) fn copied(&self) -> Self {
        Self {
            body: Bytes::copy_from_slice(&self.body),
            content_type: self.content_type,
            tag: self.tag.clone(),
            form: self.form,
            next: self.next.clone(),
            link: self.link.clone(),
        }
    }

    /// The document of this representation, which must be in the form [`Form::Identity`].
    pub(crate) fn into_document(self) -> Document {
        let tag = self.tag.to_str().unwrap_or_default();
        Document {
            tag: tag.trim_matches('"').to_owned(),
            next: (!self.next.is_empty()).then(|| self.next.into()),
            body: self.body,
            content_type: self.content_type,
        }
    }
}

/// Adds the headers for conditional requests and caching.
pub(crate) fn add_validators(headers: &mut HeaderMap, tag: HeaderValue, caching: &HeaderValue) {
    headers.append(header::ETAG, tag);
    headers.append(header::VARY, VARY);
    headers.append(header::CACHE_CONTROL, caching.clone());
}

/// The `Cache-Control` of an answer that is the same for all callers. A request with credentials gets one that only the
/// client's own cache may store.
pub(crate) fn caching_of(request: &HttpRequest) -> HeaderValue {
    if is_private(request) {
        return PERSONAL;
    }
    let settings = request.app_data::<Data<PublicCaching>>();
    settings.map_or(PUBLIC, |caching| caching.0.clone())
}

/// Whether a request has credentials, valid or not.
pub(crate) fn is_private(request: &impl HttpMessage) -> bool {
    request.headers().contains_key(header::AUTHORIZATION)
}

/// Whether a shared cache may serve this answer without revalidation. Then it must not have headers of one client.
pub(crate) fn is_shared(response: &HeaderMap) -> bool {
    let caching = response.get(header::CACHE_CONTROL);
    let directives = caching.and_then(|caching| caching.to_str().ok());
    // With `public, max-age=0, must-revalidate` a cache revalidates each time, so that one does not count.
    directives.is_some_and(|said| {
        said.starts_with("public") && (said.contains("s-maxage") || !said.contains("max-age=0"))
    })
}

/// The `Cache-Control` of public answers.
#[derive(Debug, Clone)]
pub(crate) struct PublicCaching(pub(crate) HeaderValue);

impl PublicCaching {
    pub(crate) fn of(settings: &HttpSettings) -> Self {
        let Some(age) = settings.shared_max_age else {
            return Self(PUBLIC);
        };
        let text = format!(
            "public, max-age=0, s-maxage={}, must-revalidate",
            age.as_secs()
        );
        Self(HeaderValue::from_maybe_shared(text).unwrap_or(PUBLIC))
    }
}

fn to_json(value: &impl Serialize) -> Result<Bytes, Problem> {
    let bytes =
        serde_json::to_vec(value).map_err(|error| Problem::unexpected(error.to_string()))?;
    Ok(Bytes::from(bytes))
}

/// The body of a failure in another protocol, as JSON. The edge sends it in place of a problem's.
#[derive(Debug, Clone)]
pub(crate) struct ErrorBody(pub(crate) Bytes);

/// Marks a response whose body is complete, so that the edge does not replace it with a problem.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Finished;
