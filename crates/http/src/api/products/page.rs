use eggypro_domain::Slug;
use eggypro_domain::products::{MAX_OFFSET, PageSize, Start, Total};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::message::cursor::INVALID;
use crate::message::query::Query;

/// Which page of a list or a search, and what of its products.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "documents what the functions `read_query` of lists and searches read"
)]
pub(crate) struct PageParameters {
    /// How many a page has at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// How many to skip; beyond 10 000 use `cursor`.
    #[param(minimum = 0, maximum = 10_000, default = 0)]
    offset: Option<u32>,
    /// The `next_cursor` of a page with the same text, sort and filters; not together with `offset`.
    cursor: Option<String>,
    /// Facets to count, each of which ignores its own filter: some of `category`, `price`,
    /// `rating`, `stock`, `diet` and `allergen`.
    #[param(style = Form, explode = false)]
    facets: Option<Vec<String>>,
    /// Answer with these members of products alone.
    #[param(style = Form, explode = false)]
    fields: Option<Vec<String>>,
}

/// Where a page stands in its list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Pagination {
    /// How many there are in the whole list. Lists of reviews and changes count to 10 000 at most.
    #[schema(example = 137)]
    total: u32,
    /// `exact`, or `at_least` if counting stopped.
    #[schema(example = "exact")]
    total_precision: &'static str,
    #[schema(example = 20)]
    limit: u32,
    offset: u32,
    /// The `cursor` of the next page; null on the last one.
    next_cursor: Option<String>,
}

impl Pagination {
    pub(crate) fn new(
        total: Total,
        limit: PageSize,
        offset: u32,
        next_cursor: Option<String>,
    ) -> Self {
        let (total, total_precision) = match total {
            Total::Exactly(total) => (total, "exact"),
            Total::AtLeast(total) => (total, "at_least"),
        };
        Self {
            total,
            total_precision,
            limit: limit.get(),
            offset,
            next_cursor,
        }
    }
}

pub(crate) fn read_limit(query: &mut Query<'_>) -> PageSize {
    let limit = query.read("limit", |text| {
        let size = text.parse::<u32>().ok();
        let size = size.and_then(|size| PageSize::try_from(size).ok());
        size.ok_or("must be a whole number from 1 to 100")
    });
    limit.unwrap_or_default()
}

/// Reads the start of a page: an offset, or a cursor, which `decode` reads.
pub(crate) fn read_start<C>(
    query: &mut Query<'_>,
    decode: impl FnOnce(&str) -> Option<C>,
) -> Start<C> {
    let offset = query.read("offset", |text| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse::<u32>() {
            Ok(offset) if offset <= MAX_OFFSET => Ok(offset),
            // Includes numbers that are too large for an integer.
            _ if is_number => Err(format!(
                "must be at most {MAX_OFFSET}; use the cursor of the page before to go further"
            )),
            _ => Err("must be a whole number from 0".to_owned()),
        }
    });
    let after = query.read("cursor", |text| decode(text).ok_or(INVALID));
    if query.is_given("cursor") && query.is_given("offset") {
        query.refuse("cursor", "can't be used together with offset");
    }
    after.map_or(Start::Offset(offset.unwrap_or(0)), Start::After)
}

/// Reads a slug from a query parameter.
pub(crate) fn slug(text: &str) -> Result<Slug, &'static str> {
    let slug = text.parse();
    slug.map_err(|_| "must be a slug: small letters, digits and hyphens")
}
