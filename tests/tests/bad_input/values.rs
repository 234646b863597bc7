//! Prices and texts.

use eggypro_tests::{REVIEWS, TestShop, a_category, a_product, a_review};
use serde_json::json;

#[tokio::test]
async fn prices_are_exact_or_refused() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    for price in [
        "1e30",
        "1.005",
        "-0",
        "1e-30",
        "1e999999999",
        "0.001",
        "99999999999999999999999999999999",
    ] {
        let body = a_product(json!({})).to_string().replace("39.9", price);
        admin
            .post_raw("/api/products", body)
            .await
            .expect_problem(422);
    }
    for (index, (price, shown)) in [
        ("1e2", "100.00"),
        ("0.1", "0.10"),
        ("999999.99", "999999.99"),
        ("0.30", "0.30"),
    ]
    .into_iter()
    .enumerate()
    {
        let body = a_product(json!({ "name": format!("P {index}") }))
            .to_string()
            .replace("39.9", price);
        let created = admin.post_raw("/api/products", body).await.expect(201);
        assert!(
            created.text().contains(&format!("\"price\":{shown},")),
            "{}",
            created.text()
        );
    }
}

#[tokio::test]
async fn texts_have_no_hidden_characters_and_are_normalised() {
    let shop = TestShop::start_with_eggs().await;
    let (admin, anonymous) = (shop.admin(), shop.anonymous());
    for hidden in ["\u{1b}", "\u{b}", "\u{202e}", "\u{200b}", "a\u{200b}b"] {
        let category = a_category(hidden);
        let refused = admin.post("/api/categories", &category).await;
        refused.expect_problem(422);
        let review = a_review(json!({ "reviewer_name": hidden }));
        let refused = anonymous.post(REVIEWS, &review).await;
        refused.expect_problem(422);
    }
    for broken in ["\u{1b}", "\u{b}", "a\u{2028}b"] {
        let ingredients = json!({ "ingredients": ["Egg", broken] });
        let refused = admin.patch("/api/products/eggs", &ingredients).await;
        assert!(refused.expect_problem(422).errors()[0].starts_with("ingredients[1]: "));
    }
    for field in ["description", "details"] {
        let broken = json!({ field: "a\u{1b}[31m" });
        let refused = admin.patch("/api/products/eggs", &broken).await;
        refused.expect_problem(422);
        let lines = json!({ field: "One\r\n\ttwo" });
        let kept = admin.patch("/api/products/eggs", &lines).await.expect(200);
        assert_eq!(kept.json()[field], "One\r\n\ttwo");
    }
    let apart =
        json!({ "description": "Cafe\u{301}", "ingredients": ["Crème bru\u{302}le\u{301}e"] });
    let kept = admin
        .patch("/api/products/eggs", &apart)
        .await
        .expect(200)
        .json();
    assert_eq!(kept["description"], "Café");
    assert_eq!(kept["ingredients"], json!(["Crème brûlée"]));
    for parameter in ["search=Cafe%CC%81", "search=caf%C3%A9"] {
        let found = anonymous.get(&format!("/api/products?{parameter}")).await;
        assert_eq!(found.names().len(), 1, "{parameter}");
    }
}
