//! Going through twenty reviews.

use serde_json::json;

use super::browser::Width;
use super::{Desk, at_both_widths};

/// What is decided, in this order, with the key and the button of each.
const DECISIONS: [(&str, char); 3] = [("Publish", 'y'), ("Delete", 'n'), ("Later", 'l')];

/// Decides of the review that is shown: by its key on a laptop, by its button on a phone.
async fn decide(desk: &Desk, name: &str) {
    let (_, key) = DECISIONS.iter().find(|(other, _)| *other == name).unwrap();
    match desk.width {
        Width::Laptop => desk.press_keys(&key.to_string()).await,
        Width::Phone => desk.click("button", name, false).await,
    }
}

#[tokio::test]
async fn twenty_reviews_are_read() {
    at_both_widths("reviews", async |desk| {
        desk.shop.create_product(json!({ "name": "Eggs" })).await;
        for number in 1..=20 {
            let review = json!({
                "reviewer_name": format!("Reader {number:02}"), "rating": number % 5 + 1,
                "comment": format!("Comment {number:02}: mixes well."),
            });
            let path = "/api/products/eggs/reviews";
            desk.shop.anonymous().post(path, &review).await.expect(201);
        }
        desk.sign_in().await;
        desk.open("Reviews").await;
        desk.sees("20 reviews waiting").await;
        desk.look("waiting").await;
        // The first one is looked at again at the end, and a deletion is taken back.
        decide(desk, "Later").await;
        decide_of_the_next(desk, "Delete", 19).await;
        desk.click("button", "Undo", false).await;
        desk.sees("20 reviews waiting").await;
        for left in (15..20).rev() {
            decide_of_the_next(desk, "Delete", left).await;
        }
        for left in (1..15).rev() {
            decide_of_the_next(desk, "Publish", left).await;
        }
        desk.look("last").await;
        decide(desk, "Publish").await;
        desk.sees("All reviews are read").await;
        desk.look("read").await;
        // Deletions are held back for some seconds, or until the page is left.
        desk.open("Products").await;
        expect_published(desk, 15).await;
    })
    .await;
}

/// Decides of a review, and waits until so many are left.
async fn decide_of_the_next(desk: &Desk, name: &str, left: usize) {
    decide(desk, name).await;
    let text = if left == 1 {
        "1 review waiting".into()
    } else {
        format!("{left} reviews waiting")
    };
    desk.sees(&text).await;
}

/// Waits until so many reviews are published, and none waits.
async fn expect_published(desk: &Desk, count: usize) {
    let admin = desk.shop.admin();
    let number = async |query: &str| {
        let path = format!("/api/reviews?{query}&limit=100");
        let page = admin.get(&path).await.expect(200).json();
        page["data"].as_array().unwrap().len()
    };
    desk.until("the decisions in the shop", async || {
        let counts = (
            number("verified=true").await,
            number("verified=false").await,
        );
        (counts == (count, 0)).then_some(())
    })
    .await;
}
