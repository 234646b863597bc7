use actix_web::{HttpRequest, HttpResponse, web};

use super::body::{FreshKeyBody, KeyInput, read_input};
use super::fresh;
use crate::message::document::Document;
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{self, Admin, KeysManage};
use crate::state::Api;

/// Make an API key
///
/// For a person or a program. The answer has the whole key, which is shown this once.
#[utoipa::path(
    post,
    path = "/api/keys",
    tag = "keys",
    operation_id = "createKey",
    security(("admin" = ["keys:manage"])),
    request_body = KeyInput,
    responses((status = 201, description = "The key with its secret", body = FreshKeyBody)),
)]
pub(crate) async fn create(
    _: Admin<KeysManage>,
    request: HttpRequest,
    body: JsonBody,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let new = read_input(body.fields()?)?;
    for permission in &new.permissions {
        permissions::require(&request, *permission)?;
    }
    let fresh = fresh()?;
    let key = api.keys.create(&fresh.id, fresh.digest, new).await?;
    Document::json(&FreshKeyBody::of(&key, &fresh.text))?
        .respond_to_write(HttpResponse::Created().finish(), &request)
        .await
}
