//! Conventions of all calls: request ids, problems, CORS, conditional reads, compression, methods.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod compression;
mod cors;
mod methods;
mod tags;

use eggypro_tests::{Answer, TestShop};
use serde_json::json;

const PRODUCT: &str = "/api/products/eggypro-vanilla-1kg";

async fn shop_with_a_long_product() -> TestShop {
    let shop = TestShop::start().await;
    shop.create_product(json!({ "details": "Egg white protein, whipped. ".repeat(100) }))
        .await;
    shop
}

async fn get_with(shop: &TestShop, path: &str, headers: &[(&str, &str)]) -> Answer {
    let user = shop.anonymous();
    let request = headers
        .iter()
        .fold(user.request("GET", path), |request, (name, value)| {
            request.header(*name, *value)
        });
    user.send(request).await
}

#[tokio::test]
async fn every_answer_has_a_request_id() {
    let shop = TestShop::start().await;
    let of =
        async |id: &str| get_with(&shop, "/api/products/nothing", &[("X-Request-Id", id)]).await;
    let kept = of("a.B_c-1").await.expect_problem(404);
    assert_eq!(kept.header("x-request-id"), "a.B_c-1");
    for unsound in ["a b", "<script>", "é", &"a".repeat(129)] {
        let made = of(unsound).await.expect_problem(404);
        assert_eq!(made.header("x-request-id").len(), 36);
    }
    assert_eq!(
        shop.anonymous()
            .get("/api/products")
            .await
            .header("x-request-id")
            .len(),
        36
    );
}
