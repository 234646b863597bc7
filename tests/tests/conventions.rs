//! Conventions of all calls: request ids, problems, CORS, conditional reads, compression, methods.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::io::Read;

use eggypro_tests::{Answer, ORIGIN, TestShop};
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

#[tokio::test]
async fn conditional_reads_answer_304_without_a_body() {
    let shop = shop_with_a_long_product().await;
    for path in [
        PRODUCT,
        "/api/products",
        "/api/products/search?q=egg",
        "/api/categories",
        "/api/openapi.json",
        "/api/docs",
    ] {
        let first = shop.anonymous().get(path).await.expect(200);
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{path}: {tag}");
        for known in [
            tag.clone(),
            format!("\"x\", {tag}"),
            format!("W/{tag}"),
            "*".to_owned(),
        ] {
            let again = get_with(&shop, path, &[("If-None-Match", &known)])
                .await
                .expect(304);
            assert!(again.bytes.is_empty());
            assert_eq!(again.header("etag"), tag);
            assert_eq!(again.header("vary"), first.header("vary"));
            assert_eq!(
                again.header("cache-control"),
                "public, max-age=0, must-revalidate"
            );
        }
        get_with(&shop, path, &[("If-None-Match", "\"x\"")])
            .await
            .expect(200);
        get_with(&shop, path, &[("If-None-Match", "garbage")])
            .await
            .expect_problem(400);
    }
    let tag = shop
        .anonymous()
        .get(PRODUCT)
        .await
        .header("etag")
        .to_owned();
    shop.admin()
        .patch(PRODUCT, &json!({ "price": 1 }))
        .await
        .expect(200);
    get_with(&shop, PRODUCT, &[("If-None-Match", &tag)])
        .await
        .expect(200);
}

#[tokio::test]
async fn each_encoding_has_its_own_tag() {
    let shop = shop_with_a_long_product().await;
    let plain = shop.anonymous().get(PRODUCT).await.expect(200);
    assert!(plain.header("vary").contains("Accept-Encoding"));
    assert_eq!(plain.header("content-encoding"), "");
    let tag = plain.header("etag").trim_end_matches('"').to_owned();
    for (accepted, encoding) in [
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip", "gzip"),
        ("gzip;q=0.5, br;q=0.1", "gzip"),
        ("br, x", "br"),
    ] {
        let packed = get_with(&shop, PRODUCT, &[("Accept-Encoding", accepted)])
            .await
            .expect(200);
        assert_eq!(packed.header("content-encoding"), encoding);
        assert_eq!(packed.header("etag"), format!("{tag}-{encoding}\""));
        assert!(packed.bytes.len() < plain.bytes.len() / 3);
        assert_eq!(unpacked(encoding, &packed.bytes), plain.bytes);
        let known = [
            ("Accept-Encoding", accepted),
            ("If-None-Match", packed.header("etag")),
        ];
        get_with(&shop, PRODUCT, &known).await.expect(304);
        let other_form = [
            ("Accept-Encoding", accepted),
            ("If-None-Match", plain.header("etag")),
        ];
        get_with(&shop, PRODUCT, &other_form).await.expect(200);
        // The tag of any encoding names the state.
        let admin = shop.admin();
        let stale = admin
            .request("PATCH", PRODUCT)
            .header("If-Match", format!("\"1-99-{encoding}\""));
        admin.send(stale.json(&json!({}))).await.expect_problem(412);
    }
    for refused in ["identity", "deflate", "br;q=0", ""] {
        let answer = get_with(&shop, PRODUCT, &[("Accept-Encoding", refused)])
            .await
            .expect(200);
        assert_eq!(answer.header("content-encoding"), "");
    }
}

fn unpacked(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut plain = vec![];
    match encoding {
        "br" => brotli::BrotliDecompress(&mut &*bytes, &mut plain).unwrap(),
        "zstd" => plain = zstd::decode_all(bytes).unwrap(),
        _ => {
            flate2::read::GzDecoder::new(bytes)
                .read_to_end(&mut plain)
                .unwrap();
        }
    }
    plain
}

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
         traceparent, tracestate, baggage, sentry-trace"
    );
    assert_eq!(allowed.header("access-control-max-age"), "86400");
    let refused = preflight("https://evil.example").await;
    assert_eq!(refused.header("access-control-allow-origin"), "");
    assert!(refused.header("vary").contains("Origin"));
}

