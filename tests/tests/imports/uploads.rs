//! How files arrive, and uploads that are refused or break off without leaving anything.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use eggypro_tests::{ADMIN_SECRET, form, upload};
use futures_util::StreamExt;
use futures_util::future::join_all;
use reqwest::multipart::{Form, Part};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::*;

const MIB: usize = 1024 * 1024;

async fn impatient_shop() -> TestShop {
    TestShop::start_with(|settings| {
        settings.http.limits.import_bytes = 3 * MIB;
        settings.http.limits.upload_time = Duration::from_secs(1);
    })
    .await
}

/// The number of rows of a table, with a condition.
fn count(shop: &TestShop, rows: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let query = sql_query(format!("SELECT count(*) FROM {rows}"));
    let count: Count = query.get_result(&mut shop.database.connect()).unwrap();
    count.count
}

/// Waits until one import is cancelled, and nothing is left of its file.
async fn is_cleaned_up(shop: &TestShop) {
    let deadline = Instant::now() + Duration::from_secs(10);
    let mut times = tokio::time::interval(Duration::from_millis(50));
    while count(shop, "imports WHERE status = 'cancelled'") != 1 || count(shop, "import_chunks") > 0
    {
        times.tick().await;
        assert!(Instant::now() < deadline, "an upload is left");
    }
    assert_eq!(count(shop, "imports"), 1);
}

/// Sends the head of an upload with this field, and the beginning of its body.
async fn begin(shop: &TestShop, field: &str, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    let head = format!(
        "POST {IMPORTS} HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer {ADMIN_SECRET}\r\n{field}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    stream
}

/// The problem that a connection is answered with.
async fn problem(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    while !answer.ends_with('}') {
        let mut piece = [0; 4_096];
        let read = timeout(Duration::from_secs(10), stream.read(&mut piece)).await;
        let length = read.unwrap().unwrap();
        assert_ne!(length, 0, "ended after {answer:?}");
        answer += str::from_utf8(&piece[..length]).unwrap();
    }
    answer
}

#[tokio::test]
async fn a_file_is_the_body_or_part_of_a_form() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let row = |sku: &str| table(&[&format!("{sku},Egg {sku},d,d,1,Egg")]);
    for (sku, content_type) in [
        ("A", None),
        ("B", Some("text/csv; charset=utf-8")),
        ("C", Some("application/octet-stream")),
        ("D", Some("application/json")),
    ] {
        let request = admin.request("POST", IMPORTS).body(row(sku));
        let request = match content_type {
            Some(content_type) => request.header("Content-Type", content_type),
            None => request,
        };
        let begun = admin.send(request).await.expect(202);
        let body = begun.json();
        assert_eq!(begun.header("location"), path_of(&body));
        assert_eq!(begun.header("cache-control"), "no-store");
        assert_eq!(body, json!({ "id": body["id"], "status": "running" }));
        let import = admin.ended_import(begun.header("location")).await;
        assert_eq!(counts(&import), [1, 0, 0, 0], "{import}");
    }
    let begun = upload(&admin, IMPORTS, form([row("E").into_bytes()])).await;
    let import = admin
        .ended_import(begun.expect(202).header("location"))
        .await;
    assert_eq!(counts(&import), [1, 0, 0, 0], "{import}");
}

#[tokio::test]
async fn a_form_has_one_file_and_nothing_else() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let file = || table(&["A,Egg,d,d,1,Egg"]).into_bytes();
    let two = upload(&admin, IMPORTS, form([file(), file()])).await;
    assert_eq!(
        two.expect_problem(422).errors(),
        ["file: Only one file can be imported at once"]
    );
    let other = Form::new().part("table", Part::bytes(file()));
    let other = upload(&admin, IMPORTS, other).await;
    assert_eq!(
        other.expect_problem(422).errors(),
        ["table: Unknown field: table. Known here: file."]
    );
    let raw = async |content_type: &str, body: &'static str| {
        let request = admin.request("POST", IMPORTS).body(body);
        let request = request.header("Content-Type", content_type);
        admin.send(request).await
    };
    let none = raw("multipart/form-data; boundary=x", "--x--\r\n").await;
    assert_eq!(
        none.expect_problem(400).errors(),
        ["file: File is required"]
    );
    for broken in ["--x\r\n", "sku\nA\n", "--x\r\n\r\nsku\r\n--x--\r\n"] {
        let answer = raw("multipart/form-data; boundary=x", broken).await;
        answer.expect_problem(400);
    }
    raw("multipart/mixed; boundary=x", "--x--\r\n")
        .await
        .expect_problem(415);
    assert_eq!(count(&shop, "imports"), 0);
}

