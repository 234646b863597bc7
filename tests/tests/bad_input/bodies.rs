//! Bodies of wrong forms, types and sizes.

use eggypro_tests::{TestShop, a_product};
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
