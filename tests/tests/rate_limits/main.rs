//! Rate limits of requests and of wrong credentials.

mod addresses;
mod guesses;
mod not_modified;

use std::time::{Duration, Instant};

use eggypro_redis::testing;
use eggypro_server::{RedisSettings, ShopSettings};
use eggypro_tests::{Answer, TestShop};
use futures_util::future::join_all;

async fn limited_shop(change: impl FnOnce(&mut ShopSettings)) -> TestShop {
    let strictly = |settings: &mut ShopSettings| {
        settings.rates.max_requests = 10;
        // The window does not end while a test runs.
        settings.rates.window = Duration::from_secs(1_000_000_000);
        settings.rates.max_wrong_credentials = 5;
        settings.rates.wrong_credentials_window = Duration::from_secs(1_000_000_000);
        change(settings);
    };
    TestShop::start_with(strictly).await
}

/// Sends a GET with this `User-Agent` and `X-Forwarded-For`.
async fn get(shop: &TestShop, path: &str, agent: &str, forwarded_for: &str) -> Answer {
    let user = shop.anonymous();
    let request = user.request("GET", path).header("User-Agent", agent);
    user.send(request.header("X-Forwarded-For", forwarded_for))
        .await
}

fn statuses(answers: &[Answer], status: u16) -> usize {
    answers
        .iter()
        .filter(|answer| answer.status == status)
        .count()
}

#[tokio::test]
async fn a_client_has_a_budget_and_rate_limit_headers() {
    let shop = limited_shop(|_| ()).await;
    for left in (0..10).rev() {
        let answer = get(&shop, "/api/products", "one", "").await.expect(200);
        assert_eq!(answer.header("ratelimit-limit"), "10");
        assert_eq!(answer.header("ratelimit-remaining"), left.to_string());
        let reset: u64 = answer.header("ratelimit-reset").parse().unwrap();
        assert!((1..=1_000_000_000).contains(&reset));
    }
    for path in ["/api/products", "/api/products/nothing", "/api/nothing"] {
        let refused = get(&shop, path, "one", "").await.expect_problem(429);
        assert_eq!(refused.header("ratelimit-remaining"), "0");
        assert_eq!(
            refused.header("retry-after"),
            refused.header("ratelimit-reset")
        );
        assert_eq!(refused.header("x-content-type-options"), "nosniff");
    }
    get(&shop, "/api/products", "another", "").await.expect(200);
    // Probes of orchestrators and calls of administrators are not counted. Documents and health have limits of their own.
    for path in ["/api/health/live", "/api/health/ready"] {
        let free = get(&shop, path, "one", "").await.expect(200);
        assert_eq!(free.header("ratelimit-limit"), "");
    }
    for (path, limit) in [
        ("/api/health", "3000"),
        ("/api/docs", "300"),
        ("/api/openapi.json", "300"),
    ] {
        let open = get(&shop, path, "one", "").await.expect(200);
        assert_eq!(open.header("ratelimit-limit"), limit);
    }
    for _ in 0..20 {
        let admin = shop.admin();
        let request = admin
            .request("GET", "/api/products")
            .header("User-Agent", "one");
        let free = admin.send(request).await.expect(200);
        assert_eq!(free.header("ratelimit-limit"), "");
    }
}

#[tokio::test]
async fn refusals_are_delayed() {
    let shop = limited_shop(|settings| settings.rates.max_requests = 1).await;
    // The first path is answered by a handler, the second from the cache.
    for path in ["/api/nothing", "/api/products"] {
        get(&shop, "/api/products", path, "").await.expect(200);
        for _ in 0..3 {
            let asked = Instant::now();
            get(&shop, path, path, "").await.expect_problem(429);
            assert!(asked.elapsed() >= Duration::from_millis(100));
        }
    }
    let behind = limited_shop(|settings| {
        settings.rates.max_requests = 1;
        settings.http.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    });
    let behind = behind.await;
    get(&behind, "/api/products", "one", "192.0.2.1")
        .await
        .expect(200);
    let asked = Instant::now();
    for _ in 0..30 {
        let refused = get(&behind, "/api/products", "one", "192.0.2.1").await;
        refused.expect_problem(429);
    }
    assert!(
        asked.elapsed() < Duration::from_millis(30 * 100),
        "a proxy waits"
    );
}

#[tokio::test]
async fn documents_and_health_have_their_own_limits() {
    let shop = limited_shop(|settings| {
        settings.rates.max_documents = 3;
        settings.rates.max_open_reads = 1;
    });
    let shop = shop.await;
    let paths = [
        "/api/docs",
        "/api/docs/swagger-ui.css",
        "/api/openapi.json",
        "/api/health",
    ];
    for (number, path) in paths.into_iter().enumerate() {
        let agent = number.to_string();
        get(&shop, path, &agent, "").await.expect(200);
    }
    for path in paths {
        let refused = get(&shop, path, "one", "").await.expect_problem(429);
        assert_ne!(refused.header("retry-after"), "");
    }
    get(&shop, "/api/health/live", "one", "").await.expect(200);
    get(&shop, "/api/health/ready", "one", "").await.expect(200);
    get(&shop, "/api/products", "one", "").await.expect(200);
}

#[tokio::test]
async fn two_servers_share_one_budget_in_redis() {
    let redis = RedisSettings {
        prefix: testing::prefix(),
        // The machine may be busy with other tests.
        timeout: Duration::from_secs(5),
        ..RedisSettings::new(testing::url())
    };
    let shared = |settings: &mut ShopSettings| settings.redis = Some(redis.clone());
    let (one, other) = (limited_shop(shared).await, limited_shop(shared).await);
    let calls = (0..14).map(|number| {
        get(
            if number % 2 == 0 { &one } else { &other },
            "/api/products",
            "one",
            "",
        )
    });
    let answers = join_all(calls).await;
    assert_eq!((statuses(&answers, 200), statuses(&answers, 429)), (10, 4));
}
