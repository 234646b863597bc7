//! Hidden products and categories, and conditional writes, for administrators.

use eggypro_tests::{TestShop, a_category};
use serde_json::{Value, json};

#[tokio::test]
async fn administrators_read_a_draft_at_its_location() {
    let shop = TestShop::start().await;
    let draft = eggypro_tests::a_product(json!({ "name": "Draft", "is_active": false }));
    let admin = shop.admin();
    let made = admin.post("/api/products", &draft).await.expect(201);
    let location = made.header("location").to_owned();
    let read = admin.get(&location).await.expect(200);
    assert_eq!(read.json(), made.json());
    assert_eq!(read.header("etag"), made.header("etag"));
    assert_eq!(read.header("cache-control"), "no-store");
    let head = admin
        .send(admin.request("HEAD", &location))
        .await
        .expect(200);
    assert_eq!(head.header("etag"), read.header("etag"));
    let again = admin.request("GET", &location);
    let again = again.header("If-None-Match", read.header("etag"));
    admin.send(again).await.expect(304);
    shop.anonymous().get(&location).await.expect_problem(404);
    shop.bearer("wrong")
        .get(&location)
        .await
        .expect_problem(404);
    let reviews = format!("{location}/reviews");
    admin.get(&reviews).await.expect(200);
    shop.anonymous().get(&reviews).await.expect_problem(404);

    let publish = admin.request("PATCH", &location);
    let publish = publish.header("If-Match", read.header("etag"));
    let publish = publish.json(&json!({ "is_active": true }));
    admin.send(publish).await.expect(200);
    shop.anonymous().get(&location).await.expect(200);
    let published = admin.get(&location).await.expect(200);
    assert!(published.header("cache-control").starts_with("private"));
}

#[tokio::test]
async fn administrators_read_and_list_hidden_categories() {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    let (admin, anonymous) = (shop.admin(), shop.anonymous());
    let mut hidden = a_category("Hidden");
    hidden["is_active"] = json!(false);
    let made = admin.post("/api/categories", &hidden).await.expect(201);
    let location = made.header("location").to_owned();
    let read = admin.get(&location).await.expect(200);
    assert_eq!(read.json(), made.json());
    anonymous.get(&location).await.expect_problem(404);
    let names = async |status: &str| -> Value {
        let list = admin.get(&format!("/api/categories?status={status}")).await;
        json!(list.expect(200).names())
    };
    assert_eq!(names("active").await, json!(["Bars"]));
    assert_eq!(names("inactive").await, json!(["Hidden"]));
    assert_eq!(names("all").await, json!(["Bars", "Hidden"]));
    assert_eq!(admin.get("/api/categories").await.names(), ["Bars"]);
    admin
        .get("/api/categories?status=some")
        .await
        .expect_problem(400);
    anonymous
        .get("/api/categories?status=all")
        .await
        .expect_problem(401);
}

#[tokio::test]
async fn writes_of_categories_can_be_conditional() {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    let admin = shop.admin();
    let path = "/api/categories/bars";
    let first = admin.get(path).await.expect(200);
    let write = async |method: &str, tag: &str, name: &str| {
        let request = admin.request(method, path).header("If-Match", tag);
        admin.send(request.json(&a_category(name))).await
    };
    // The tag of a compressed answer is valid for `If-Match`, too.
    let packed = admin.request("GET", path).header("Accept-Encoding", "gzip");
    let packed = admin.send(packed).await.header("etag").to_owned();
    let second = write("PUT", &packed, "Sticks").await.expect(200);
    assert_ne!(second.header("etag"), first.header("etag"));
    let same = write("PUT", second.header("etag"), "Sticks")
        .await
        .expect(200);
    assert_eq!(same.header("etag"), second.header("etag"));
    for method in ["PUT", "DELETE"] {
        let refused = write(method, first.header("etag"), "Bars").await;
        let problem = refused.expect_problem(412).json();
        assert_eq!(problem["current_etag"], second.header("etag"));
        assert_eq!(problem["current_version"], 2);
        let weak = format!("W/{}", second.header("etag"));
        let detail = write(method, &weak, "Bars").await.expect_problem(412);
        assert!(detail.text().contains("without W/"), "{}", detail.text());
        write(method, "x", "Bars").await.expect_problem(400);
    }
    write("DELETE", second.header("etag"), "").await.expect(204);
}

#[tokio::test]
async fn a_write_that_changes_nothing_keeps_the_tag() {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    let made = shop
        .create_product(json!({ "name": "Same", "categories": ["bars"] }))
        .await;
    let admin = shop.admin();
    let path = "/api/products/same";
    let before = admin.get(path).await.expect(200);
    for change in [
        json!({}),
        json!({ "name": "Same", "price": made["price"], "categories": ["bars"] }),
        json!({ "is_active": true, "images": made["images"] }),
    ] {
        let written = admin.patch(path, &change).await.expect(200);
        assert_eq!(written.header("etag"), before.header("etag"), "{change}");
        assert_eq!(written.json(), before.json());
    }
    let whole = eggypro_tests::a_product(json!({ "name": "Same", "categories": ["bars"] }));
    let written = admin.put(path, &whole).await.expect(200);
    assert_eq!(written.header("etag"), before.header("etag"));
    let moved = admin
        .patch(path, &json!({ "categories": [] }))
        .await
        .expect(200);
    assert_ne!(moved.header("etag"), before.header("etag"));
}
