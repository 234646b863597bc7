use actix_web::ResponseError;
use actix_web::http::StatusCode;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::message::problem::{Problem, ProblemBody};

/// Several writes of products.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `read` reads")]
pub(crate) struct BulkInput {
    /// Whether all are made or none.
    #[schema(required = false, default = true)]
    atomic: Option<bool>,
    #[schema(min_items = 1, max_items = 500)]
    operations: Vec<OperationInput>,
}

/// One write of a product.
#[derive(Debug, ToSchema)]
#[schema(as = BulkOperation)]
#[expect(dead_code, reason = "documents what `read` reads")]
struct OperationInput {
    action: ActionName,
    /// Which product; required but for `create`.
    #[schema(
        required = false,
        pattern = "^[a-z0-9-]+$",
        max_length = 255,
        example = "eggypro-vanilla-1kg"
    )]
    slug: Option<String>,
    /// An ETag of the state that is to be changed; not for `create` and `stock`.
    #[schema(required = false, example = "\"7-4\"")]
    if_match: Option<String>,
    /// That of the single call; none for `deactivate` and `remove`.
    #[schema(required = false, value_type = Object)]
    body: Option<serde_json::Value>,
}

/// `POST`, `PUT`, `PATCH`, `DELETE`, `DELETE` with `permanent=true`, and a movement of stock.
#[derive(Debug, ToSchema)]
#[schema(as = BulkAction, rename_all = "lowercase")]
#[expect(dead_code, reason = "documents the names of actions")]
enum ActionName {
    Create,
    Replace,
    Patch,
    Deactivate,
    Remove,
    Stock,
}

/// What became of each operation, in order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkResults)]
pub(super) struct BulkResults {
    pub(super) results: Vec<OperationResult>,
}

/// What became of an operation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkResult)]
pub(crate) struct OperationResult {
    /// That of the single call; 424 if it was not made because another one failed.
    #[schema(example = 200)]
    status: u16,
    #[schema(example = "eggypro-vanilla-1kg")]
    slug: Option<String>,
    /// The tag of the product as it now stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "\"7-4\"", nullable = false)]
    etag: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = ProblemBody<'static>, nullable = false)]
    problem: Option<Box<RawValue>>,
}

impl OperationResult {
    pub(super) fn made(slug: Option<String>, status: StatusCode, etag: Option<String>) -> Self {
        Self {
            status: status.as_u16(),
            slug,
            etag,
            problem: None,
        }
    }

    pub(super) fn unmade(slug: Option<String>) -> Self {
        Self::made(slug, StatusCode::FAILED_DEPENDENCY, None)
    }

    pub(super) fn failed(slug: Option<String>, problem: Problem) -> Self {
        Self {
            problem: problem.as_json(),
            ..Self::made(slug, problem.status_code(), None)
        }
    }

    pub(super) fn has_failed(&self) -> bool {
        self.problem.is_some()
    }
}

/// The problem of operations of which none was made: 422 if all failures are invalid operations, else 409.
pub(super) fn undone(results: &[OperationResult]) -> Problem {
    let failures = || results.iter().filter(|result| result.has_failed());
    let invalid = StatusCode::UNPROCESSABLE_ENTITY;
    let status = match failures().all(|result| result.status == invalid.as_u16()) {
        true => invalid,
        false => StatusCode::CONFLICT,
    };
    let shown: Vec<_> = results
        .iter()
        .map(|result| match result.has_failed() {
            true => serde_json::to_value(result).unwrap_or_default(),
            false => {
                let unmade = OperationResult::unmade(result.slug.clone());
                serde_json::to_value(unmade).unwrap_or_default()
            }
        })
        .collect();
    let detail = format!(
        "{} of {} operations have failed, so none was made.",
        failures().count(),
        results.len()
    );
    Problem::new(status, "operations-failed", detail).with_results(&shown)
}
