//! Serves the feed and the sitemaps.

use std::fmt::Write;

use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::products::ProductFilter;

use super::{google, openai, rules, sitemap};
use crate::api::product_file::{Contents, PUBLIC, ProductFile, matching};
use crate::message::document::{Document, caching_of};
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::state::Api;

const XML: &str = "application/xml; charset=utf-8";

const GOOGLE: ProductFile = ProductFile {
    content_type: XML,
    is_gzip: false,
    is_complete: false,
    readers: &PUBLIC,
    write_head: google::write_head,
    write_item: |out, product, shop| {
        if rules::is_listed(product) {
            google::write_item(out, product, shop);
        }
        Ok(())
    },
    tail: google::TAIL,
};

const OPENAI: ProductFile = ProductFile {
    content_type: "application/gzip",
    is_gzip: true,
    is_complete: false,
    readers: &PUBLIC,
    write_head: |_, _| {},
    write_item: |out, product, shop| {
        if rules::is_listed(product) {
            openai::write_item(out, product, shop);
        }
        Ok(())
    },
    tail: "",
};

const SITEMAP: ProductFile = ProductFile {
    content_type: XML,
    is_gzip: false,
    is_complete: false,
    readers: &PUBLIC,
    write_head: |out, _| out.push_str(sitemap::HEAD),
    write_item: |out, product, shop| {
        if product.is_active {
            sitemap::write_page(out, product, shop);
        }
        Ok(())
    },
    tail: sitemap::TAIL,
};

async fn active(api: &web::Data<Api>) -> Result<Contents, Problem> {
    matching(api, ProductFilter::default()).await
}

async fn respond(
    file: ProductFile,
    request: &HttpRequest,
    api: &web::Data<Api>,
    contents: Contents,
) -> Result<HttpResponse, Problem> {
    file.respond(request, api, contents, &caching_of(request))
        .await
}

async fn feed(
    file: ProductFile,
    request: &HttpRequest,
    api: &web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(request, &[])?;
    let contents = active(api).await?;
    respond(file, request, api, contents).await
}

/// Read the feed of Google Merchant Center
///
/// All active products that have what the feed requires, as RSS 2.0 with the attributes of Google's product data
/// specification.
#[utoipa::path(
    get,
    path = "/feeds/google.xml",
    tag = "feeds",
    operation_id = "readGoogleFeed",
    responses(
        (status = 200, description = "RSS 2.0", body = String, content_type = "application/xml"),
        (status = 304, description = "The caller has it already"),
    ),
)]
pub(crate) async fn google_feed(
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    feed(GOOGLE, &request, &api).await
}

/// Read the feed of OpenAI
///
/// All active products that have what the feed requires, a JSON object a line, compressed with gzip.
#[utoipa::path(
    get,
    path = "/feeds/openai.jsonl.gz",
    tag = "feeds",
    operation_id = "readOpenaiFeed",
    responses(
        (status = 200, description = "JSON Lines in a gzip file", body = String, content_type = "application/gzip"),
        (status = 304, description = "The caller has it already"),
    ),
)]
pub(crate) async fn openai_feed(
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    feed(OPENAI, &request, &api).await
}

/// Read the sitemap
///
/// The pages of all active products with the times of their last changes; with more than 50 000 products, an index of
/// such files.
#[utoipa::path(
    get,
    path = "/sitemap.xml",
    tag = "feeds",
    operation_id = "readSitemap",
    responses(
        (status = 200, description = "A sitemap of sitemaps.org 0.9, or an index of them", body = String, content_type = "application/xml"),
        (status = 304, description = "The caller has it already"),
    ),
)]
pub(crate) async fn pages(
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let contents = active(&api).await?;
    let count = contents.revisions.len();
    if count <= sitemap::MAX_ENTRIES {
        return respond(SITEMAP, &request, &api, contents).await;
    }
    let mut index = sitemap::INDEX_HEAD.to_owned();
    for number in 1..=count.div_ceil(sitemap::MAX_ENTRIES) {
        let mut location = api.storefront.url.clone();
        // Writing to a `String` does not fail.
        let _ = write!(location, "/sitemap-{number}.xml");
        sitemap::write_sitemap(&mut index, &location);
    }
    index.push_str(sitemap::INDEX_TAIL);
    Document::new(index.into(), XML).respond(&request).await
}

/// A file of the index of sitemaps, by its number from 1.
pub(crate) async fn part_of_pages(
    request: HttpRequest,
    path: web::Path<usize>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let mut contents = active(&api).await?;
    let revisions = &mut contents.revisions;
    let begin = path.into_inner().checked_sub(1);
    let begin = begin.and_then(|index| index.checked_mul(sitemap::MAX_ENTRIES));
    let begin = begin.filter(|begin| *begin < revisions.len());
    let begin = begin.ok_or_else(|| Problem::not_found("sitemap"))?;
    revisions.drain(..begin);
    revisions.truncate(sitemap::MAX_ENTRIES);
    respond(SITEMAP, &request, &api, contents).await
}
