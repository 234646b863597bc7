//! No text in any parameter makes the server fail.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::sync::OnceLock;

use eggypro_tests::TestShop;
use proptest::prelude::*;
use serde_json::json;
use tokio::runtime::Runtime;

struct Fixture {
    runtime: Runtime,
    shop: TestShop,
}

/// A shop for all cases of one property.
fn fixture() -> Fixture {
    let runtime = Runtime::new().unwrap();
    let shop = runtime.block_on(async {
        let shop = TestShop::start().await;
        shop.create_category("Bars").await;
        shop.create_product(
            json!({ "description": "100% _egg_ \\ white", "categories": ["bars"] }),
        )
        .await;
        shop
    });
    Fixture { runtime, shop }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,60}",
        "[ -~]{0,60}",
        "[%_\\\\'\"&|!():*<>-]{0,20}",
        "(egg|white|100|bars|'|\"|&|[|]|!|:\\*| ){0,12}",
    ]
}

#[test]
fn any_search_text_is_answered() {
    static SHOP: OnceLock<Fixture> = OnceLock::new();
    let Fixture { runtime, shop } = SHOP.get_or_init(fixture);
    proptest!(ProptestConfig::with_cases(2_000), |(text in any_text())| {
        let has_nul = text.contains('\0');
        runtime.block_on(async {
            for (path, name) in [("/api/products", "search"), ("/api/products/search", "q"), ("/api/products/suggest", "q")] {
                let mut parameters = vec![(name, text.as_str())];
                if !path.ends_with("suggest") {
                    parameters.push(("facets", "category,price"));
                }
                let answer = shop.anonymous().get_with(path, &parameters).await;
                let is_blank = text.trim().is_empty() && name == "q";
                let expected = if has_nul { 422 } else if is_blank { 400 } else { 200 };
                assert_eq!(answer.status, expected, "{path} {text:?}: {}", answer.text());
            }
        });
    });
}

#[test]
fn any_parameter_is_answered_or_refused() {
    static SHOP: OnceLock<Fixture> = OnceLock::new();
    let Fixture { runtime, shop } = SHOP.get_or_init(fixture);
    let names = prop::sample::select(vec![
        "category", "sort", "inStock", "minPrice", "maxPrice", "limit", "offset", "cursor",
    ]);
    proptest!(ProptestConfig::with_cases(300), |(name in names, value in any_text())| {
        let status = runtime.block_on(shop.anonymous().get_with("/api/products", &[(name, &value)])).status;
        assert!(matches!(status, 200 | 400 | 422), "{name}={value:?}: {status}");
    });
}

#[test]
fn any_field_is_accepted_or_refused() {
    static SHOP: OnceLock<Fixture> = OnceLock::new();
    let Fixture { runtime, shop } = SHOP.get_or_init(fixture);
    let fields = prop::sample::select(vec![
        "name",
        "slug",
        "description",
        "details",
        "images",
        "ingredients",
        "categories",
    ]);
    proptest!(ProptestConfig::with_cases(300), |(field in fields, text in any_text())| {
        let value = if matches!(field, "images" | "ingredients" | "categories") { json!([text]) } else { json!(text) };
        let mut body = eggypro_tests::a_product(json!({ field: value }));
        body["is_active"] = json!(false);
        let answer = runtime.block_on(shop.admin().post("/api/products", &body));
        assert!(matches!(answer.status, 201 | 409 | 422), "{field}={text:?}: {}", answer.text());
    });
}

#[test]
fn any_bytes_are_refused_as_a_body() {
    static SHOP: OnceLock<Fixture> = OnceLock::new();
    let Fixture { runtime, shop } = SHOP.get_or_init(fixture);
    proptest!(ProptestConfig::with_cases(300), |(bytes in prop::collection::vec(any::<u8>(), 0..200))| {
        let status = runtime.block_on(shop.admin().post_raw("/api/products", bytes)).status;
        assert!(matches!(status, 400 | 422), "{status}");
    });
}
