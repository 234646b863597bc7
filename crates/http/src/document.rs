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

use crate::encoding::Form;
use crate::entity_tag;
use crate::link;
use crate::problem::Problem;
use crate::settings::HttpSettings;

/// Below this many bytes a compressed form gains nothing. Not more, since proxies that compress leave what is compressed
/// already, and change the tags of the rest.
const WORTH_COMPRESSING: usize = 200;

/// How many answers are compressed at once, however many are asked for: each takes up to a core and several times its
/// bytes of memory.
static COMPRESSIONS: Semaphore = Semaphore::const_new(4);

/// What every JSON document is.
pub(crate) const JSON: &str = "application/json";

/// A finished answer: its bytes with the tag that names them, in no form yet.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    body: Bytes,
    content_type: &'static str,
    tag: String,
    /// The cursor of the next page, if it is a page that has one.
    next: Option<String>,
}

impl Document {
    /// A JSON document that is named by its content.
    pub(crate) fn json(value: &impl Serialize) -> Result<Self, Problem> {
        Ok(Self::new(to_json(value)?, JSON))
    }

    /// A JSON document of something that has a version of its own.
    pub(crate) fn versioned_json(value: &impl Serialize, tag: String) -> Result<Self, Problem> {
        Ok(Self {
            body: to_json(value)?,
            content_type: JSON,
            tag,
            next: None,
        })
    }

    /// Any bytes, named by themselves.
    pub(crate) fn new(body: Bytes, content_type: &'static str) -> Self {
        let digest = Sha256::digest(&body);
        Self {
            tag: URL_SAFE_NO_PAD.encode(&digest[..12]),
            body,
            content_type,
            next: None,
        }
    }

    /// A page before the one that this cursor leads to.
    pub(crate) fn followed_by(self, next: Option<String>) -> Self {
        Self { next, ..self }
    }

    /// Answers a read of what not everybody may see: 200, or 304 if the caller has this form already.
    pub(crate) async fn respond(self, request: &HttpRequest) -> Result<HttpResponse, Problem> {
        let form = self.form_for(request);
        // A form that the caller has need not be made.
        let caching = PRIVATE;
        let untouched = self.untouched(form)?;
        if entity_tag::is_known(request, &untouched.tag)? {
            return Ok(untouched.not_modified(&caching).into());
        }
        let represented = self.represent(form).await?;
        let represented = represented.linked(request.uri());
        Ok(represented
            .put_on(Response::new(StatusCode::OK), &caching)
            .into())
    }

    /// Answers a write with this status and these headers.
    pub(crate) async fn respond_to_write(
        self,
        response: HttpResponse,
        request: &HttpRequest,
    ) -> Result<HttpResponse, Problem> {
        let form = self.form_for(request);
        let represented = self.represent(form).await?;
        Ok(represented.put_on(response.into(), &PRIVATE).into())
    }

    /// The document in a form, which is made off the event loop; as it is, if it is too small to gain by one.
    pub(crate) async fn represent(self, form: Form) -> Result<Representation, Problem> {
        let form = self.worthwhile(form);
        let represented = self.untouched(form)?;
        if form == Form::Identity {
            return Ok(represented);
        }
        let permit = COMPRESSIONS.acquire().await;
        let permit = permit.map_err(|error| Problem::unexpected(error.to_string()))?;
        let body = web::block(move || {
            // Held until the work is done, even if nobody waits for it any more.
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

    /// A representation that is tagged for a form, but not in it.
    fn untouched(&self, form: Form) -> Result<Representation, Problem> {
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

/// A document as it travels.
#[derive(Debug, Clone)]
pub(crate) struct Representation {
    body: Bytes,
    content_type: &'static str,
    tag: HeaderValue,
    form: Form,
    /// The cursor of the next page; empty where there is none.
    next: Box<str>,
    link: Option<HeaderValue>,
}

const PRIVATE: HeaderValue = HeaderValue::from_static("no-store");
/// Of what everybody sees, for who brought credentials.
const PERSONAL: HeaderValue = HeaderValue::from_static("private, max-age=0, must-revalidate");
const PUBLIC: HeaderValue = HeaderValue::from_static("public, max-age=0, must-revalidate");
/// Also the origin, of which the edge says whether its page may read this.
const VARY: HeaderValue = HeaderValue::from_static("Accept-Encoding, Origin");

impl Representation {
    /// With a link to the next page, if there is one, for who asked at this address.
    pub(crate) fn linked(self, address: &Uri) -> Self {
        let link = (!self.next.is_empty()).then(|| link::to_next(address, &self.next));
        Self {
            link: link.flatten(),
            ..self
        }
    }

    /// Answers a read: 200, or 304 if the caller has it already.
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

    /// The bytes by which a representation of JSON is kept: its form, the lengths of its tag and its cursor, these two, its
    /// body.
    pub(crate) fn pack(&self) -> Bytes {
        let (tag, next) = (self.tag.as_bytes(), self.next.as_bytes());
        // A tag has a few characters, and a cursor some thousand at most.
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

    /// What was kept; `None` for bytes that were not packed here. The tag is a copy, so that it shares no bytes with the
    /// tags that other threads give out.
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

    /// How long its body is, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.body.len()
    }

    /// One with a body of its own: threads that count the owners of the same bytes make each other wait.
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

    /// The document that this is the untouched form of.
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

/// Adds what a caller needs to ask again whether it has the latest.
fn add_validators(headers: &mut HeaderMap, tag: HeaderValue, caching: &HeaderValue) {
    headers.append(header::ETAG, tag);
    headers.append(header::VARY, VARY);
    headers.append(header::CACHE_CONTROL, caching.clone());
}

/// What caches are told of an answer that is the same for everybody. What is given to who brings credentials is for a
/// cache of their own alone.
pub(crate) fn caching_of(request: &HttpRequest) -> HeaderValue {
    if is_private(request) {
        return PERSONAL;
    }
    let settings = request.app_data::<Data<PublicCaching>>();
    settings.map_or(PUBLIC, |caching| caching.0.clone())
}

/// Whether a request brings credentials, right or wrong.
pub(crate) fn is_private(request: &impl HttpMessage) -> bool {
    request.headers().contains_key(header::AUTHORIZATION)
}

/// Whether a cache may hand an answer to others without asking: it must bear nothing that is of one client.
pub(crate) fn is_shared(response: &HeaderMap) -> bool {
    let caching = response.get(header::CACHE_CONTROL);
    let directives = caching.and_then(|caching| caching.to_str().ok());
    // All but `public, max-age=0, must-revalidate`, after which a cache asks each time.
    directives.is_some_and(|said| {
        said.starts_with("public") && (said.contains("s-maxage") || !said.contains("max-age=0"))
    })
}

/// What caches are told of an answer for everybody.
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
