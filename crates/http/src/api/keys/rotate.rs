use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::keys::KeyError;

use super::body::{FreshKeyBody, Rotation, read_overlap};
use super::{fresh, id_of};
use crate::message::document::Document;
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{self, Admin, KeysManage};
use crate::state::Api;

/// Rotate an API key
///
/// Makes another key with the same name, permissions and end; the old one ends after the overlap. Both are the same caller: a
/// request that is repeated with the new key under its `Idempotency-Key` gets the first answer. If a key may have leaked, revoke
/// it and create a new one: until it ends, its holder can repeat requests of the new key and read their answers. Nobody gives a
/// permission that they lack.
#[utoipa::path(
    post,
    path = "/api/keys/{id}/rotate",
    tag = "keys",
    operation_id = "rotateKey",
    security(("admin" = ["keys:manage"])),
    params(("id" = String, Path, description = "The key's id")),
    request_body = Rotation,
    responses(
        (status = 201, description = "The new key with its secret", body = FreshKeyBody),
        (status = 404, description = "No key of this id"),
        (status = 409, description = "The key has ended"),
    ),
)]
pub(crate) async fn rotate(
    _: Admin<KeysManage>,
    request: HttpRequest,
    path: web::Path<String>,
    body: JsonBody,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let overlap = read_overlap(body.fields()?)?;
    let id = id_of(&path)?;
    let (old, _) = api.keys.find(&id).await?.ok_or(KeyError::NotFound)?;
    for permission in &old.permissions {
        permissions::require(&request, *permission)?;
    }
    let fresh = fresh()?;
    let overlap = Duration::from_secs(overlap);
    let rotated = api.keys.rotate(&id, &fresh.id, fresh.digest, overlap).await;
    let key = rotated?;
    Document::json(&FreshKeyBody::of(&key, &fresh.text))?
        .respond_to_write(HttpResponse::Created().finish(), &request)
        .await
}
