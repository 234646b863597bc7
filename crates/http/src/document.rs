use std::io::{self, Write};

use actix_web::http::header::{
    self, AcceptEncoding, ContentEncoding, Encoding, EntityTag, HeaderValue,
};
use actix_web::web::{self, Bytes};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, HttpResponseBuilder};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::entity_tag;
use crate::problem::Problem;

/// Below this many bytes a compressed form saves nothing.
const WORTH_COMPRESSING: usize = 1_024;

/// A finished answer: its bytes with the tag that names them, in the form that the caller takes.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    body: Bytes,
    content_type: &'static str,
    tag: String,
    is_public: bool,
}

impl Document {
    /// A JSON document that is named by its content.
    pub(crate) fn json(value: &impl Serialize) -> Result<Self, Problem> {
        let body = to_json(value)?;
        Ok(Self::new(body, "application/json"))
    }

    /// A JSON document of something that has a version of its own.
    pub(crate) fn versioned_json(value: &impl Serialize, tag: String) -> Result<Self, Problem> {
        Ok(Self {
            body: to_json(value)?,
            content_type: "application/json",
            tag,
            is_public: true,
        })
    }

    /// Any bytes, named by themselves.
    pub(crate) fn new(body: Bytes, content_type: &'static str) -> Self {
        let digest = Sha256::digest(&body);
        Self {
            tag: URL_SAFE_NO_PAD.encode(&digest[..12]),
            body,
            content_type,
            is_public: true,
        }
    }

    /// The same, for this caller alone.
    pub(crate) fn private(self) -> Self {
        Self {
            is_public: false,
            ..self
        }
    }

    /// Answers a read: 200, or 304 if the caller has this form already. Who brings credentials gets an answer that no
    /// cache keeps.
    pub(crate) async fn respond(mut self, request: &HttpRequest) -> Result<HttpResponse, Problem> {
        self.is_public &= !request.headers().contains_key(header::AUTHORIZATION);
        let form = self.form_for(request);
        if entity_tag::is_known(request, &form.tag(&self.tag))? {
            let mut response = HttpResponse::NotModified();
            self.add_headers(form, &mut response);
            return Ok(response.finish());
        }
        self.send(form, HttpResponse::Ok()).await
    }

    /// Answers a write.
    pub(crate) async fn respond_to_write(
        self,
        response: HttpResponseBuilder,
        request: &HttpRequest,
    ) -> Result<HttpResponse, Problem> {
        let document = self.private();
        let form = document.form_for(request);
        document.send(form, response).await
    }

    async fn send(
        self,
        form: Form,
        mut response: HttpResponseBuilder,
    ) -> Result<HttpResponse, Problem> {
        self.add_headers(form, &mut response);
        response.content_type(self.content_type);
        let Some(encoding) = form.encoding() else {
            return Ok(response.body(self.body));
        };
        response.insert_header((header::CONTENT_ENCODING, encoding));
        let body = web::block(move || form.encode(&self.body)).await;
        let body = body.map_err(|error| Problem::unexpected(error.to_string()))?;
        Ok(response.body(body.map_err(|error| Problem::unexpected(error.to_string()))?))
    }

    fn form_for(&self, request: &HttpRequest) -> Form {
        if self.body.len() < WORTH_COMPRESSING {
            return Form::Identity;
        }
        let accepted = request.get_header::<AcceptEncoding>();
        let chosen = accepted.and_then(|accepted| accepted.negotiate(Form::SUPPORTED.iter()));
        chosen.map_or(Form::Identity, |encoding| Form::of(&encoding))
    }

    fn add_headers(&self, form: Form, response: &mut HttpResponseBuilder) {
        let tag = EntityTag::new_strong(form.tag(&self.tag));
        response.insert_header((header::ETAG, tag));
        response.insert_header((header::VARY, HeaderValue::from_static("Accept-Encoding")));
        response.insert_header((header::CACHE_CONTROL, cache_control(self.is_public)));
    }
}

fn cache_control(is_public: bool) -> HeaderValue {
    HeaderValue::from_static(if is_public {
        "public, max-age=0, must-revalidate"
    } else {
        "no-store"
    })
}

fn to_json(value: &impl Serialize) -> Result<Bytes, Problem> {
    let bytes =
        serde_json::to_vec(value).map_err(|error| Problem::unexpected(error.to_string()))?;
    Ok(Bytes::from(bytes))
}

/// How the bytes of a document travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Identity,
    Brotli,
    Zstd,
    Gzip,
}

impl Form {
    const SUPPORTED: [Encoding; 4] = [
        Encoding::brotli(),
        Encoding::zstd(),
        Encoding::gzip(),
        Encoding::identity(),
    ];

    fn of(encoding: &Encoding) -> Self {
        match encoding {
            Encoding::Known(ContentEncoding::Brotli) => Self::Brotli,
            Encoding::Known(ContentEncoding::Zstd) => Self::Zstd,
            Encoding::Known(ContentEncoding::Gzip) => Self::Gzip,
            _ => Self::Identity,
        }
    }

    fn encoding(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Brotli => Some("br"),
            Self::Zstd => Some("zstd"),
            Self::Gzip => Some("gzip"),
        }
    }

    /// Each form has a tag of its own, since its bytes differ.
    fn tag(self, tag: &str) -> String {
        match self.encoding() {
            None => tag.to_owned(),
            Some(encoding) => format!("{tag}-{encoding}"),
        }
    }

    /// The tag of the document, whichever form this tag names.
    pub(crate) fn strip_suffix(tag: &str) -> &str {
        let suffixes = ["-br", "-zstd", "-gzip"];
        suffixes
            .iter()
            .find_map(|suffix| tag.strip_suffix(suffix))
            .unwrap_or(tag)
    }

    fn encode(self, body: &[u8]) -> io::Result<Vec<u8>> {
        let mut encoded = Vec::with_capacity(body.len() / 2);
        match self {
            Self::Identity => encoded.extend_from_slice(body),
            Self::Brotli => {
                let parameters = brotli::enc::BrotliEncoderParams {
                    quality: 5,
                    ..Default::default()
                };
                brotli::BrotliCompress(&mut &*body, &mut encoded, &parameters)?;
            }
            Self::Zstd => encoded = zstd::encode_all(body, 3)?,
            Self::Gzip => {
                let mut encoder =
                    flate2::write::GzEncoder::new(encoded, flate2::Compression::default());
                encoder.write_all(body)?;
                encoded = encoder.finish()?;
            }
        }
        Ok(encoded)
    }
}
