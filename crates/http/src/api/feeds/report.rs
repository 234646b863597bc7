use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::products::{Product, ProductFilter};
use serde::Serialize;
use utoipa::ToSchema;

use super::rules::{self, Finding, Severity};
use crate::api::product_file::{ADMINS, BATCH, matching};
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ProductsRead};
use crate::state::Api;

/// Maximum number of findings in a report.
const MAX_FINDINGS: usize = 1_000;

/// What active products lack for feeds.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct FeedReport {
    /// Those that exclude products first. At most 1000; what is mended makes room for the rest.
    data: Vec<FindingBody>,
    /// How many products were checked.
    checked: usize,
    /// How many of them are left out of the feeds.
    excluded: usize,
    /// Whether there are more findings.
    has_more: bool,
}

/// A rule that a product breaks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FeedFinding)]
struct FindingBody {
    #[schema(example = "eggypro-vanilla-1kg")]
    slug: String,
    #[schema(example = "images")]
    field: &'static str,
    rule: String,
    /// `excluded`: the product is left out of the feeds; `advised`: it would be shown better.
    #[schema(example = "excluded")]
    severity: &'static str,
    /// The feeds that have the rule: `google`, `openai`.
    #[schema(example = json!(["google", "openai"]))]
    feeds: Vec<&'static str>,
}

impl FindingBody {
    fn of(found: Finding, product: &Product) -> Self {
        Self {
            slug: product.slug.to_string(),
            field: found.field,
            rule: found.rule,
            severity: found.severity.as_str(),
            feeds: found.feeds.iter().map(|feed| feed.as_str()).collect(),
        }
    }
}

/// Read what products lack for feeds
///
/// Every active product is checked by the rules of Google Merchant Center and OpenAI.
#[utoipa::path(
    get,
    path = "/api/feeds/report",
    tag = "feeds",
    operation_id = "readFeedReport",
    security(("admin" = ["products:read"])),
    responses((status = 200, description = "The findings", body = FeedReport)),
)]
pub(crate) async fn report(
    _: Admin<ProductsRead>,
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let revisions = matching(&api, ProductFilter::default()).await?.revisions;
    let _permit = ADMINS.permit()?;
    let mut report = FeedReport::default();
    let mut advice = vec![];
    for batch in revisions.chunks(BATCH) {
        for product in api.products.read_all(batch).await? {
            report.checked += 1;
            let findings = rules::missing(&product, &api.storefront);
            let (excluded, advised): (Vec<_>, Vec<_>) = findings
                .into_iter()
                .partition(|found| found.severity == Severity::Excluded);
            report.excluded += usize::from(!excluded.is_empty());
            let mut add = |to: &mut Vec<FindingBody>, findings: Vec<Finding>| {
                let room = MAX_FINDINGS - to.len();
                report.has_more |= findings.len() > room;
                let findings = findings.into_iter().take(room);
                to.extend(findings.map(|found| FindingBody::of(found, &product)));
            };
            add(&mut report.data, excluded);
            add(&mut advice, advised);
        }
    }
    let room = MAX_FINDINGS - report.data.len();
    report.has_more |= advice.len() > room;
    report.data.extend(advice.into_iter().take(room));
    Ok(HttpResponse::Ok()
        .insert_header((actix_web::http::header::CACHE_CONTROL, "no-store"))
        .json(report))
}
