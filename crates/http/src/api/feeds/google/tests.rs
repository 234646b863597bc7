use eggypro_domain::categories::CategoryId;
use eggypro_domain::products::{CategoryRef, ContentUnit, NetContent, ProductId, ProductOption};
use time::OffsetDateTime;

use super::*;

fn product() -> Product {
    let (slug, price) = ("egg-white".parse().unwrap(), "39.9".parse().unwrap());
    let created_at = OffsetDateTime::UNIX_EPOCH;
    Product::new(ProductId(7), "Egg White".into(), slug, price, created_at)
}

/// The item of a product after a change.
fn item(change: impl FnOnce(&mut Product)) -> String {
    let (mut product, mut out) = (product(), String::new());
    change(&mut product);
    write_item(&mut out, &product, &Storefront::default());
    out
}

/// The texts of all elements with this name, still escaped.
fn texts<'a>(item: &'a str, name: &str) -> Vec<&'a str> {
    let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
    let elements = item.split(&begin).skip(1);
    let texts = elements.map(|rest| rest.split(&end).next().unwrap());
    texts.collect()
}

fn options(of: &[(&str, &str)]) -> Vec<ProductOption> {
    let options = of.iter().map(|(name, value)| ProductOption {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
    });
    options.collect()
}

#[test]
fn a_feed_has_a_channel() {
    let shop = Storefront {
        brand: "Egg & Co".into(),
        url: "https://shop.example/?a=1&b=2".into(),
        ..Storefront::default()
    };
    let mut out = String::new();
    write_head(&mut out, &shop);
    out.push_str(TAIL);
    assert_eq!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <rss version=\"2.0\" xmlns:g=\"http://base.google.com/ns/1.0\"><channel>\
         <title>Egg &amp; Co</title><link>https://shop.example/?a=1&amp;b=2</link>\
         <description>Products of Egg &amp; Co</description>\n\
         </channel></rss>\n"
    );
}

#[test]
fn an_item_without_facts_has_no_empty_elements() {
    assert_eq!(
        item(|_| {}),
        "<item><g:id>7</g:id><g:title>Egg White</g:title>\
         <g:link>http://localhost:3000/products/egg-white</g:link>\
         <g:availability>out_of_stock</g:availability><g:price>39.90 EUR</g:price>\
         <g:condition>new</g:condition><g:brand>EggyPro</g:brand>\
         <g:identifier_exists>no</g:identifier_exists></item>\n"
    );
}

#[test]
fn an_item_has_the_facts_of_its_product() {
    let item = item(|product| {
        product.title = Some("Crème Brûlée <1 kg> & \"Egg\"".into());
        product.description = "First.\nSecond.\u{1}".into();
        product.images = vec!["https://a.b/1.jpg".into(), "https://a.b/2.jpg".into()];
        product.stock_quantity = 3;
        product.list_price = Some("49.9".parse().unwrap());
        product.brand = Some("Ovo".into());
        product.gtin = Some("4006381333931".parse().unwrap());
        product.sku = Some("EP-1".parse().unwrap());
        product.net_content = NetContent::new(1.into(), ContentUnit::Kilogram).ok();
        product.group = Some("egg".parse().unwrap());
        product.options = options(&[("Flavour", "Crème"), ("Size", "1 kg")]);
        product.categories = ["Powders", "Sweet & Salty"]
            .map(|name| CategoryRef {
                name: name.into(),
                slug: "a".parse().unwrap(),
                id: CategoryId(1),
            })
            .into();
    });
    assert_eq!(
        item,
        "<item><g:id>7</g:id>\
         <g:title>Crème Brûlée &lt;1 kg&gt; &amp; &quot;Egg&quot;</g:title>\
         <g:description>First.\nSecond.</g:description>\
         <g:link>http://localhost:3000/products/egg-white</g:link>\
         <g:image_link>https://a.b/1.jpg</g:image_link>\
         <g:additional_image_link>https://a.b/2.jpg</g:additional_image_link>\
         <g:availability>in_stock</g:availability><g:price>49.90 EUR</g:price>\
         <g:sale_price>39.90 EUR</g:sale_price><g:condition>new</g:condition>\
         <g:brand>Ovo</g:brand><g:gtin>4006381333931</g:gtin>\
         <g:item_group_id>egg</g:item_group_id>\
         <g:variant_option><g:name>Flavour</g:name><g:value>Crème</g:value></g:variant_option>\
         <g:variant_option><g:name>Size</g:name><g:value>1 kg</g:value></g:variant_option>\
         <g:size>1 kg</g:size>\
         <g:unit_pricing_measure>1kg</g:unit_pricing_measure>\
         <g:unit_pricing_base_measure>1kg</g:unit_pricing_base_measure>\
         <g:product_type>Powders</g:product_type>\
         <g:product_type>Sweet &amp; Salty</g:product_type></item>\n"
    );
}

