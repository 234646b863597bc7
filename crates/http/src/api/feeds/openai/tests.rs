mod food;
mod images;

use eggypro_domain::categories::CategoryId;
use eggypro_domain::products::{CategoryRef, ProductId, ProductOption};
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::*;

/// A product with only what the feed requires.
fn product() -> Product {
    let (slug, price) = ("egg-white".parse().unwrap(), "39.9".parse().unwrap());
    let created_at = OffsetDateTime::UNIX_EPOCH;
    let mut product = Product::new(ProductId(7), "Egg White".into(), slug, price, created_at);
    product.description = "Protein.".into();
    product.images = vec!["https://a.b/1.jpg".into()];
    product
}

/// The line of a product of a shop after a change of both.
fn line(change: impl FnOnce(&mut Product, &mut Storefront)) -> Value {
    let (mut product, mut shop, mut out) = (product(), Storefront::default(), String::new());
    change(&mut product, &mut shop);
    write_item(&mut out, &product, &shop);
    let line = out.strip_suffix('\n').unwrap();
    assert!(!line.contains('\n'), "{line}");
    serde_json::from_str(line).unwrap()
}

/// The line of a product after a change.
fn item(change: impl FnOnce(&mut Product)) -> Value {
    line(|product, _| change(product))
}

fn options(of: &[(&str, &str)]) -> Vec<ProductOption> {
    let options = of.iter().map(|(name, value)| ProductOption {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
    });
    options.collect()
}

fn category(name: &str) -> CategoryRef {
    CategoryRef {
        name: name.into(),
        slug: "a".parse().unwrap(),
        id: CategoryId(1),
    }
}

#[test]
fn a_line_without_facts_has_no_empty_members() {
    assert_eq!(
        item(|_| {}),
        json!({
            "item_id": "7",
            "title": "Egg White",
            "description": "Protein.",
            "url": "http://localhost:3000/products/egg-white",
            "brand": "EggyPro",
            "seller_name": "EggyPro",
            "seller_url": "http://localhost:3000",
            "image_url": "https://a.b/1.jpg",
            "availability": "out_of_stock",
            "price": "39.90 EUR",
            "condition": "new",
            "is_eligible_search": true,
            "is_eligible_checkout": false,
        })
    );
}

/// Gives a product and its shop all facts but those of a food.
fn complete(product: &mut Product, shop: &mut Storefront) {
    shop.country = "DE".to_owned().try_into().ok();
    product.title = Some("Crème Brûlée <1 kg> & \"Egg\"".into());
    product.description = "First.\r\n\"Second\" \\ third.".into();
    product.images = vec!["https://a.b/1.jpg".into(), "https://a.b/2.png".into()];
    product.stock_quantity = 3;
    product.list_price = Some("49.9".parse().unwrap());
    product.brand = Some("Ovo & Co".into());
    product.gtin = Some("4006381333931".parse().unwrap());
    product.sku = Some("EP-1".parse().unwrap());
    product.net_content = NetContent::new(1.into(), ContentUnit::Kilogram).ok();
    product.group = Some("egg".parse().unwrap());
    product.options = options(&[("Size", "1 kg"), ("Flavour", "Crème")]);
    product.categories = vec![category("Sweet & Salty"), category("Powders")];
    product.rating = Rating {
        distribution: [0, 0, 1, 2, 9],
    };
}

#[test]
fn a_line_has_the_facts_of_its_product() {
    assert_eq!(
        line(complete),
        json!({
            "item_id": "7",
            "title": "Crème Brûlée <1 kg> & \"Egg\"",
            "description": "First.\r\n\"Second\" \\ third.",
            "url": "http://localhost:3000/products/egg-white",
            "brand": "Ovo & Co",
            "seller_name": "EggyPro",
            "seller_url": "http://localhost:3000",
            "image_url": "https://a.b/1.jpg",
            "additional_image_urls": ["https://a.b/2.png"],
            "availability": "in_stock",
            "price": "49.90 EUR",
            "sale_price": "39.90 EUR",
            "condition": "new",
            "gtin": "4006381333931",
            "product_category": "Sweet & Salty",
            "size": "1 kg",
            "group_id": "group-egg",
            "listing_has_variations": true,
            "variant_dict": { "Flavour": "Crème", "Size": "1 kg" },
            "weight": "1",
            "item_weight_unit": "kg",
            "review_count": 12,
            "star_rating": "4.67",
            "store_country": "DE",
            "target_countries": ["DE"],
            "is_eligible_search": true,
            "is_eligible_checkout": false,
        })
    );
}

