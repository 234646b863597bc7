//! Products as JSON-LD, the feed of Google Merchant Center, and the sitemap.

use std::io::{self, Read};

use eggypro_tests::{TestShop, a_product};
use flate2::read::GzDecoder;
use roxmltree::{Document, Node};
use serde_json::{Value, json};

const GOOGLE: &str = "http://base.google.com/ns/1.0";

/// A variant with everything that search engines and feeds show.
fn a_variant(name: &str, flavour: &str) -> Value {
    a_product(json!({
        "name": name, "title": format!("Crème & <b>\"{flavour}\"</b> 'x' Ö"), "price": 10, "list_price": 12.5,
        "images": ["https://example.com/a,b.jpg", "https://example.com/b.jpg"],
        "net_content": { "value": 500, "unit": "g" }, "stock_quantity": 3, "sku": name.to_uppercase(),
        "food": { "allergens": ["eggs"], "nutrition": { "basis": "100 g", "protein": 80 } },
        "group": "powder", "options": { "Flavour": flavour, "Size": "500 g" }
    }))
}

async fn shop() -> TestShop {
    let shop = TestShop::start_with(|settings| {
        settings.storefront.url = "https://shop.example".into();
        settings.storefront.product_url = "https://shop.example/p/{slug}?a=1&b=2".into();
    })
    .await;
    for (name, flavour) in [("vanilla", "Vanilla"), ("cacao", "Cacao")] {
        let variant = a_variant(name, flavour);
        shop.admin()
            .post("/api/products", &variant)
            .await
            .expect(201);
    }
    shop.create_product(json!({ "name": "Plain" })).await;
    shop
}

#[tokio::test]
async fn a_product_is_described_in_the_vocabulary_of_schema_org() {
    let shop = shop().await;
    let client = shop.anonymous();
    for _ in 0..2 {
        let answer = client.get("/api/products/plain/jsonld").await.expect(200);
        assert_eq!(answer.header("content-type"), "application/ld+json");
        let plain = answer.json();
        assert_eq!(plain["@context"], "https://schema.org");
        assert_eq!(
            (&plain["@type"], &plain["name"]),
            (&json!("Product"), &json!("Plain"))
        );
        assert_eq!(plain["url"], "https://shop.example/p/plain?a=1&b=2");
        let offer = &plain["offers"];
        assert_eq!(
            (&offer["price"], &offer["priceCurrency"]),
            (&json!("39.90"), &json!("EUR"))
        );
        assert_eq!(offer["availability"], "https://schema.org/OutOfStock");
        assert_eq!(plain.get("aggregateRating"), None);
    }
    let group = client.get("/api/products/vanilla/jsonld").await.expect(200);
    assert!(!group.text().contains('<'), "{}", group.text());
    let group = group.json();
    assert_eq!(group["@type"], "ProductGroup");
    let variants = group["hasVariant"].as_array().unwrap();
    let skus: Vec<&Value> = variants.iter().map(|variant| &variant["sku"]).collect();
    assert_eq!(skus, ["VANILLA", "CACAO"]);
    // A change of a variant shows at once, and a hidden one is gone.
    let hide = json!({ "is_active": false });
    shop.admin()
        .patch("/api/products/cacao", &hide)
        .await
        .expect(200);
    let group = client.get("/api/products/vanilla/jsonld").await.json();
    assert_eq!(group["hasVariant"].as_array().unwrap().len(), 1);
    client
        .get("/api/products/cacao/jsonld")
        .await
        .expect_problem(404);
    client
        .get("/api/products/none/jsonld")
        .await
        .expect_problem(404);
}

fn text<'a>(item: &Node<'a, 'a>, name: &str) -> Option<&'a str> {
    let mut children = item.children();
    children
        .find(|child| child.has_tag_name((GOOGLE, name)))?
        .text()
}

