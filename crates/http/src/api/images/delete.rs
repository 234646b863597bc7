use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::images::PublicId;

use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsDelete};
use crate::state::Api;

/// Delete an image
///
/// It is taken out of every product that shows it. If the image store does not delete it now, that is tried again.
#[utoipa::path(
    delete,
    path = "/api/images/{public_id}",
    tag = "images",
    operation_id = "deleteImage",
    security(("admin" = ["products:delete"])),
    params(("public_id" = String, Path, description = "The image's id, whose slashes need not be encoded")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "Unknown"),
    ),
)]
pub(crate) async fn delete(
    _: Admin<ProductsDelete>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    // An invalid id is a 404, like an unknown one.
    let id: Result<PublicId, _> = path.parse();
    let id = id.map_err(|_| Problem::not_found("image"))?;
    api.images.delete(&id).await?;
    Ok(HttpResponse::NoContent()
        .insert_header(("Cache-Control", "no-store"))
        .finish())
}
