//! Products as files: what goes out can be read again without a change.

use eggypro_exchange::{File, Format, Record, read};
use eggypro_tests::{Answer, TestShop, a_product};
use serde_json::{Value, json};

/// A shop with a product that has all facts, a plain one, and one that is not active.
async fn shop() -> TestShop {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    shop.create_product(json!({
        "name": "Special", "title": "=Crème \"x\"; brûlée |\\", "description": "Two\nlines, and a comma",
        "price": 10, "list_price": 12.5, "sku": "CB-1", "gtin": "4006381333931", "brand": "Egg & Co",
        "ingredients": ["Egg | white", "Salt"], "categories": ["bars"], "stock_quantity": 3, "low_stock_at": 1,
        "images": ["https://example.com/a,b.jpg"], "media": [{ "alt_text": "A \"bar\"" }],
        "net_content": { "value": 0.75, "unit": "l" }, "group": "bars", "options": { "Flavour": "Crème" },
        "food": {
            "allergens": ["eggs", "milk"], "may_contain": ["nuts"], "diets": ["vegetarian"], "origin_country": "DE",
            "storage": "Cool", "nutrition": { "basis": "100 ml", "protein": 10.5, "salt": 0 }
        },
        "seo": { "title": "Bar", "description": "A bar" },
        "publish_at": "2030-01-01T00:00:00Z", "is_active": false
    }))
    .await;
    shop.create_product(json!({ "name": "Plain" })).await;
    shop
}

async fn export(shop: &TestShop, query: &str) -> Answer {
    let path = format!("/api/products/export?{query}");
    shop.admin().get(&path).await.expect(200)
}

fn records(file: Vec<u8>) -> Result<(Format, Vec<Record>), Box<dyn std::error::Error>> {
    let File { format, rows, .. } = read(std::io::Cursor::new(file), None)?;
    let mut records = vec![];
    for row in rows {
        records.push(row?.product.map_err(|errors| format!("{errors:?}"))?);
    }
    Ok((format, records))
}

#[tokio::test]
async fn both_formats_say_the_same() {
    let shop = shop().await;
    let csv = export(&shop, "").await;
    assert_eq!(
        csv.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    assert_eq!(
        csv.header("content-disposition"),
        "attachment; filename=\"products.csv\""
    );
    assert_eq!(csv.header("cache-control"), "no-store");
    let lines = export(&shop, "format=ndjson").await;
    assert_eq!(lines.header("content-type"), "application/x-ndjson");
    let (format, of_csv) = records(csv.bytes).unwrap();
    assert_eq!(format, Format::Csv);
    let (format, of_lines) = records(lines.bytes).unwrap();
    assert_eq!(format, Format::Ndjson);
    assert_eq!(of_csv.len(), 2);
    assert_eq!(of_csv, of_lines);
    let special = &of_csv[0].changes;
    assert_eq!(special.price, "10".parse().ok());
    assert!(special.food.is_some() && special.options.is_some() && special.alt_texts.is_some());
}

#[tokio::test]
async fn a_line_is_a_product_as_the_api_takes_it() {
    let shop = shop().await;
    let lines = export(&shop, "format=ndjson").await.text();
    for line in lines.lines() {
        let body: Value = serde_json::from_str(line).unwrap();
        let path = format!("/api/products/{}", body["slug"].as_str().unwrap());
        let before = shop.admin().get(&path).await.expect(200).json();
        let mut after = shop.admin().put(&path, &body).await.expect(200).json();
        for changed in ["version", "updated_at"] {
            after[changed] = before[changed].clone();
        }
        assert_eq!(after, before);
    }
}

#[tokio::test]
async fn an_export_has_the_filters_of_lists() {
    let shop = shop().await;
    let names = |answer: Answer| -> Vec<String> {
        let text = answer.text();
        let lines = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap_or_default());
        lines
            .map(|line| line["name"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    for (query, expected) in [
        ("", &["Special", "Plain"][..]),
        ("&status=active", &["Plain"]),
        ("&category=bars", &["Special"]),
        ("&search=plain", &["Plain"]),
        ("&stock=out", &["Plain"]),
        ("&minPrice=20", &["Plain"]),
        ("&ids=1", &["Special"]),
        ("&ids=9", &[]),
    ] {
        assert_eq!(
            names(export(&shop, &format!("format=ndjson{query}")).await),
            expected,
            "{query}"
        );
    }
    for query in ["format=xml", "limit=1", "sort=newest", "category=A"] {
        let path = format!("/api/products/export?{query}");
        shop.admin().get(&path).await.expect_problem(400);
    }
    shop.anonymous()
        .get("/api/products/export")
        .await
        .expect_problem(401);
    let body = a_product(json!({ "name": "Export" }));
    shop.admin()
        .post("/api/products", &body)
        .await
        .expect_problem(422);
}

#[tokio::test]
async fn an_inactive_category_is_exported_too() {
    let shop = shop().await;
    let hidden = json!({ "name": "Bars", "slug": "bars", "description": "d", "is_active": false });
    shop.admin()
        .put("/api/categories/bars", &hidden)
        .await
        .expect(200);
    let lines = export(&shop, "format=ndjson&ids=1").await.text();
    let line: Value = serde_json::from_str(lines.trim()).unwrap();
    assert_eq!(line["categories"], json!(["bars"]));
}
