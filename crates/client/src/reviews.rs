//! Reviews by customers, and their moderation.

mod moderation;

pub use self::moderation::{
    Decision, DecisionResult, DecisionResults, ListAllReviews, ModeratedReview, ReviewedProduct,
};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::operation as op;
use crate::page::{Items, Page, Pages};
use crate::request::{Query, Request};
use crate::text_enum::text_enum;
use crate::{Call, Client};

/// A review of a product.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Review {
    /// The id.
    pub id: i32,
    /// The id of the product.
    pub product_id: i32,
    /// The name of the customer.
    pub reviewer_name: String,
    /// The URL of a picture of the customer.
    pub reviewer_image_url: Option<String>,
    /// 1 to 5 stars.
    pub rating: u8,
    /// The text.
    pub comment: String,
    /// The URL of a picture.
    pub image_url: Option<String>,
    /// The URL of a video.
    pub video_url: Option<String>,
    /// Whether a moderator has approved it, so that it is public.
    pub is_verified: bool,
    /// The time of creation.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// A review to submit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewReview {
    /// The name of the customer: 1 to 255 characters.
    pub reviewer_name: String,
    /// 1 to 5 stars.
    pub rating: u8,
    /// 1 to 5 000 characters.
    pub comment: String,
    /// The URL of a picture of the customer.
    pub reviewer_image_url: Option<String>,
    /// The URL of a picture.
    pub image_url: Option<String>,
    /// The URL of a video.
    pub video_url: Option<String>,
}

impl NewReview {
    /// A review without pictures.
    pub fn new(reviewer_name: impl Into<String>, rating: u8, comment: impl Into<String>) -> Self {
        Self {
            reviewer_name: reviewer_name.into(),
            rating,
            comment: comment.into(),
            reviewer_image_url: None,
            image_url: None,
            video_url: None,
        }
    }
}

/// Which reviews of a product a list contains, in which order and from where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListReviews {
    /// With this number of stars.
    pub rating: Option<u8>,
    /// The order; the newest first by default.
    pub sort: Option<SortReviews>,
    /// Verified ones by default. Others need `reviews:moderate`.
    pub verified: Option<Verified>,
    /// Maximum number of reviews of a page: 1 to 100, 20 by default.
    pub limit: Option<u8>,
    /// The number of reviews to leave out before the page; not together with `cursor`.
    pub offset: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

text_enum! {
    /// The order of reviews.
    SortReviews {
        /// The newest first.
        Newest = "newest",
        /// The oldest first.
        Oldest = "oldest",
        /// The most stars first.
        RatingDesc = "rating-desc",
        /// The fewest stars first.
        RatingAsc = "rating-asc",
    }
}

text_enum! {
    /// Whether reviews are approved.
    Verified {
        /// Approved ones.
        Yes = "true",
        /// Those that wait for a moderator, or were refused.
        No = "false",
        /// All.
        All = "all",
    }
}

impl ListReviews {
    fn write(&self, query: &mut Query) {
        query
            .add("rating", self.rating)
            .add("sort", self.sort.as_ref())
            .add("verified", self.verified.as_ref())
            .add("limit", self.limit)
            .add("offset", self.offset)
            .add("cursor", self.cursor.as_ref());
    }
}

/// The calls of reviews. See [`Client::reviews`].
#[derive(Debug, Clone, Copy)]
pub struct Reviews<'a>(pub(crate) &'a Client);

impl Client {
    /// Reviews by customers.
    pub fn reviews(&self) -> Reviews<'_> {
        Reviews(self)
    }
}

impl Reviews<'_> {
    /// Reads a page of the reviews of a product.
    ///
    /// # Errors
    /// 404 if there is no such product, 403 for `verified` without `reviews:moderate`.
    pub fn list(&self, product: &str, list: &ListReviews) -> Call<Page<Review>> {
        let request = Request::new(&op::LIST_REVIEWS, &[&product]);
        Call::json(self.0, request.query(|query| list.write(query)))
    }

    /// Reads the pages of the reviews of a product one after the other.
    pub fn pages(&self, product: &str, list: ListReviews) -> Pages<Page<Review>> {
        let (client, product) = (self.0.clone(), product.to_owned());
        Pages::new(move |cursor| {
            let mut list = list.clone();
            if cursor.is_some() {
                (list.cursor, list.offset) = (cursor, None);
            }
            client.reviews().list(&product, &list)
        })
    }

    /// Reads all reviews of a product, page by page.
    pub fn all(&self, product: &str, list: ListReviews) -> Items<Review> {
        self.pages(product, list).items()
    }

    /// Submits a review, which a moderator has to approve.
    ///
    /// # Errors
    /// 404 if there is no such product, 409 if the same person has submitted the same text within a day, 422 if a field
    /// breaks a rule, 429 after too many reviews from an address.
    pub fn create(&self, product: &str, review: &NewReview) -> Call<Review> {
        let request = Request::new(&op::CREATE_REVIEW, &[&product]);
        Call::json(self.0, request.json(review))
    }
}
