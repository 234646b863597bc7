use serde_json::{Value, json};

use crate::fixtures::merge;
use crate::{Answer, TestShop};

/// The path of the reviews of the product that [`TestShop::start_with_eggs`] creates.
pub const REVIEWS: &str = "/api/products/eggs/reviews";

/// The body of a valid review, with these fields changed.
pub fn a_review(changes: Value) -> Value {
    let mut review = json!({ "reviewer_name": "Ada", "rating": 5, "comment": "Mixes well." });
    merge(&mut review, changes);
    review
}

impl TestShop {
    /// Posts a review of the product `Eggs` without credentials.
    pub async fn review(&self, changes: Value) -> Answer {
        let review = a_review(changes);
        self.anonymous().post(REVIEWS, &review).await
    }

    /// Approves a review, or withdraws the approval.
    pub async fn verify(&self, id: &Value, is_verified: bool) -> Answer {
        let decision = json!({ "is_verified": is_verified });
        let path = format!("/api/reviews/{id}");
        self.admin().patch(&path, &decision).await
    }

    /// Reads the product `Eggs`.
    pub async fn eggs(&self) -> Value {
        self.anonymous()
            .get("/api/products/eggs")
            .await
            .expect(200)
            .json()
    }
}
