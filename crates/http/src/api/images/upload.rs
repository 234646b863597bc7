use actix_web::web::{self, Payload};
use actix_web::{HttpRequest, HttpResponse};
use eggypro_domain::Slug;

use super::body::{Files, UploadedImages};
use super::files::with_files;
use crate::api::products::slug_of;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsWrite};
use crate::state::Api;

/// Upload images
///
/// All files are kept or none. No product shows them until their URLs are among its `images`.
#[utoipa::path(
    post,
    path = "/api/images",
    tag = "images",
    operation_id = "uploadImages",
    security(("admin" = ["products:write"])),
    request_body(content = Files, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "The images", body = UploadedImages),
        (status = 413, description = "A file is larger than 10 MB"),
        (status = 415, description = "A file is no JPEG, PNG or WebP, or the body no form"),
    ),
)]
pub(crate) async fn upload(
    _: Admin<ProductsWrite>,
    request: HttpRequest,
    payload: Payload,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    store(&request, payload, &api, None).await
}

/// Upload images of a product
///
/// All files are kept or none. The originals are appended to the product's `images`.
#[utoipa::path(
    post,
    path = "/api/products/{slug}/images",
    tag = "images",
    operation_id = "uploadProductImages",
    security(("admin" = ["products:write"])),
    params(("slug" = String, Path, description = "The product's slug")),
    request_body(content = Files, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "The images", body = UploadedImages),
        (status = 404, description = "No product of this slug"),
        (status = 413, description = "A file is larger than 10 MB"),
        (status = 415, description = "A file is no JPEG, PNG or WebP, or the body no form"),
    ),
)]
pub(crate) async fn upload_to_product(
    _: Admin<ProductsWrite>,
    request: HttpRequest,
    path: web::Path<String>,
    payload: Payload,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let slug = slug_of(path)?;
    store(&request, payload, &api, Some(&slug)).await
}

async fn store(
    request: &HttpRequest,
    payload: Payload,
    api: &Api,
    product: Option<&Slug>,
) -> Result<HttpResponse, Problem> {
    let images = with_files(request, payload, &api.images, async |upload| {
        Ok(api.images.upload(upload, product).await?)
    });
    let images = images.await?;
    // Without an ETag, because clients could take it for the product's.
    Ok(HttpResponse::Created()
        .insert_header(("Cache-Control", "no-store"))
        .json(UploadedImages::of(&images)))
}
