//! Many reviews that are decided at once.

use eggypro_tests::TestShop;
use serde_json::json;

#[tokio::test]
async fn many_reviews_are_decided_at_once() {
    let shop = TestShop::start_with_eggs().await;
    let mut ids = vec![];
    for rating in [1, 5] {
        let fields = json!({ "comment": format!("{rating} stars"), "rating": rating });
        ids.push(shop.review(fields).await.expect(201).json()["id"].clone());
    }
    let admin = shop.admin();
    let decide = async |decision: &str| {
        let ids = json!([ids[1], 4_000_000_000_i64, ids[0], -1]);
        let body = json!({ "ids": ids, "decision": decision });
        let answer = admin.post("/api/reviews/bulk", &body).await.expect(200);
        let results = answer.json()["results"].as_array().unwrap().clone();
        let given = results.iter().map(|result| result["id"].clone());
        assert_eq!(json!(given.collect::<Vec<_>>()), ids);
        let status = results.iter().map(|result| result["status"].clone());
        json!(status.collect::<Vec<_>>())
    };
    assert_eq!(decide("verify").await, json!([200, 404, 200, 404]));
    assert_eq!(shop.eggs().await["rating"]["average"], 3.0);
    assert_eq!(decide("unverify").await, json!([200, 404, 200, 404]));
    assert_eq!(shop.eggs().await["rating"]["count"], 0);
    assert_eq!(decide("delete").await, json!([204, 404, 204, 404]));
    assert_eq!(decide("delete").await, json!([404, 404, 404, 404]));
    for (body, error) in [
        (json!({ "decision": "verify" }), "ids: Ids is required"),
        (json!({ "ids": [1] }), "decision: Decision is required"),
        (
            json!({ "ids": [], "decision": "verify" }),
            "ids: Ids must be 1 to 100",
        ),
        (
            json!({ "ids": [1, 2, 1], "decision": "verify" }),
            "ids: Ids must be given once each",
        ),
        (
            json!({ "ids": [1], "decision": "hide" }),
            "decision: Decision must be one of verify, unverify, delete",
        ),
    ] {
        let refused = admin.post("/api/reviews/bulk", &body).await;
        assert_eq!(refused.expect_problem(422).errors(), [error]);
    }
    let body = json!({ "ids": [1], "decision": "verify" });
    let anonymous = shop.anonymous().post("/api/reviews/bulk", &body).await;
    anonymous.expect_problem(401);
}