#[tokio::test]
async fn the_google_feed_has_every_product_that_google_takes() {
    let shop = shop().await;
    let client = shop.anonymous();
    let answer = client.get("/feeds/google.xml").await.expect(200);
    assert_eq!(
        answer.header("content-type"),
        "application/xml; charset=utf-8"
    );
    let xml = answer.text();
    let document = Document::parse(&xml).unwrap();
    let rss = document.root_element();
    assert_eq!(
        (rss.tag_name().name(), rss.attribute("version")),
        ("rss", Some("2.0"))
    );
    let items: Vec<Node<'_, '_>> = rss
        .descendants()
        .filter(|node| node.has_tag_name("item"))
        .collect();
    // The product without an image is left out.
    assert_eq!(items.len(), 2);
    let item = items[0];
    assert_eq!(
        text(&item, "title"),
        Some("Crème & <b>\"Vanilla\"</b> 'x' Ö")
    );
    assert_eq!(text(&item, "price"), Some("12.50 EUR"));
    assert_eq!(text(&item, "sale_price"), Some("10.00 EUR"));
    assert_eq!(text(&item, "availability"), Some("in_stock"));
    assert_eq!(text(&item, "item_group_id"), Some("powder"));
    assert_eq!(text(&item, "mpn"), Some("VANILLA"));
    assert_eq!(text(&item, "brand"), Some("EggyPro"));
    let link = item
        .children()
        .find(|child| child.tag_name().name() == "link");
    assert_eq!(
        link.and_then(|link| link.text()),
        Some("https://shop.example/p/vanilla?a=1&b=2")
    );
    // The tag changes with the products.
    let tag = answer.header("etag").to_owned();
    let conditional = || {
        client
            .request("GET", "/feeds/google.xml")
            .header("If-None-Match", &tag)
    };
    let again = client.send(conditional()).await;
    assert_eq!((again.status, again.header("etag")), (304, tag.as_str()));
    let sold_out = json!({ "stock_quantity": 0 });
    shop.admin()
        .patch("/api/products/vanilla", &sold_out)
        .await
        .expect(200);
    let changed = client.send(conditional()).await.expect(200);
    assert!(changed.text().contains("<g:availability>out_of_stock"));
}

#[tokio::test]
async fn what_products_lack_is_reported() {
    let shop = shop().await;
    shop.anonymous()
        .get("/api/feeds/report")
        .await
        .expect_problem(401);
    let report = shop
        .admin()
        .get("/api/feeds/report")
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&report["checked"], &report["excluded"], &report["has_more"]),
        (&json!(3), &json!(1), &json!(false))
    );
    let findings = report["data"].as_array().unwrap();
    let of_plain = findings
        .iter()
        .find(|finding| finding["slug"] == "plain" && finding["severity"] == "excluded");
    assert_eq!(of_plain.unwrap()["field"], "images");
}

#[tokio::test]
async fn the_sitemap_has_every_page() {
    let shop = shop().await;
    let xml = shop
        .anonymous()
        .get("/sitemap.xml")
        .await
        .expect(200)
        .text();
    let document = Document::parse(&xml).unwrap();
    let named = |name: &'static str| {
        let nodes = document
            .descendants()
            .filter(move |node| node.tag_name().name() == name);
        nodes.filter_map(|node| node.text()).collect::<Vec<_>>()
    };
    assert_eq!(
        named("loc"),
        ["vanilla", "cacao", "plain"].map(|slug| format!("https://shop.example/p/{slug}?a=1&b=2"))
    );
    assert!(named("lastmod").iter().all(|time| time.ends_with('Z')));
    let part = shop.anonymous().get("/sitemap-1.xml").await.expect(200);
    assert_eq!(part.text(), xml);
    for number in [0, 2, 999_999] {
        let part = shop
            .anonymous()
            .get(&format!("/sitemap-{number}.xml"))
            .await;
        part.expect_problem(404);
    }
}

#[tokio::test]
async fn feeds_are_compressed_for_clients_that_accept_it() {
    let shop = shop().await;
    let client = shop.anonymous();
    for path in ["/feeds/google.xml", "/sitemap.xml"] {
        let plain = client.get(path).await.expect(200);
        assert_eq!(plain.header("content-encoding"), "");
        assert_eq!(plain.header("vary"), "Accept-Encoding, Origin");
        let request = || {
            client
                .request("GET", path)
                .header("Accept-Encoding", "br, gzip")
        };
        let gzip = client.send(request()).await.expect(200);
        assert_eq!(gzip.header("content-encoding"), "gzip");
        assert_ne!(gzip.header("etag"), plain.header("etag"));
        assert_eq!(unzipped(&gzip.bytes).unwrap(), plain.text());
        let known = request().header("If-None-Match", gzip.header("etag"));
        client.send(known).await.expect(304);
    }
}

