//! Files of products: feeds, sitemaps and exports. They are streamed, some products at a time.

use std::io::{self, Write};
use std::mem;
use std::sync::Arc;

use actix_web::body::BodyStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eggypro_domain::StoreError;
use eggypro_domain::products::{Product, ProductFilter, ProductService, Revision};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream::{self, Stream};
use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::message::document::add_validators;
use crate::message::encoding::Form;
use crate::message::entity_tag;
use crate::message::problem::Problem;
use crate::state::{Api, Storefront};

/// How many products are in memory at a time.
pub(crate) const BATCH: usize = 100;

/// Bounds how many clients read all products for one purpose at a time. The others get 503.
#[derive(Debug)]
pub(crate) struct Readers(Semaphore);

/// Clients of public files.
pub(crate) static PUBLIC: Readers = Readers::new();

/// Administrators.
pub(crate) static ADMINS: Readers = Readers::new();

impl Readers {
    const fn new() -> Self {
        Self(Semaphore::const_new(4))
    }

    /// Lets the caller read all products until the permit is dropped.
    ///
    /// # Errors
    /// If others do already.
    pub(crate) fn permit(&'static self) -> Result<SemaphorePermit<'static>, Problem> {
        let busy = |_| StoreError::Unavailable("too many files of products are being read".into());
        Ok(self.0.try_acquire().map_err(busy)?)
    }
}

/// A file of products.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProductFile {
    pub(crate) content_type: &'static str,
    /// Whether the file is compressed for every client. Otherwise it is for those that accept gzip.
    pub(crate) is_gzip: bool,
    /// Whether products have their inactive categories too. Then the answer has no tag, which would not cover these.
    pub(crate) is_complete: bool,
    pub(crate) readers: &'static Readers,
    pub(crate) write_head: fn(&mut String, &Storefront),
    pub(crate) write_item: fn(&mut String, &Product, &Storefront) -> io::Result<()>,
    pub(crate) tail: &'static str,
}

/// What a file consists of.
#[derive(Debug)]
pub(crate) struct Contents {
    /// The products, by id.
    pub(crate) revisions: Vec<Revision>,
    /// A tag of their versions and of what else the file shows, without quotes.
    tag: String,
}

impl ProductFile {
    /// Answers with the file, or with 304 if the client has it already.
    pub(crate) async fn respond(
        self,
        request: &HttpRequest,
        api: &Data<Api>,
        contents: Contents,
        caching: &HeaderValue,
    ) -> Result<HttpResponse, Problem> {
        let form = match Form::Gzip.is_accepted_by(request) {
            true if !self.is_gzip => Form::Gzip,
            _ => Form::Identity,
        };
        let tag = HeaderValue::try_from(format!("\"{}\"", form.tag(&contents.tag)))
            .map_err(|_| Problem::unexpected("a digest is no tag"))?;
        let mut response = HttpResponse::new(StatusCode::OK);
        add_validators(response.headers_mut(), tag.clone(), caching);
        if self.is_complete {
            response.headers_mut().remove(header::ETAG);
        } else if entity_tag::is_known(request, &tag)? {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return Ok(response);
        }
        let headers = response.headers_mut();
        let content_type = HeaderValue::from_static(self.content_type);
        headers.insert(header::CONTENT_TYPE, content_type);
        if let Some(encoding) = form.encoding() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        let permit = self.readers.permit()?;
        // If the store is unavailable, the answer says so instead of ending early.
        let revisions = contents.revisions;
        let first = revisions.get(..BATCH).unwrap_or(&revisions);
        api.products.read_all(first).await?;
        let body = self.stream(
            Output::of(self.is_gzip || form == Form::Gzip),
            permit,
            api.products.clone(),
            revisions,
            Arc::clone(&api.storefront),
        );
        Ok(response
            .set_body(BodyStream::new(Box::pin(body)))
            .map_into_boxed_body())
    }

    /// The parts of the file. An error ends the answer before its end, so that no reader takes it for the whole.
    fn stream(
        self,
        output: Output,
        permit: SemaphorePermit<'static>,
        products: ProductService,
        revisions: Vec<Revision>,
        shop: Arc<Storefront>,
    ) -> impl Stream<Item = io::Result<Bytes>> {
        let parts = revisions.len().div_ceil(BATCH);
        stream::try_unfold((0, output), move |(part, output)| {
            // Held until the stream ends.
            let _ = &permit;
            let (products, shop) = (products.clone(), Arc::clone(&shop));
            let begin = (part * BATCH).min(revisions.len());
            let batch = revisions[begin..(begin + BATCH).min(revisions.len())].to_vec();
            async move {
                if part > parts {
                    return Ok(None);
                }
                let found = match self.is_complete {
                    true => products.read_complete(&batch).await,
                    false => products.read_all(&batch).await,
                };
                let found = found
                    .inspect_err(|error| tracing::warn!(%error, "a file of products ends early"))
                    .map_err(io::Error::other)?;
                let written = web::block(move || {
                    let mut output = output;
                    let text = self.part(&found, &shop, part == 0, part == parts)?;
                    let bytes = output.push(text, part == parts)?;
                    io::Result::Ok((bytes, output))
                });
                let (bytes, output) = written.await.map_err(io::Error::other)??;
                Ok(Some((bytes, (part + 1, output))))
            }
        })
    }

    /// A part of the file: the items of some products, with the beginning and the end where they belong.
    fn part(
        self,
        products: &[Product],
        shop: &Storefront,
        is_first: bool,
        is_last: bool,
    ) -> io::Result<String> {
        let mut text = String::new();
        if is_first {
            (self.write_head)(&mut text, shop);
        }
        for product in products {
            (self.write_item)(&mut text, product, shop)?;
        }
        if is_last {
            text.push_str(self.tail);
        }
        Ok(text)
    }
}

/// The bytes of a file.
#[derive(Debug)]
enum Output {
    Plain,
    Gzip(Box<GzEncoder<Vec<u8>>>),
}

impl Output {
    fn of(is_gzip: bool) -> Self {
        if is_gzip {
            Self::Gzip(Box::new(GzEncoder::new(vec![], Compression::fast())))
        } else {
            Self::Plain
        }
    }

    /// The bytes of a text. None are held back, so that clients get each part as soon as it is there.
    fn push(&mut self, text: String, is_last: bool) -> io::Result<Bytes> {
        let Self::Gzip(encoder) = self else {
            return Ok(text.into());
        };
        encoder.write_all(text.as_bytes())?;
        if is_last {
            encoder.try_finish()?;
        } else {
            encoder.flush()?;
        }
        Ok(mem::take(encoder.get_mut()).into())
    }
}

/// The products that match a filter.
pub(crate) async fn matching(api: &Data<Api>, filter: ProductFilter) -> Result<Contents, Problem> {
    let (products, shop) = (api.products.clone(), Arc::clone(&api.storefront));
    let listed = web::block(move || {
        let revisions = products.matching(&filter)?;
        // With the version of the server, which may write the same products otherwise.
        let mut digest = Sha256::new()
            .chain_update(env!("CARGO_PKG_VERSION"))
            .chain_update(format!("{shop:?}"));
        for Revision { id, version } in &revisions {
            digest.update(id.0.to_le_bytes());
            digest.update(version.to_le_bytes());
        }
        let tag = URL_SAFE_NO_PAD.encode(&digest.finalize()[..12]);
        Ok(Contents { revisions, tag })
    });
    listed
        .await
        .map_err(|_| Problem::unexpected("the products were not listed"))?
        .map_err(|error: StoreError| Problem::from(error))
}

#[cfg(test)]
mod tests;
