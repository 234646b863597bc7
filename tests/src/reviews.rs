use serde_json::{Value, json};

use crate::fixtures::merge;
use crate::{Answer, TestShop};

/// The reviews of the product that [`TestShop::start_with_eggs`] makes.
pub const REVIEWS: &str = "/api/products/eggs/reviews";

/// The body of a review that keeps every rule, with these fields changed.
pub fn a_review(changes: Value) -> Value {
    let mut review = json!({ "reviewer_name": "Ada", "rating": 5, "comment": "Mixes well." });
    merge(&mut review, changes);
    review
}

impl TestShop {
    /// Sends a review of the product `Eggs`.
    pub async fn review(&self, changes: Value) -> Answer {
        let review = a_review(changes);
        self.anonymous().post(REVIEWS, &review).await
    }

    /// Lets a review through, or takes that back.
    pub async fn verify(&self, id: &Value, is_verified: bool) -> Answer {
        let decision = json!({ "is_verified": is_verified });
        let path = format!("/api/reviews/{id}");
        self.admin().patch(&path, &decision).await
    }

    /// The product `Eggs`.
    pub async fn eggs(&self) -> Value {
        self.anonymous()
            .get("/api/products/eggs")
            .await
            .expect(200)
            .json()
    }
}