fn unzipped(bytes: &[u8]) -> io::Result<String> {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text)?;
    Ok(text)
}

#[tokio::test]
async fn a_renamed_category_changes_the_feed() {
    let shop = TestShop::start().await;
    shop.create_category("Powders").await;
    let images = ["https://example.com/a.jpg"];
    shop.create_product(json!({ "categories": ["powders"], "images": images }))
        .await;
    let feed = shop.anonymous().get("/feeds/google.xml").await.expect(200);
    assert!(feed.text().contains("<g:product_type>Powders<"));
    let renamed = json!({ "name": "Egg & more", "slug": "powders", "description": "d" });
    shop.admin()
        .put("/api/categories/powders", &renamed)
        .await
        .expect(200);
    let known = shop.anonymous().request("GET", "/feeds/google.xml");
    let known = known.header("If-None-Match", feed.header("etag"));
    let feed = shop.anonymous().send(known).await.expect(200);
    assert!(feed.text().contains("<g:product_type>Egg &amp; more<"));
}

#[tokio::test]
async fn the_openai_feed_is_a_gzip_file_of_lines() {
    let shop = shop().await;
    let client = shop.anonymous();
    let request = client.request("GET", "/feeds/openai.jsonl.gz");
    let request = request.header("Accept-Encoding", "gzip");
    let answer = client.send(request).await.expect(200);
    // The file itself is compressed, not its transfer.
    assert_eq!(answer.header("content-encoding"), "");
    assert_eq!(answer.header("content-type"), "application/gzip");
    let text = unzipped(&answer.bytes).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["item_id"], "1");
    assert_eq!(lines[0]["title"], "Crème & <b>\"Vanilla\"</b> 'x' Ö");
    assert_eq!(lines[0]["price"], "12.50 EUR");
    assert_eq!(lines[0]["sale_price"], "10.00 EUR");
    assert_eq!(lines[0]["group_id"], "group-powder");
    assert_eq!(
        lines[0]["variant_dict"],
        json!({ "Flavour": "Vanilla", "Size": "500 g" })
    );
    let again = client.request("GET", "/feeds/openai.jsonl.gz");
    let again = again.header("If-None-Match", answer.header("etag"));
    client.send(again).await.expect(304);
}

#[tokio::test]
async fn the_feeds_of_an_empty_shop_are_complete_files() {
    let shop = TestShop::start().await;
    let client = shop.anonymous();
    let feed = client.get("/feeds/openai.jsonl.gz").await.expect(200);
    assert_eq!(unzipped(&feed.bytes).unwrap(), "");
    let feed = client.get("/feeds/google.xml").await.expect(200);
    Document::parse(&feed.text()).unwrap();
}

#[tokio::test]
async fn a_feed_of_several_parts_is_one_file() {
    let shop = TestShop::start().await;
    let operations: Vec<Value> = (0..250)
        .map(|number| {
            let images = ["https://example.com/a.jpg"];
            let body = a_product(json!({ "name": format!("Bar {number}"), "images": images }));
            json!({ "action": "create", "body": body })
        })
        .collect();
    let bulk = json!({ "operations": operations });
    shop.admin()
        .post("/api/products/bulk", &bulk)
        .await
        .expect(200);
    let client = shop.anonymous();
    let feed = client.get("/feeds/openai.jsonl.gz").await.expect(200);
    let text = unzipped(&feed.bytes).unwrap();
    let ids: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["item_id"].clone())
        .collect();
    assert_eq!(ids.len(), 250);
    assert_eq!((&ids[0], &ids[249]), (&json!("1"), &json!("250")));
    let request = client.request("GET", "/feeds/google.xml");
    let request = request.header("Accept-Encoding", "gzip");
    let feed = client.send(request).await.expect(200);
    let xml = unzipped(&feed.bytes).unwrap();
    let items = Document::parse(&xml).unwrap();
    let items = items.descendants().filter(|node| node.has_tag_name("item"));
    assert_eq!(items.count(), 250);
}
