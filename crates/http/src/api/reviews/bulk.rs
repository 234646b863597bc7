use std::collections::HashSet;

use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::reviews::{Decision, ReviewId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::message::document::Document;
use crate::message::fields::Fields;
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ReviewsModerate};
use crate::state::Api;

/// The maximum number of reviews in a request.
const MOST_REVIEWS: usize = 100;

/// What a moderator decides of several reviews.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `read_decisions` reads")]
pub(crate) struct BulkDecision {
    /// Which reviews, each once.
    #[schema(min_items = 1, max_items = 100)]
    ids: Vec<i32>,
    decision: DecisionName,
}

/// What is decided.
#[derive(Debug, ToSchema)]
#[schema(as = ReviewDecisionName, rename_all = "lowercase")]
#[expect(dead_code, reason = "documents the names of decisions")]
enum DecisionName {
    Verify,
    Unverify,
    Delete,
}

/// What became of each review, in the order of `ids`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkDecisionResults)]
pub(crate) struct Results {
    results: Vec<DecisionResult>,
}

#[derive(Debug, Serialize, ToSchema)]
struct DecisionResult {
    id: i64,
    /// 200; 204 for one that was removed; 404 where there is no such review.
    #[schema(example = 200)]
    status: u16,
}

/// Decide of several reviews
///
/// All at once: the ratings of their products follow in the same step. A review that does not exist keeps none of the
/// others from being decided.
#[utoipa::path(
    post,
    path = "/api/reviews/bulk",
    tag = "reviews",
    operation_id = "decideReviews",
    security(("admin" = ["reviews:moderate"])),
    request_body = BulkDecision,
    responses((status = 200, description = "What became of each", body = Results)),
)]
pub(crate) async fn decide(
    _: Admin<ReviewsModerate>,
    request: HttpRequest,
    body: JsonBody,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let (ids, decision) = read_decisions(&mut body.fields()?)?;
    let known: Vec<ReviewId> = ids.iter().filter_map(|id| review_id(*id)).collect();
    let mut found = api.reviews.decide(&known, decision).await?.into_iter();
    let results = ids.into_iter().map(|id| DecisionResult {
        id,
        // `found` has results only for numbers that are valid ids.
        status: match review_id(id).and_then(|_| found.next()) {
            Some(true) if decision == Decision::Delete => 204,
            Some(true) => 200,
            _ => 404,
        },
    });
    let results = results.collect();
    Document::json(&Results { results })?
        .respond_to_write(HttpResponse::Ok().finish(), &request)
        .await
}

fn review_id(number: i64) -> Option<ReviewId> {
    number.try_into().ok().map(ReviewId)
}

fn read_decisions(fields: &mut Fields<'_>) -> Result<(Vec<i64>, Decision), Problem> {
    let given = fields.integers("ids");
    let ids = fields.require("ids", given).value();
    if let Some(ids) = &ids {
        let mut seen = HashSet::new();
        if !(1..=MOST_REVIEWS).contains(&ids.len()) {
            fields.refuse("ids", "Ids must be 1 to 100");
        } else if !ids.iter().all(|id| seen.insert(id)) {
            fields.refuse("ids", "Ids must be given once each");
        }
    }
    let given = fields.one_of("decision", &Decision::ALL, Decision::as_str);
    let decision = fields.require("decision", given).value();
    fields.finish()?;
    // `finish` has refused missing fields.
    ids.zip(decision)
        .ok_or_else(|| Problem::unexpected("decisions without ids"))
}
