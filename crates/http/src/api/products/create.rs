use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::body::{ProductBody, document};
use super::input::{ProductInput, read_input};
use super::validated;
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsWrite};
use crate::state::Api;

/// Create a product
///
/// A slug that is not given is made from the name.
#[utoipa::path(
    post,
    path = "/api/products",
    tag = "products",
    operation_id = "createProduct",
    security(("admin" = ["products:write"])),
    request_body = ProductInput,
    responses(
        (status = 201, description = "The product", body = ProductBody, headers(("Location" = String, description = "Where it is"))),
        (status = 409, description = "The slug, SKU or GTIN is taken, or the options clash with a variant's"),
    ),
)]
pub(crate) async fn create(
    _: Admin<ProductsWrite>,
    request: HttpRequest,
    body: JsonBody,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let mut fields = body.fields()?;
    let product = read_input(&mut fields);
    let categories = product.categories.clone();
    let product = validated(fields, product, &categories, &api).await?;
    let product = api.products.create(product).await?;
    let mut response = HttpResponse::Created();
    response.insert_header((header::LOCATION, format!("/api/products/{}", product.slug)));
    document(&product, &api.storefront)?
        .respond_to_write(response.finish(), &request)
        .await
}
