use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::{Review, Reviews, Verified};
use crate::Call;
use crate::operation as op;
use crate::page::{Items, Page, Pages};
use crate::request::{Query, Request};
use crate::text_enum::text_enum;

/// A review with its product, as moderators see it. It dereferences to the review.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ModeratedReview {
    /// The review.
    #[serde(flatten)]
    pub review: Review,
    /// Its product.
    pub product: ReviewedProduct,
}

impl Deref for ModeratedReview {
    type Target = Review;

    fn deref(&self) -> &Review {
        &self.review
    }
}

/// The product of a review.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReviewedProduct {
    /// The id.
    pub id: i32,
    /// The name in URLs.
    pub slug: String,
    /// The name.
    pub name: String,
}

/// Which reviews of all products a list contains, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListAllReviews {
    /// Reviews that are not approved by default, the moderation queue.
    pub verified: Option<Verified>,
    /// Of the product with this slug.
    pub product: Option<String>,
    /// Maximum number of reviews of a page: 1 to 100, 20 by default.
    pub limit: Option<u8>,
    /// The number of reviews to leave out before the page; not together with `cursor`.
    pub offset: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl ListAllReviews {
    fn write(&self, query: &mut Query) {
        query
            .add("verified", self.verified.as_ref())
            .add("product", self.product.as_ref())
            .add("limit", self.limit)
            .add("offset", self.offset)
            .add("cursor", self.cursor.as_ref());
    }
}

text_enum! {
    /// What a moderator decides.
    Decision {
        /// The review becomes public.
        Verify = "verify",
        /// The review is no longer public.
        Unverify = "unverify",
        /// The review is removed.
        Delete = "delete",
    }
}

/// The results of decisions, in order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DecisionResults {
    /// The results.
    pub results: Vec<DecisionResult>,
}

/// The result of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DecisionResult {
    /// The id of the review.
    pub id: i64,
    /// 200, 204 if it was removed, 404 if there is no such review.
    pub status: u16,
}

impl Reviews<'_> {
    /// Reads a page of the reviews of all products, the oldest first.
    ///
    /// # Errors
    /// 403 without `reviews:moderate`.
    pub fn queue(&self, list: &ListAllReviews) -> Call<Page<ModeratedReview>> {
        let request = Request::new(&op::LIST_ALL_REVIEWS, &[]);
        Call::json(self.0, request.query(|query| list.write(query)))
    }

    /// Reads the reviews of all products, page by page.
    pub fn queue_all(&self, list: ListAllReviews) -> Items<ModeratedReview> {
        let client = self.0.clone();
        let pages = Pages::new(move |cursor| {
            let mut list = list.clone();
            if cursor.is_some() {
                (list.cursor, list.offset) = (cursor, None);
            }
            client.reviews().queue(&list)
        });
        pages.items()
    }

    /// Approves a review, or withdraws the approval.
    ///
    /// # Errors
    /// 404, 403 without `reviews:moderate`.
    pub fn verify(&self, id: i32, is_verified: bool) -> Call<Review> {
        #[derive(Serialize)]
        struct Body {
            is_verified: bool,
        }
        let request = Request::new(&op::VERIFY_REVIEW, &[&id]);
        Call::json(self.0, request.json(&Body { is_verified }))
    }

    /// Decides about 1 to 100 reviews at once.
    ///
    /// # Errors
    /// 403 without `reviews:moderate`, 422 for too many ids.
    pub fn decide(&self, ids: &[i32], decision: &Decision) -> Call<DecisionResults> {
        #[derive(Serialize)]
        struct Body<'a> {
            ids: &'a [i32],
            decision: &'a Decision,
        }
        let request = Request::new(&op::DECIDE_REVIEWS, &[]);
        Call::json(self.0, request.json(&Body { ids, decision }))
    }

    /// Removes a review.
    ///
    /// # Errors
    /// 404, 403 without `reviews:moderate`.
    pub fn remove(&self, id: i32) -> Call<()> {
        Call::empty(self.0, Request::new(&op::DELETE_REVIEW, &[&id]))
    }
}
