//! The list of imports.

use super::*;

#[tokio::test]
async fn imports_are_listed_newest_first() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let nothing = admin.get(IMPORTS).await.expect(200);
    assert_eq!(nothing.json()["data"], json!([]));
    assert_eq!(nothing.header("cache-control"), "no-store");

    let bad = admin.import("", table(&["A,Egg,d,d,-1,Egg"])).await;
    let good = admin
        .import("mode=create", table(&["A,Egg,d,d,1,Egg"]))
        .await;
    let dry = admin
        .import("dry_run=true", table(&["A,Egg 2,d,d,1,Egg"]))
        .await;
    let all = admin.get(IMPORTS).await.expect(200).json();
    // An import of the list is the same as by its id, without errors and differences.
    let summary = |import: &Value| {
        let mut import = import.clone();
        let members = import.as_object_mut().unwrap();
        members.retain(|name, _| name != "errors" && name != "preview");
        import
    };
    let expected = [&dry, &good, &bad].map(summary);
    assert_eq!(all["data"], json!(expected));
    assert_eq!(all["data"][1]["mode"], "create");
    assert_eq!(all["pagination"]["total"], 3);
    assert_eq!(all["pagination"]["next_cursor"], Value::Null);
}

#[tokio::test]
async fn the_list_of_imports_comes_page_by_page() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    // Some of them of the same time.
    shop.database.execute(
        "INSERT INTO imports (id, format, mode, is_dry_run, status, finished_at, created_at, actor_kind) \
         SELECT gen_random_uuid(), 'csv', 'upsert', false, 'done', now(), now() - n / 2 * interval '1 hour', 'admin' \
         FROM generate_series(1, 5) n",
    );
    let ids = |page: &Value| -> Vec<String> {
        let imports = page["data"].as_array().unwrap().iter();
        imports
            .map(|import| import["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let whole = admin.get(IMPORTS).await.expect(200).json();
    assert_eq!(ids(&whole).len(), 5);
    let (mut read, mut address) = (vec![], format!("{IMPORTS}?limit=2"));
    loop {
        let page = admin.get(&address).await.expect(200);
        let body = page.json();
        assert_eq!(
            body["pagination"]["total"],
            5 + usize::from(!read.is_empty())
        );
        read.extend(ids(&body));
        let Some(cursor) = body["pagination"]["next_cursor"].as_str() else {
            assert!(!page.headers.contains_key("link"));
            break;
        };
        assert!(page.header("link").contains(cursor));
        address = format!("{IMPORTS}?limit=2&cursor={cursor}");
        if read.len() == 2 {
            // A new import does not disturb the pages.
            shop.import_elsewhere();
        }
    }
    assert_eq!(read, ids(&whole));
}

#[tokio::test]
async fn cursors_of_other_lists_are_refused() {
    let shop = TestShop::start().await;
    for name in ["A", "B"] {
        shop.create_product(json!({ "name": name })).await;
    }
    let admin = shop.admin();
    let page = admin.get("/api/changes?limit=1").await.expect(200).json();
    let other = page["pagination"]["next_cursor"].as_str().unwrap();
    for cursor in [other, "x", "bm9uZQ"] {
        let address = format!("{IMPORTS}?cursor={cursor}");
        let refused = admin.get(&address).await.expect_problem(400);
        assert_eq!(
            refused.errors(),
            ["cursor: cursor must be the next_cursor of a page of this list"]
        );
    }
    admin
        .get(&format!("{IMPORTS}?limit=101"))
        .await
        .expect_problem(400);
}
