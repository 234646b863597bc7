use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::body::{CategoryBody, CategoryInput, document, read_input};
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsWrite};
use crate::state::Api;

/// Create a category
///
/// A slug that is not given is made from the name.
#[utoipa::path(
    post,
    path = "/api/categories",
    tag = "categories",
    operation_id = "createCategory",
    security(("admin" = ["products:write"])),
    request_body = CategoryInput,
    responses(
        (status = 201, description = "The category", body = CategoryBody, headers(("Location" = String, description = "Where it is"))),
        (status = 409, description = "The slug is taken"),
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
    let category = read_input(&mut fields);
    let category = api.categories.create(fields.validate(category)?).await?;
    let mut response = HttpResponse::Created();
    response.insert_header((
        header::LOCATION,
        format!("/api/categories/{}", category.slug),
    ));
    document(&category)?
        .respond_to_write(response.finish(), &request)
        .await
}