#[tokio::test]
async fn an_empty_file_is_refused() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let body = admin.send(admin.request("POST", IMPORTS).body("")).await;
    let part = upload(&admin, IMPORTS, form([vec![]])).await;
    for answer in [body, part] {
        let refused = answer.expect_problem(400);
        assert_eq!(refused.errors(), ["file: File is required"]);
    }
    assert_eq!(count(&shop, "imports"), 0);
}

#[tokio::test]
async fn broken_parameters_are_named() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    for (query, error) in [
        (
            "format=xml",
            "format: format must be one of auto, csv, ndjson, shopify, woocommerce",
        ),
        (
            "mode=replace",
            "mode: mode must be one of upsert, create, update",
        ),
        ("dry_run=1", "dry_run: dry_run must be true or false"),
        ("dryRun=true", "dryRun: dryRun is unknown"),
    ] {
        let request = admin.request("POST", &format!("{IMPORTS}?{query}"));
        let refused = admin.send(request.body("sku\nA\n")).await;
        assert_eq!(refused.expect_problem(400).errors(), [error]);
    }
    let packed = admin.request("POST", IMPORTS).body("sku\nA\n");
    let packed = packed.header("Content-Encoding", "gzip");
    admin.send(packed).await.expect_problem(415);
    assert_eq!(count(&shop, "imports"), 0);
}

#[tokio::test]
async fn a_file_that_is_announced_as_too_large_is_refused_before_it_arrives() {
    let shop = TestShop::start().await;
    for length in ["10000000000", "209715201"] {
        let head = format!("Content-Length: {length}");
        let answer = problem(begin(&shop, &head, b"sku\n").await).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        assert!(answer.contains("File size exceeds 200MB limit"), "{answer}");
    }
    assert_eq!(count(&shop, "imports"), 0);
}

#[tokio::test]
async fn a_file_that_turns_out_to_be_too_large_leaves_nothing() {
    let shop = impatient_shop().await;
    let admin = shop.admin();
    let endless = futures_util::stream::iter(std::iter::repeat_n(vec![b'x'; 64 * 1024], 200));
    let body = reqwest::Body::wrap_stream(endless.map(Ok::<_, std::io::Error>));
    // The client sees the answer, or a write error if the server closes the connection first.
    if let Ok(response) = admin.request("POST", IMPORTS).body(body).send().await {
        assert_eq!(response.status(), 413);
    }
    is_cleaned_up(&shop).await;
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let shop = impatient_shop().await;
    let length = format!("Content-Length: {}", 3 * MIB);
    drop(begin(&shop, &length, &vec![b'x'; 2 * MIB]).await);
    is_cleaned_up(&shop).await;
}

#[tokio::test]
async fn an_upload_that_is_too_slow_is_ended() {
    let shop = impatient_shop().await;
    let length = format!("Content-Length: {}", 3 * MIB);
    let slow = begin(&shop, &length, &vec![b'x'; MIB + 1]).await;
    shop.anonymous().get("/api/products").await.expect(200);
    let answer = problem(slow).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(
        answer.contains("urn:eggypro:problem:body-too-slow"),
        "{answer}"
    );
    is_cleaned_up(&shop).await;
}

#[tokio::test]
async fn few_files_arrive_at_a_time_and_other_calls_are_answered() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let slow = (0..4).map(|_| begin(&shop, "Transfer-Encoding: chunked", b"3\r\nsku\r\n"));
    let slow = join_all(slow).await;
    // An empty file, which is refused as soon as it may arrive.
    let attempt = async |status: u16| {
        let deadline = Instant::now() + Duration::from_secs(10);
        let mut times = tokio::time::interval(Duration::from_millis(50));
        loop {
            times.tick().await;
            let answer = admin.send(admin.request("POST", IMPORTS).body("")).await;
            if answer.status == status {
                return answer;
            }
            assert!(Instant::now() < deadline, "{}", answer.text());
        }
    };
    let refused = attempt(503).await.expect_problem(503);
    assert_eq!(refused.header("retry-after"), "2");
    shop.anonymous().get("/api/products").await.expect(200);
    drop(slow);
    attempt(400).await.expect_problem(400);
}
