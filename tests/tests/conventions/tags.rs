//! Conditional reads and writes.

use super::*;

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