#[tokio::test]
async fn a_write_with_a_wrong_tag_gets_412_with_the_current_one() {
    let shop = TestShop::start().await;
    let product = shop.create_product(json!({ "name": "Eggs" })).await;
    let (id, admin) = (product["id"].as_i64().unwrap(), shop.admin());
    let write = async |method: &str, tag: &str| {
        let request = admin
            .request(method, "/api/products/eggs")
            .header("If-Match", tag);
        admin
            .send(request.json(&json!({})))
            .await
            .expect_problem(412)
            .json()
    };
    for (method, path) in [("PATCH", ""), ("DELETE", ""), ("DELETE", "?permanent=true")] {
        let request = admin.request(method, &format!("/api/products/eggs{path}"));
        let request = request.header("If-Match", format!("\"{id}-99\""));
        let problem = admin
            .send(request.json(&json!({})))
            .await
            .expect_problem(412)
            .json();
        assert_eq!(problem["current_etag"], format!("\"{id}-1\""));
        assert_eq!(problem["current_version"], 1);
        assert!(problem["detail"].as_str().unwrap().contains("has changed"));
    }
    // nginx, HAProxy and Varnish weaken the tags of answers that they compress or decompress.
    let weak = write("PATCH", &format!("W/\"{id}-1\"")).await;
    assert_eq!(weak["current_etag"], format!("\"{id}-1\""));
    let detail = weak["detail"].as_str().unwrap();
    assert!(
        detail.contains("weak tag") && detail.contains("without W/"),
        "{detail}"
    );
    assert!(!detail.contains("has changed"), "{detail}");
    let packed = write("PATCH", &format!("\"1-99\", W/\"{id}-1-gzip\"")).await;
    assert_eq!(packed["detail"], weak["detail"]);
    // Another version, and version 1 of another product that had this slug.
    for seen in [format!("{id}-0"), format!("{}-1", id + 1)] {
        let stale = write("PATCH", &format!("W/\"{seen}\"")).await;
        let detail = stale["detail"].as_str().unwrap();
        assert!(
            detail.contains("weak tag") && detail.contains("has changed"),
            "{detail}"
        );
    }
    let strong = admin.request("PATCH", "/api/products/eggs");
    let strong = strong.header("If-Match", weak["current_etag"].as_str().unwrap());
    admin.send(strong.json(&json!({}))).await.expect(200);
}

#[tokio::test]
async fn tags_with_the_suffix_of_apache_are_recognised() {
    let shop = TestShop::start().await;
    let small = get_with(&shop, "/api/categories", &[("Accept-Encoding", "gzip")])
        .await
        .expect(200);
    assert_eq!(small.header("content-encoding"), "");
    let tag = small.header("etag").trim_matches('"').to_owned();
    for (encoding, accepted) in [
        ("gzip", "gzip"),
        ("br", "gzip, br"),
        ("gzip", "br, gzip;q=0.5"),
    ] {
        let known = format!("\"{tag}-{encoding}\"");
        let again = [
            ("Accept-Encoding", accepted),
            ("If-None-Match", known.as_str()),
        ];
        get_with(&shop, "/api/categories", &again).await.expect(304);
        // A 304 would make a cache send these bytes to a client that does not accept their encoding.
        for refused in ["zstd", "identity", &format!("{encoding};q=0")] {
            let other = [
                ("Accept-Encoding", refused),
                ("If-None-Match", known.as_str()),
            ];
            get_with(&shop, "/api/categories", &other).await.expect(200);
        }
        let plain = [("If-None-Match", known.as_str())];
        get_with(&shop, "/api/categories", &plain).await.expect(200);
    }
}

#[tokio::test]
async fn answers_from_200_bytes_are_compressed() {
    let shop = TestShop::start().await;
    shop.create_product(json!({ "name": "Eggs" })).await;
    let plain = get_with(&shop, "/api/products/eggs", &[]).await.expect(200);
    assert!(
        (200..1_000).contains(&plain.bytes.len()),
        "{}",
        plain.bytes.len()
    );
    let packed = get_with(&shop, "/api/products/eggs", &[("Accept-Encoding", "gzip")]).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.bytes.len() < plain.bytes.len());
}
