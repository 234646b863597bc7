//! Special addresses: the root, trailing slashes, and former slugs of products.

use eggypro_tests::{Answer, TestShop, User, a_product, a_review};
use serde_json::{Value, json};

/// Sends a request without following redirects.
async fn ask(user: &User, method: &str, path: &str, accept: &str) -> Answer {
    let request = user.request(method, path).header("Accept", accept);
    user.send(request).await
}

#[tokio::test]
async fn the_root_answers_json_or_redirects_browsers() {
    let shop = TestShop::start().await;
    let anonymous = shop.anonymous();
    for accept in ["*/*", "application/json", "text/html;q=0, */*"] {
        let greeting = ask(&anonymous, "GET", "/", accept).await.expect(200);
        let json = greeting.json();
        assert_eq!(json["name"], "EggyPro");
        for document in ["docs", "openapi", "admin"] {
            let address = json[document].as_str().unwrap_or_default();
            let answer = anonymous.get(address).await;
            assert_eq!(answer.status, 200, "{address}");
        }
        assert!(greeting.header("vary").contains("Accept"));
        let request = anonymous
            .request("GET", "/")
            .header("If-None-Match", greeting.header("etag"));
        anonymous.send(request).await.expect(304);
    }
    ask(&anonymous, "HEAD", "/", "*/*").await.expect(200);
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let sent = ask(&anonymous, "GET", "/", browser).await.expect(302);
    assert_eq!(sent.header("location"), "/admin");
    anonymous.post("/", &json!({})).await.expect_problem(405);
    anonymous.get("/?x=1").await.expect_problem(400);
}

#[tokio::test]
async fn the_page_for_staff_is_served_with_its_files() {
    let shop = TestShop::start().await;
    let anonymous = shop.anonymous();
    let page = anonymous.get("/admin").await.expect(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-cache");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    let page = page.text();
    let links = page.split('"').filter(|text| text.starts_with("/admin/"));
    let links: Vec<&str> = links.collect();
    assert!(links.len() > 5, "{page}");
    for link in links {
        let file = anonymous.get(link).await.expect(200);
        assert!(file.header("cache-control").contains("immutable"), "{link}");
        assert_eq!(file.header("content-security-policy"), policy);
        let again = anonymous
            .request("GET", link)
            .header("If-None-Match", file.header("etag"));
        anonymous.send(again).await.expect(304);
    }
    // A page that was loaded before an update goes on.
    let old = anonymous.get("/admin/0123456789ab/main.js").await;
    assert_eq!(old.expect(200).header("cache-control"), "no-cache");
    for unknown in ["/admin/nothing.js", "/admin/%2e%2e/lib.rs", "/administer"] {
        anonymous.get(unknown).await.expect_problem(404);
    }
}

#[tokio::test]
async fn a_trailing_slash_is_redirected() {
    let shop = TestShop::start().await;
    let anonymous = shop.anonymous();
    for (address, without) in [
        ("/api/products/", "/api/products"),
        (
            "/api/products/?limit=2&q=%2F",
            "/api/products?limit=2&q=%2F",
        ),
        ("/api/products/a//", "/api/products/a"),
        ("/api/openapi.json/", "/api/openapi.json"),
        ("/nothing/", "/nothing"),
    ] {
        for method in ["GET", "HEAD", "POST", "DELETE"] {
            let answer = ask(&anonymous, method, address, "*/*").await.expect(308);
            assert_eq!(answer.header("location"), without);
            assert!(!answer.header("x-request-id").is_empty());
        }
    }
    // A redirect to one of these would send a browser to another host.
    for address in [
        "//other.example/",
        "///other.example/",
        "/%5Cother.example/",
        "/.//",
    ] {
        anonymous.get(address).await.expect_problem(404);
    }
}

#[tokio::test]
async fn a_former_slug_redirects_reads() {
    let shop = TestShop::start().await;
    let (admin, anonymous) = (shop.admin(), shop.anonymous());
    shop.create_product(json!({ "name": "First" })).await;
    let rename = async |from: &str, to: &str| {
        let path = format!("/api/products/{from}");
        admin.patch(&path, &json!({ "slug": to })).await.expect(200);
    };
    let leads = async |path: &str| -> Value {
        let answer = ask(&anonymous, "GET", path, "*/*").await;
        match answer.status {
            308 => answer.header("location").into(),
            status => status.into(),
        }
    };
    rename("first", "second").await;
    assert_eq!(leads("/api/products/first").await, "/api/products/second");
    rename("second", "third").await;
    for _ in 0..2 {
        assert_eq!(leads("/api/products/first").await, "/api/products/third");
        assert_eq!(leads("/api/products/second").await, "/api/products/third");
    }
    assert_eq!(
        leads("/api/products/first/reviews?limit=2&sort=oldest").await,
        "/api/products/third/reviews?limit=2&sort=oldest"
    );
    let review = a_review(json!({}));
    let answer = anonymous.post("/api/products/first/reviews", &review).await;
    assert_eq!(
        answer.expect(308).header("location"),
        "/api/products/third/reviews"
    );
    // A write to a former slug may mean another product, so it is not redirected.
    let change = json!({ "price": 5 });
    admin
        .patch("/api/products/first", &change)
        .await
        .expect_problem(404);
    admin
        .delete("/api/products/first")
        .await
        .expect_problem(404);
    admin
        .delete("/api/products/first?permanent=true")
        .await
        .expect_problem(404);
    anonymous
        .patch("/api/products/first", &change)
        .await
        .expect_problem(401);
    assert_eq!(leads("/api/products/first?x=1").await, 400);

    // Redirects to a hidden product are only for administrators.
    admin.delete("/api/products/third").await.expect(204);
    assert_eq!(leads("/api/products/second").await, 404);
    assert_eq!(leads("/api/products/third").await, 404);
    admin.get("/api/products/third").await.expect(200);
    let led = admin.get("/api/products/first").await.expect(308);
    assert_eq!(led.header("location"), "/api/products/third");
    admin
        .patch("/api/products/third", &json!({ "is_active": true }))
        .await
        .expect(200);

    // Another product takes a former slug.
    let other = a_product(json!({ "name": "First" }));
    admin.post("/api/products", &other).await.expect(201);
    assert_eq!(leads("/api/products/first").await, 200);
    admin
        .delete("/api/products/third?permanent=true")
        .await
        .expect(204);
    assert_eq!(leads("/api/products/second").await, 404);
    rename("first", "second").await;
    assert_eq!(leads("/api/products/first").await, "/api/products/second");
}
