//! Invalid input: it is refused with a clear message, never with a 500, and nothing is stored.

use eggypro_tests::{REVIEWS, TestShop, a_category, a_product, a_review};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn bodies_that_are_not_json_are_refused() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    for body in [
        "",
        "{",
        "nonsense",
        "{\"name\": }",
        "{\"name\": \"a\",}",
        "{'name': 1}",
        "NaN",
    ] {
        admin
            .post_raw("/api/products", body)
            .await
            .expect_problem(400);
    }
    admin
        .post_raw("/api/products", b"{\"name\": \"\xff\xfe\"}".to_vec())
        .await
        .expect_problem(400);
    for body in ["[nonsense", "[[[", "5x", &"[".repeat(10_000)] {
        admin
            .post_raw("/api/products", body)
            .await
            .expect_problem(400);
    }
    for body in ["[]", "5", "\"text\"", "null"] {
        admin
            .post_raw("/api/products", body)
            .await
            .expect_problem(422);
    }
    let nested = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let status = admin.post_raw("/api/products", nested.clone()).await.status;
    assert!(matches!(status, 400 | 422), "{status}");
    let inside = format!("{{\"images\": {nested}}}");
    let status = admin.post_raw("/api/products", inside).await.status;
    assert!(matches!(status, 400 | 422), "{status}");
    let twice = admin
        .post_raw("/api/products", "{\"name\": \"A\", \"name\": \"B\"}")
        .await
        .expect_problem(422);
    assert!(
        twice
            .errors()
            .contains(&"name: Name is given twice".to_owned())
    );
    let surrogate = "{\"name\": \"\\ud800\", \"\\ud800\": 1}";
    let status = admin.post_raw("/api/products", surrogate).await.status;
    assert!(matches!(status, 400 | 422), "{status}");
    assert!(
        shop.anonymous()
            .get("/api/products")
            .await
            .names()
            .is_empty()
    );
}

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
async fn bodies_of_wrong_types_and_sizes_are_refused() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let body = a_product(json!({})).to_string();
    for content_type in [
        "text/plain",
        "application/xml",
        "application/merge-patch+json",
        "multipart/form-data",
    ] {
        let request = admin
            .request("POST", "/api/products")
            .header("Content-Type", content_type);
        admin
            .send(request.body(body.clone()))
            .await
            .expect_problem(415);
    }
    admin
        .send(admin.request("POST", "/api/products").body(body.clone()))
        .await
        .expect_problem(415);
    let zipped = admin
        .request("POST", "/api/products")
        .header("Content-Type", "application/json");
    admin
        .send(zipped.header("Content-Encoding", "gzip").body(body.clone()))
        .await
        .expect_problem(415);
    let charset = admin
        .request("POST", "/api/products")
        .header("Content-Type", "application/json; charset=utf-8");
    admin.send(charset.body(body)).await.expect(201);
    admin
        .post_raw("/api/products", vec![b' '; 3 * 1024 * 1024])
        .await
        .expect_problem(413);
}

#[tokio::test]
async fn an_endless_body_is_cut_off() {
    let shop = TestShop::start().await;
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    let head = format!(
        "POST /api/products HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\n",
        eggypro_tests::ADMIN_SECRET,
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    for _ in 0..32 {
        // The server may close the connection before it has read everything.
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut answer = vec![0; 1024];
    let length = stream.read(&mut answer).await.unwrap_or(0);
    assert!(String::from_utf8_lossy(&answer[..length]).starts_with("HTTP/1.1 413 "));
}

#[tokio::test]
async fn addresses_that_are_too_long_are_refused() {
    let shop = TestShop::start().await;
    shop.anonymous()
        .get(&format!("/api/products?search={}", "a".repeat(17_000)))
        .await
        .expect_problem(414);
    shop.anonymous()
        .get(&format!("/api/products/{}", "a".repeat(300)))
        .await
        .expect_problem(404);
}

#[tokio::test]
async fn requests_that_are_not_http_are_refused_and_others_served() {
    let shop = TestShop::start().await;
    for garbage in [
        &b"\x00\x01\x02\x03\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\r\n\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(shop.address).await.unwrap();
        stream.write_all(garbage).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        assert!(!answer.contains(" 500 "), "{answer}");
    }
    shop.anonymous().get("/api/health/live").await.expect(200);
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
