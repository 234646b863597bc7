//! CORS.

use eggypro_tests::ORIGIN;

use super::*;

#[tokio::test]
async fn pages_of_configured_origins_may_call() {
    let shop = TestShop::start().await;
    for (path, status) in [
        ("/api/products", 200),
        ("/api/products/nothing", 404),
        ("/nothing", 404),
        ("/api/products?x=1", 400),
    ] {
        let answer = get_with(&shop, path, &[("Origin", ORIGIN)])
            .await
            .expect(status);
        assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
        assert!(
            answer
                .header("access-control-expose-headers")
                .contains("ETag, Location, Link, Retry-After, X-Request-Id")
        );
        assert!(answer.header("vary").contains("Origin"));
        let foreign = get_with(&shop, path, &[("Origin", "https://evil.example")])
            .await
            .expect(status);
        assert_eq!(foreign.header("access-control-allow-origin"), "");
        assert!(foreign.header("vary").contains("Origin"));
    }
    let preflight = async |origin: &str| {
        let user = shop.anonymous();
        let request = user.request("OPTIONS", PRODUCT).header("Origin", origin);
        user.send(request.header("Access-Control-Request-Method", "PATCH"))
            .await
            .expect(204)
    };
    let allowed = preflight(ORIGIN).await;
    assert_eq!(allowed.header("access-control-allow-origin"), ORIGIN);
    assert_eq!(
        allowed.header("access-control-allow-methods"),
        "GET, POST, PUT, PATCH, DELETE, OPTIONS"
    );
    assert_eq!(
        allowed.header("access-control-allow-headers"),
        "Content-Type, Authorization, If-Match, If-None-Match, Idempotency-Key, X-Request-Id, Cache-Control, \
         traceparent, tracestate, baggage, sentry-trace, UCP-Agent, MCP-Protocol-Version, Mcp-Method, Mcp-Name, \
         Mcp-Session-Id, Last-Event-ID"
    );
    assert_eq!(allowed.header("access-control-max-age"), "86400");
    let refused = preflight("https://evil.example").await;
    assert_eq!(refused.header("access-control-allow-origin"), "");
    assert!(refused.header("vary").contains("Origin"));
}
