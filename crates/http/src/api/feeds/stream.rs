//! Streams all active products, some at a time.

use std::io;
use std::sync::Arc;

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use eggypro_domain::StoreError;
use eggypro_domain::products::{Product, ProductService, Revision};
use futures_util::stream::{self, Stream};
use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::message::document::caching_of;
use crate::message::entity_tag;
use crate::message::problem::Problem;
use crate::state::{Api, Storefront};

/// How many products are in memory at a time.
pub(super) const BATCH: usize = 100;

/// Bounds how many clients read all products at a time. The others get 503.
static READERS: Semaphore = Semaphore::const_new(4);

/// A file of all active products.
#[derive(Debug, Clone, Copy)]
pub(super) struct Feed {
    pub(super) content_type: &'static str,
    pub(super) write_head: fn(&mut String, &Storefront),
    pub(super) write_item: fn(&mut String, &Product, &Storefront),
    pub(super) tail: &'static str,
}

impl Feed {
    /// Answers with the file, or with 304 if the client has it already.
    pub(super) async fn respond(
        self,
        request: &HttpRequest,
        api: &Data<Api>,
        revisions: Vec<Revision>,
        tag: HeaderValue,
    ) -> Result<HttpResponse, Problem> {
        let caching = caching_of(request);
        if entity_tag::is_known(request, &tag)? {
            return Ok(HttpResponse::NotModified()
                .insert_header((header::ETAG, tag))
                .insert_header((header::CACHE_CONTROL, caching))
                .finish());
        }
        let busy = |_| StoreError::Unavailable("too many feeds are being read".into());
        let permit = READERS.try_acquire().map_err(busy)?;
        // If the store is unavailable, the answer says so instead of ending early.
        let first = revisions.get(..BATCH).unwrap_or(&revisions);
        api.products.read_all(first).await?;
        let body = self.stream(
            permit,
            api.products.clone(),
            revisions,
            Arc::clone(&api.storefront),
        );
        Ok(HttpResponse::Ok()
            .content_type(self.content_type)
            .insert_header((header::ETAG, tag))
            .insert_header((header::CACHE_CONTROL, caching))
            .streaming(Box::pin(body)))
    }

    /// The parts of the file. An error ends the answer before its end, so that no reader takes it for the whole.
    fn stream(
        self,
        permit: SemaphorePermit<'static>,
        products: ProductService,
        revisions: Vec<Revision>,
        shop: Arc<Storefront>,
    ) -> impl Stream<Item = io::Result<Bytes>> {
        let mut head = String::new();
        (self.write_head)(&mut head, &shop);
        let parts = revisions.len().div_ceil(BATCH);
        stream::try_unfold(0, move |part| {
            // Held until the stream ends.
            let _ = &permit;
            let (products, shop, mut text) = (products.clone(), Arc::clone(&shop), String::new());
            if part == 0 {
                text.push_str(&head);
            }
            let begin = (part * BATCH).min(revisions.len());
            let batch = revisions[begin..(begin + BATCH).min(revisions.len())].to_vec();
            async move {
                if part > parts {
                    return Ok(None);
                }
                let found = products
                    .read_all(&batch)
                    .await
                    .inspect_err(|error| tracing::warn!(%error, "a feed ends early"))
                    .map_err(io::Error::other)?;
                for product in found.iter().filter(|product| product.is_active) {
                    (self.write_item)(&mut text, product, &shop);
                }
                if part == parts {
                    text.push_str(self.tail);
                }
                Ok(Some((Bytes::from(text), part + 1)))
            }
        })
    }
}

/// All active products, and a tag of their versions.
pub(super) async fn active(api: &Data<Api>) -> Result<(Vec<Revision>, HeaderValue), Problem> {
    let (products, shop) = (api.products.clone(), Arc::clone(&api.storefront));
    let listed = web::block(move || {
        let revisions = products.active()?;
        let mut digest = Sha256::new().chain_update(format!("{shop:?}"));
        for Revision { id, version } in &revisions {
            digest.update(id.0.to_le_bytes());
            digest.update(version.to_le_bytes());
        }
        Ok((revisions, digest.finalize()))
    });
    let (revisions, digest) = listed
        .await
        .map_err(|_| Problem::unexpected("the products were not listed"))?
        .map_err(|error: StoreError| Problem::from(error))?;
    let tag: String = digest[..12]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = HeaderValue::try_from(format!("\"{tag}\""))
        .map_err(|_| Problem::unexpected("a digest is no tag"))?;
    Ok((revisions, tag))
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;
    use actix_web::body::to_bytes;
    use actix_web::test::TestRequest;

    use super::*;

    const FEED: Feed = Feed {
        content_type: "text/plain",
        write_head: |out, _| out.push_str("head "),
        write_item: |out, product, _| out.push_str(&product.name),
        tail: "tail",
    };

    async fn answer() -> Result<HttpResponse, Problem> {
        let api = Data::new(Api::in_memory());
        let (revisions, tag) = active(&api).await?;
        let request = TestRequest::default().to_http_request();
        FEED.respond(&request, &api, revisions, tag).await
    }

    #[actix_web::test]
    async fn feeds_have_few_readers_at_a_time() {
        let readers = READERS.available_permits();
        let mut open = vec![];
        for _ in 0..readers {
            open.push(answer().await.unwrap());
        }
        let refused = answer().await.unwrap_err();
        assert_eq!(refused.error_response().status(), 503);
        let body = open.pop().unwrap().into_body();
        assert_eq!(to_bytes(body).await.unwrap(), "head tail");
        answer().await.unwrap();
    }
}
