//! Which products rows are about, and what becomes of them.

use super::*;

#[tokio::test]
async fn rows_find_their_products_by_sku_then_gtin_then_slug() {
    let shop = TestShop::start().await;
    for product in [
        json!({ "name": "A", "sku": "A-1" }),
        json!({ "name": "B", "gtin": "4006381333931" }),
        json!({ "name": "C" }),
    ] {
        shop.create_product(product).await;
    }
    let file = "sku,gtin,slug,price\nA-1,,,11\n,4006381333931,,12\n,,c,13\n";
    let import = shop.admin().import("", file).await;
    assert_eq!(counts(&import), [0, 3, 0, 0], "{import}");
    for (slug, expected) in [("a", 11.0), ("b", 12.0), ("c", 13.0)] {
        assert_eq!(price(&shop, slug).await, Some(expected), "{slug}");
    }
    let again = shop.admin().import("", file).await;
    assert_eq!(counts(&again), [0, 0, 3, 0], "{again}");
}

#[tokio::test]
async fn a_mode_refuses_products_that_exist_or_that_do_not() {
    let shop = TestShop::start().await;
    shop.create_product(json!({ "name": "Egg", "sku": "EP-1", "price": 10 }))
        .await;
    let file = table(&["EP-1,Egg,d,d,11,Egg", "EP-2,Bar,d,d,12,Egg"]);
    let admin = shop.admin();
    for (mode, expected, row, value) in [
        ("update", [0, 1, 0, 1], 3, "EP-2"),
        ("create", [1, 0, 0, 1], 2, "EP-1"),
        ("upsert", [0, 0, 2, 0], 0, ""),
    ] {
        let import = admin.import(&format!("mode={mode}"), file.clone()).await;
        assert_eq!(import["mode"], mode);
        assert_eq!(counts(&import), expected, "{import}");
        if row > 0 {
            let error = &import["errors"][0];
            assert_eq!(
                (&error["row"], &error["column"], &error["value"]),
                (&json!(row), &json!("sku"), &json!(value))
            );
        }
    }
    assert_eq!(price(&shop, "egg").await, Some(11.0));
    assert_eq!(price(&shop, "bar").await, Some(12.0));
}

#[tokio::test]
async fn a_dry_run_shows_what_it_would_do_and_writes_nothing() {
    let shop = TestShop::start().await;
    let egg = json!({
        "name": "Egg", "sku": "EP-1", "description": "d", "details": "d", "price": 10, "ingredients": ["Egg"]
    });
    let before = shop.create_product(egg).await;
    let file = table(&[
        "EP-1,Egg,d,d,12,Egg",
        "EP-2,Bar,d,d,7,Egg",
        "EP-3,Tea,d,d,0,Egg",
    ]);
    let admin = shop.admin();
    let import = admin.import("dry_run=true", file.clone()).await;
    assert_eq!(
        (&import["status"], &import["dry_run"]),
        (&json!("done"), &json!(true))
    );
    assert_eq!(counts(&import), [1, 1, 0, 1], "{import}");
    let [change, creation] = import["preview"].as_array().unwrap().as_slice() else {
        panic!("{import}");
    };
    assert_eq!(
        (&change["row"], &change["slug"], &change["action"]),
        (&json!(2), &json!("egg"), &json!("updated"))
    );
    let [field] = change["changes"].as_array().unwrap().as_slice() else {
        panic!("{change}");
    };
    assert_eq!(field["field"], "price");
    assert_eq!(field["before"].as_f64(), Some(10.0));
    assert_eq!(field["after"].as_f64(), Some(12.0));
    assert_eq!(
        (&creation["row"], &creation["slug"], &creation["action"]),
        (&json!(3), &json!("bar"), &json!("created"))
    );
    let name = json!({ "field": "name", "before": null, "after": "Bar" });
    assert!(creation["changes"].as_array().unwrap().contains(&name));
    let after = admin.get("/api/products/egg").await.expect(200).json();
    assert_eq!(after["version"], before["version"]);
    admin.get("/api/products/bar").await.expect_problem(404);

    let real = admin.import("dry_run=false", file).await;
    assert_eq!(counts(&real), counts(&import));
    assert_eq!(real.get("preview"), None);
}

#[tokio::test]
async fn a_file_of_many_chunks_is_read_as_one() {
    let shop = TestShop::start().await;
    // Blank rows take little time.
    let blank = "\n".repeat(1_500_000);
    let file = table(&["A,Egg,d,d,1,Egg", &blank, "B,Bar,d,d,2,Egg"]);
    let import = shop.admin().import("format=csv", file).await;
    assert_eq!(counts(&import), [2, 0, 0, 0], "{import}");
}