#[test]
fn prices_have_the_decimals_of_their_currency() {
    for (price, currency, expected, too_precise) in [
        ("5", Currency::EUR, "5.00 EUR", false),
        ("12.9", Currency::USD, "12.90 USD", false),
        ("999999.99", Currency::EUR, "999999.99 EUR", false),
        ("1490", Currency::JPY, "1490 JPY", false),
        ("1490.00", Currency::KRW, "1490 KRW", false),
        ("39.9", Currency::JPY, "39.90 JPY", true),
        ("5", Currency::KWD, "5.00 KWD", false),
    ] {
        let price: Price = price.parse().unwrap();
        let line = line(|product, shop| (product.price, shop.currency) = (price, currency));
        assert_eq!(line["price"], expected);
        assert_eq!(is_too_precise(price, currency), too_precise, "{expected}");
    }
}

#[test]
fn only_a_lower_price_is_a_sale() {
    for (list_price, expected) in [
        (None, json!(["39.90 EUR", null])),
        (Some("50"), json!(["50.00 EUR", "39.90 EUR"])),
        (Some("39.91"), json!(["39.91 EUR", "39.90 EUR"])),
        (Some("39.9"), json!(["39.90 EUR", null])),
        (Some("30"), json!(["39.90 EUR", null])),
    ] {
        let line = item(|product| {
            product.list_price = list_price.map(|price| price.parse().unwrap());
        });
        assert_eq!(json!([line["price"], line["sale_price"]]), expected);
    }
}

#[test]
fn long_texts_are_cut() {
    let line = line(|product, shop| {
        product.title = Some("é".repeat(151));
        product.description = "è".repeat(5_001);
        product.brand = Some("ê".repeat(100));
        product.group = Some("g".repeat(255).parse().unwrap());
        shop.brand = "ë".repeat(71);
    });
    for (name, expected) in [
        ("title", "é".repeat(149) + "…"),
        ("description", "è".repeat(4_999) + "…"),
        ("brand", "ê".repeat(70)),
        ("seller_name", "ë".repeat(70)),
        ("group_id", "group-".to_owned() + &"g".repeat(64)),
    ] {
        assert_eq!(line[name], expected, "{name}");
    }
}

#[test]
fn options_have_their_fields() {
    let given = [("SIZE", "L"), ("Colour", "a & b"), ("Pattern", "<egg>")];
    for group in [None, Some("7")] {
        let line = item(|product| {
            product.group = group.map(|group| group.parse().unwrap());
            product.options = options(&given);
        });
        assert_eq!(line["size"], "L");
        assert_eq!(line["color"], "a & b");
        assert_eq!(line["pattern"], Value::Null);
        let variant = ["group_id", "listing_has_variations", "variant_dict"];
        let shown = variant.map(|name| line[name].clone());
        let expected = match group {
            None => [Value::Null, Value::Null, Value::Null],
            // Not 7, which is the id of the product.
            Some(_) => [
                json!("group-7"),
                json!(true),
                json!({ "Colour": "a & b", "Pattern": "<egg>", "SIZE": "L" }),
            ],
        };
        assert_eq!(shown, expected);
    }
}

#[test]
fn a_variant_without_options_has_no_empty_object() {
    let line = item(|product| product.group = Some("egg".parse().unwrap()));
    assert_eq!(line["listing_has_variations"], true);
    assert_eq!(line.get("variant_dict"), None);
}

#[test]
fn only_masses_are_weights() {
    for (value, unit, expected) in [
        ("750", ContentUnit::Gram, json!(["750", "g"])),
        ("0.001", ContentUnit::Gram, json!(["0.001", "g"])),
        ("2.50", ContentUnit::Kilogram, json!(["2.5", "kg"])),
        ("330", ContentUnit::Millilitre, json!([null, null])),
        ("1", ContentUnit::Litre, json!([null, null])),
        ("12", ContentUnit::Piece, json!([null, null])),
    ] {
        let content = NetContent::new(value.parse().unwrap(), unit).unwrap();
        let line = item(|product| product.net_content = Some(content));
        assert_eq!(json!([line["weight"], line["item_weight_unit"]]), expected);
    }
}

#[test]
fn ratings_have_two_decimals() {
    for (distribution, expected) in [
        ([0, 0, 0, 0, 0], json!([null, null])),
        ([0, 0, 0, 0, 1], json!([1, "5.00"])),
        ([0, 0, 0, 1, 1], json!([2, "4.50"])),
        ([2, 1, 0, 0, 0], json!([3, "1.33"])),
    ] {
        let line = item(|product| product.rating = Rating { distribution });
        assert_eq!(json!([line["review_count"], line["star_rating"]]), expected);
    }
}
