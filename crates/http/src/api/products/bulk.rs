mod body;
mod operation;

use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::products::{Atomicity, Written};

use self::body::{BulkInput, BulkResults, OperationResult, undone};
use self::operation::Operation;
use super::remove_images_after_commit;
use crate::message::document::Document;
use crate::message::fields::Fields;
use crate::message::json_body::LargeJsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::ProductWriter;
use crate::state::Api;

/// The maximum number of operations in a request.
const MAX_OPERATIONS: usize = 500;

/// Make several writes of products
///
/// `atomic` (the default): all or none; if any fails, `results` names every failure. Else each stands for itself. Each
/// operation needs the permission of its single call.
#[utoipa::path(
    post,
    path = "/api/products/bulk",
    tag = "products",
    operation_id = "writeProducts",
    security(("admin" = [])),
    request_body = BulkInput,
    responses(
        (status = 200, description = "What became of each operation, in order", body = BulkResults),
        (status = 403, description = "An operation of an atomic request is not permitted"),
        (status = 409, description = "An operation has failed, so none was made"),
        (status = 413, description = "The body is larger than 5 MiB"),
    ),
)]
pub(crate) async fn bulk(
    _: ProductWriter,
    request: HttpRequest,
    body: LargeJsonBody,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let (atomicity, operations) = read(&request, body.fields()?)?;
    let is_atomic = atomicity == Atomicity::AllOrNothing;
    // If some are invalid, the others are only tried, so that every failure is named.
    let atomicity = match is_atomic && operations.iter().any(Operation::is_invalid) {
        true => Atomicity::Rehearsal,
        false => atomicity,
    };
    let results = make(operations, atomicity, &api).await?;
    if is_atomic && results.iter().any(OperationResult::has_failed) {
        return Err(undone(&results));
    }
    Document::json(&BulkResults { results })?
        .respond_to_write(HttpResponse::Ok().finish(), &request)
        .await
}

/// Reads the operations, each valid or with its problem.
///
/// # Errors
/// 422 if there are too few or too many, 403 if one of an atomic request is not permitted.
fn read(
    request: &HttpRequest,
    mut fields: Fields<'_>,
) -> Result<(Atomicity, Vec<Operation>), Problem> {
    let atomicity = match fields.boolean("atomic").or(true) {
        true => Atomicity::AllOrNothing,
        false => Atomicity::EachForItself,
    };
    let operations = fields.list("operations");
    let operations = fields.require("operations", operations).value();
    match operations.as_ref().map(Vec::len) {
        Some(0) => fields.refuse("operations", "At least one operation is required"),
        Some(count) if count > MAX_OPERATIONS => {
            fields.refuse("operations", "At most 500 operations are allowed");
        }
        _ => {}
    }
    fields.finish()?;
    let operations = operations.into_iter().flatten();
    let operations = operations.map(|json| Operation::read(json, request));
    let operations: Vec<Operation> = operations.collect();
    let is_atomic = atomicity == Atomicity::AllOrNothing;
    match operations.iter().find_map(Operation::lacks_permission) {
        Some(problem) if is_atomic => Err(problem.clone()),
        _ => Ok((atomicity, operations)),
    }
}

/// Makes the valid operations.
async fn make(
    operations: Vec<Operation>,
    atomicity: Atomicity,
    api: &Api,
) -> Result<Vec<OperationResult>, Problem> {
    let valid = operations.iter().filter_map(Operation::valid).collect();
    let made = api.products.write_all(valid, atomicity).await?;
    let has_removed = made.iter().any(|made| matches!(made, Ok(Written::Removed)));
    if has_removed && atomicity != Atomicity::Rehearsal {
        remove_images_after_commit(api).await;
    }
    let mut made = made.into_iter();
    let results = operations.into_iter();
    results
        .map(|operation| operation.result(&mut made))
        .collect()
}
