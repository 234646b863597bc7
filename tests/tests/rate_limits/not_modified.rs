//! The cost of a 304.

use super::*;

/// Repeats a conditional read that answers 304, and then unconditional reads until the budget is used up.
async fn a_304_costs_a_tenth(shop: TestShop) {
    let first = get(&shop, "/api/products", "one", "").await.expect(200);
    let user = shop.anonymous();
    let again = || {
        let request = user.request("GET", "/api/products");
        let request = request.header("User-Agent", "one");
        user.send(request.header("If-None-Match", first.header("etag")))
    };
    for _ in 0..40 {
        let known = again().await.expect(304);
        assert_eq!(known.header("ratelimit-remaining"), "9");
    }
    for _ in 0..9 {
        get(&shop, "/api/products", "one", "").await.expect(200);
    }
    get(&shop, "/api/products", "one", "").await.expect(429);
    // A 304 counts in full for the limit of the address.
    let mut refused = 0;
    for agent in ["two", "three", "four", "five", "six"] {
        for _ in 0..10 {
            let answer = get(&shop, "/api/products", agent, "").await;
            refused += u32::from(answer.status == 429);
        }
    }
    assert!(refused > 0);
}

#[tokio::test]
async fn a_304_costs_a_tenth_in_memory() {
    a_304_costs_a_tenth(limited_shop(|_| ()).await).await;
}

#[tokio::test]
async fn a_304_costs_a_tenth_in_redis() {
    let shop = limited_shop(|settings| {
        settings.redis = Some(RedisSettings {
            prefix: testing::prefix(),
            ..RedisSettings::new(testing::url())
        });
    });
    a_304_costs_a_tenth(shop.await).await;
}
