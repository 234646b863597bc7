//! HEAD, and methods that an address does not know.

use super::*;

#[tokio::test]
async fn head_answers_like_get_without_the_body() {
    let shop = shop_with_a_long_product().await;
    for path in [
        PRODUCT,
        "/api/products",
        "/api/categories",
        "/api/openapi.json",
        "/api/health/live",
        "/api/docs",
    ] {
        let get = shop.anonymous().get(path).await.expect(200);
        let head = shop
            .anonymous()
            .send(shop.anonymous().request("HEAD", path))
            .await
            .expect(200);
        assert!(head.bytes.is_empty());
        for header in [
            "etag",
            "content-type",
            "vary",
            "cache-control",
            "content-length",
        ] {
            assert_eq!(
                head.header(header),
                get.header(header),
                "{header} of {path}"
            );
        }
    }
    let missing = shop
        .anonymous()
        .send(shop.anonymous().request("HEAD", "/api/products/nothing"))
        .await
        .expect(404);
    assert!(missing.bytes.is_empty());
}

#[tokio::test]
async fn unknown_methods_get_405_with_allow() {
    let shop = TestShop::start().await;
    for (path, method, allowed) in [
        ("/api/products", "PUT", "GET, HEAD, POST"),
        ("/api/products/search", "POST", "GET, HEAD"),
        ("/api/products/x", "POST", "GET, HEAD, PUT, PATCH, DELETE"),
        ("/api/categories", "DELETE", "GET, HEAD, POST"),
        ("/api/categories/x", "PATCH", "GET, HEAD, PUT, DELETE"),
        ("/api/openapi.json", "POST", "GET, HEAD"),
        ("/api/products", "OPTIONS", "GET, HEAD, POST"),
        ("/api/products", "BREW", "GET, HEAD, POST"),
    ] {
        let refused = shop
            .admin()
            .send(shop.admin().request(method, path))
            .await
            .expect_problem(405);
        assert_eq!(refused.header("allow"), allowed, "{method} {path}");
    }
}
