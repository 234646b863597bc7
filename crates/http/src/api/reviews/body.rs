use eggypro_domain::reviews::{NewReview, Review, ReviewPage, ReviewQuery, ReviewedProduct};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::cursor;
use crate::api::products::Pagination;
use crate::message::document::Document;
use crate::message::fields::Fields;
use crate::message::problem::Problem;

/// A review.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Review)]
pub(crate) struct ReviewBody<'a> {
    id: i32,
    product_id: i32,
    #[schema(example = "Ada")]
    reviewer_name: &'a str,
    reviewer_image_url: Option<&'a str>,
    /// Stars, 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    rating: u8,
    comment: &'a str,
    image_url: Option<&'a str>,
    video_url: Option<&'a str>,
    /// Whether a moderator let it through; only then the public sees it and it counts.
    is_verified: bool,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
}

impl<'a> ReviewBody<'a> {
    pub(crate) fn of(review: &'a Review) -> Self {
        Self {
            id: review.id.0,
            product_id: review.product_id.0,
            reviewer_name: &review.reviewer_name,
            reviewer_image_url: review.reviewer_image_url.as_deref(),
            rating: review.rating.get(),
            comment: &review.comment,
            image_url: review.image_url.as_deref(),
            video_url: review.video_url.as_deref(),
            is_verified: review.is_verified,
            created_at: review.created_at,
        }
    }
}

/// One page of the reviews of a product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReviewPage)]
pub(crate) struct ReviewPageBody<'a> {
    data: Vec<ReviewBody<'a>>,
    pagination: Pagination,
}

/// One page of reviews across products.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ModerationPage)]
pub(crate) struct ModerationPageBody<'a> {
    data: Vec<ModeratedReview<'a>>,
    pagination: Pagination,
}

/// A review with its product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ModeratedReview)]
pub(crate) struct ModeratedReview<'a> {
    #[serde(flatten)]
    review: ReviewBody<'a>,
    product: ReviewedProductBody<'a>,
}

/// What a list of reviews says of a product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReviewedProduct)]
pub(crate) struct ReviewedProductBody<'a> {
    id: i32,
    #[schema(example = "eggypro-vanilla-1kg")]
    slug: &'a str,
    #[schema(example = "EggyPro Vanilla 1kg")]
    name: &'a str,
}

impl<'a> ReviewPageBody<'a> {
    pub(super) fn document(page: &'a ReviewPage, query: &ReviewQuery) -> Result<Document, Problem> {
        let data = page.items.iter().map(|(review, _)| ReviewBody::of(review));
        let data = data.collect();
        document(page, query, |pagination| Self { data, pagination })
    }
}

impl<'a> ModerationPageBody<'a> {
    pub(super) fn document(page: &'a ReviewPage, query: &ReviewQuery) -> Result<Document, Problem> {
        let items = page.items.iter();
        let data = items.map(|(review, product)| ModeratedReview::of(review, product));
        let data = data.collect();
        document(page, query, |pagination| Self { data, pagination })
    }
}

impl<'a> ModeratedReview<'a> {
    pub(crate) fn of(review: &'a Review, product: &'a ReviewedProduct) -> Self {
        Self {
            review: ReviewBody::of(review),
            product: ReviewedProductBody {
                id: product.id.0,
                slug: product.slug.as_str(),
                name: &product.name,
            },
        }
    }
}

fn document<B: Serialize>(
    page: &ReviewPage,
    query: &ReviewQuery,
    body: impl FnOnce(Pagination) -> B,
) -> Result<Document, Problem> {
    let next = page.next.as_ref().map(|next| cursor::encode(next, query));
    let offset = query.start.offset();
    let pagination = Pagination::new(page.total, query.limit, offset, next.clone());
    Ok(Document::json(&body(pagination))?.followed_by(next))
}

/// A review to be made.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `read_input` reads")]
pub(crate) struct ReviewInput {
    /// Not blank.
    #[schema(min_length = 1, max_length = 255, example = "Ada")]
    reviewer_name: String,
    /// An absolute http or https URL.
    #[schema(required = false, max_length = 255)]
    reviewer_image_url: Option<String>,
    /// Stars.
    #[schema(minimum = 1, maximum = 5, example = 5)]
    rating: i32,
    /// Not blank.
    #[schema(min_length = 1, max_length = 5_000)]
    comment: String,
    /// An absolute http or https URL.
    #[schema(required = false, max_length = 255)]
    image_url: Option<String>,
    /// An absolute http or https URL.
    #[schema(required = false, max_length = 255)]
    video_url: Option<String>,
}

/// What a moderator decides.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `verify` reads")]
pub(crate) struct ReviewDecision {
    is_verified: bool,
}

/// Reads a review from a body, before validation.
pub(crate) fn read_input(fields: &mut Fields<'_>) -> NewReview {
    let rating = fields.integer("rating");
    let mut trimmed = |name| fields.text(name).or_default().trim().to_owned();
    let (reviewer_name, comment) = (trimmed("reviewer_name"), trimmed("comment"));
    // A missing rating is recorded as an error; 1 stands in for it.
    let rating = fields.require("rating", rating).or(1);
    let mut review = NewReview::new(reviewer_name, rating, comment);
    review.reviewer_image_url = fields.text("reviewer_image_url").value();
    review.image_url = fields.text("image_url").value();
    review.video_url = fields.text("video_url").value();
    review
}