#[test]
fn long_texts_are_cut() {
    for (text, max, expected) in [
        ("", 3, ""),
        ("egg", 3, "egg"),
        ("eggs", 3, "eg…"),
        ("éçè", 3, "éçè"),
        ("éçèà", 3, "éç…"),
        ("🥚🥚🥚🥚", 3, "🥚🥚…"),
        ("a bcd", 3, "a…"),
    ] {
        assert_eq!(shortened(text, max), expected, "{text} {max}");
    }
    let item = item(|product| {
        product.title = Some("é".repeat(255));
        product.description = "è".repeat(10_000);
        product.brand = Some("ê".repeat(100));
        product.group = Some("g".repeat(255).parse().unwrap());
    });
    for (name, expected) in [
        ("g:title", "é".repeat(149) + "…"),
        ("g:description", "è".repeat(4_999) + "…"),
        ("g:brand", "ê".repeat(70)),
        ("g:item_group_id", "g".repeat(50)),
    ] {
        assert_eq!(texts(&item, name), [expected.as_str()], "{name}");
    }
}

#[test]
fn texts_at_the_limit_are_whole() {
    let item = item(|product| {
        product.title = Some("é".repeat(150));
        product.description = "è".repeat(5_000);
    });
    assert_eq!(texts(&item, "g:title"), ["é".repeat(150).as_str()]);
    assert_eq!(texts(&item, "g:description"), ["è".repeat(5_000).as_str()]);
}

#[test]
fn at_most_ten_images_are_additional() {
    let url = |number: usize| format!("https://a.b/{number}.jpg");
    for (images, additional) in [(0, 0), (1, 0), (2, 1), (11, 10), (20, 10)] {
        let item = item(|product| product.images = (0..images).map(url).collect());
        let main = texts(&item, "g:image_link").len();
        assert_eq!(main, images.min(1));
        let others: Vec<String> = (1..=additional).map(url).collect();
        assert_eq!(texts(&item, "g:additional_image_link"), others);
    }
}

#[test]
fn urls_of_images_are_ascii() {
    for (url, expected) in [
        (
            "https://a.b/c.jpg?x=1&y=[2]#z",
            "https://a.b/c.jpg?x=1&y=[2]#z",
        ),
        ("https://a.b/é.jpg", "https://a.b/%C3%A9.jpg"),
        (
            "https://a.b/w_1,h_2/c%20d.jpg",
            "https://a.b/w_1%2Ch_2/c%20d.jpg",
        ),
        ("https://a.b/\"<c>\".jpg", "https://a.b/%22%3Cc%3E%22.jpg"),
    ] {
        assert_eq!(ascii(url), expected);
    }
}

#[test]
fn a_product_without_a_gtin_has_the_number_of_the_shop() {
    let sku = || Some("EP-1".parse().unwrap());
    let gtin = || Some("4006381333931".parse().unwrap());
    for (given_sku, given_gtin, expected) in [
        (sku(), gtin(), ["", "4006381333931", ""]),
        (None, gtin(), ["", "4006381333931", ""]),
        (sku(), None, ["EP-1", "", ""]),
        (None, None, ["", "", "no"]),
    ] {
        let item = item(|product| (product.sku, product.gtin) = (given_sku, given_gtin));
        let names = ["g:mpn", "g:gtin", "g:identifier_exists"];
        let shown = names.map(|name| texts(&item, name).join(","));
        assert_eq!(shown, expected);
    }
}

#[test]
fn unit_pricing_has_one_unit() {
    for (value, unit, measure, base) in [
        ("750", ContentUnit::Gram, "0.75kg", "1kg"),
        ("0.001", ContentUnit::Gram, "0.000001kg", "1kg"),
        ("2.5", ContentUnit::Kilogram, "2.5kg", "1kg"),
        ("330", ContentUnit::Millilitre, "0.33l", "1l"),
        ("999999.999", ContentUnit::Litre, "999999.999l", "1l"),
        ("12", ContentUnit::Piece, "12ct", "1ct"),
    ] {
        let content = NetContent::new(value.parse().unwrap(), unit).unwrap();
        let item = item(|product| product.net_content = Some(content));
        assert_eq!(texts(&item, "g:unit_pricing_measure"), [measure]);
        assert_eq!(texts(&item, "g:unit_pricing_base_measure"), [base]);
    }
}

#[test]
fn only_variants_have_variant_options() {
    let given = [("SIZE", "L"), ("Colour", "a & b"), ("Taste", "<egg>")];
    for group in [None, Some("egg")] {
        let item = item(|product| {
            product.group = group.map(|group| group.parse().unwrap());
            product.options = options(&given);
        });
        let (names, values) = (texts(&item, "g:name"), texts(&item, "g:value"));
        if group.is_some() {
            assert_eq!(names, ["SIZE", "Colour", "Taste"]);
            assert_eq!(values, ["L", "a &amp; b", "&lt;egg&gt;"]);
        } else {
            assert_eq!((names.len(), values.len()), (0, 0));
        }
        assert_eq!(texts(&item, "g:size"), ["L"]);
        assert_eq!(texts(&item, "g:color"), ["a &amp; b"]);
    }
}
