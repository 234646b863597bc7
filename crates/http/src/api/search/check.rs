//! `/api/search/check`.

use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::products::{IndexComparison, IndexMismatch};
use serde::Serialize;
use utoipa::ToSchema;

use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, MetricsRead};
use crate::state::Api;

/// The maximum number of mismatches in an answer.
const MAX_SHOWN: usize = 100;

/// What a comparison of the index with PostgreSQL found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IndexComparison)]
pub(crate) struct ComparisonBody {
    /// The number of products in PostgreSQL.
    #[schema(example = 27)]
    products: u64,
    /// The number of products that differed.
    #[schema(example = 0)]
    mismatches: usize,
    /// The first hundred of them.
    data: Vec<MismatchBody>,
}

/// A product that differed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IndexMismatch)]
struct MismatchBody {
    product_id: i32,
    /// `missing` in the index, `surplus` in it, or `different`.
    #[schema(example = "different")]
    kind: &'static str,
}

impl MismatchBody {
    fn of(mismatch: &IndexMismatch) -> Self {
        Self {
            product_id: mismatch.product.0,
            kind: mismatch.kind.as_str(),
        }
    }
}

impl ComparisonBody {
    fn of(comparison: &IndexComparison) -> Self {
        let mismatches = &comparison.mismatches;
        Self {
            products: comparison.products,
            mismatches: mismatches.len(),
            data: mismatches
                .iter()
                .take(MAX_SHOWN)
                .map(MismatchBody::of)
                .collect(),
        }
    }
}

/// Check the catalogue index
///
/// Compares the index of this server with PostgreSQL, product by product, and replaces in the index what differs. It reads all
/// products, which takes seconds. Servers do the same once an hour.
#[utoipa::path(
    post,
    path = "/api/search/check",
    tag = "metrics",
    operation_id = "checkIndex",
    security(("admin" = ["metrics:read"])),
    responses((status = 200, description = "What differed", body = ComparisonBody)),
)]
pub(crate) async fn check(
    _: Admin<MetricsRead>,
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let comparison = api.index.check().await?;
    Document::json(&ComparisonBody::of(&comparison))?
        .respond_to_write(HttpResponse::Ok().finish(), &request)
        .await
}
