use eggypro_domain::products::{ContentUnit, Diet, Food, NetContent, ProductId, ProductOption};
use iso_currency::Currency;
use time::OffsetDateTime;

use super::*;

/// A product without a finding.
fn product() -> Product {
    let (slug, price) = ("egg-white".parse().unwrap(), "39.9".parse().unwrap());
    let created_at = OffsetDateTime::UNIX_EPOCH;
    let mut product = Product::new(ProductId(7), "Egg White".into(), slug, price, created_at);
    product.description = "Protein.".into();
    product.images = vec!["https://a.b/1.jpg".into()];
    product.sku = Some("EP-1".parse().unwrap());
    product.net_content = NetContent::new(1.into(), ContentUnit::Kilogram).ok();
    product.food = Some(Food::default());
    product.group = Some("egg".parse().unwrap());
    product.options = vec![ProductOption {
        name: "Size".into(),
        value: "1 kg".into(),
    }];
    product
}

#[test]
fn a_complete_product_lacks_nothing() {
    let shop = Storefront::default();
    let complete: [fn(&mut Product); 8] = [
        |_| {},
        |product| product.title = Some("é".repeat(150)),
        |product| product.description = "é".repeat(5_000),
        |product| product.brand = Some("é".repeat(70)),
        |product| product.group = Some("g".repeat(50).parse().unwrap()),
        |product| {
            product.sku = None;
            product.gtin = Some("4006381333931".parse().unwrap());
        },
        |product| product.gtin = Some("4006381333931".parse().unwrap()),
        |product| (product.food, product.net_content) = (None, None),
    ];
    for (number, change) in complete.into_iter().enumerate() {
        let mut product = product();
        change(&mut product);
        assert_eq!(missing(&product, &shop), vec![], "{number}");
        assert!(is_listed(&product), "{number}");
    }
}

#[test]
fn each_rule_has_a_finding() {
    use Severity::{Advised, Excluded};

    type Case = (
        fn(&mut Product),
        &'static str,
        &'static str,
        Severity,
        &'static [FeedKind],
    );
    let cases: [Case; 13] = [
        (
            |product| product.images.clear(),
            "images",
            "At least one image is required",
            Excluded,
            BOTH,
        ),
        (
            |product| product.description.clear(),
            "description",
            "Description is required",
            Excluded,
            BOTH,
        ),
        (
            |product| product.description = " \n".into(),
            "description",
            "Description is required",
            Excluded,
            BOTH,
        ),
        (
            |product| product.title = Some("é".repeat(151)),
            "title",
            "Title is cut to 150 characters",
            Advised,
            BOTH,
        ),
        (
            |product| product.description = "é".repeat(5_001),
            "description",
            "Description is cut to 5000 characters",
            Advised,
            BOTH,
        ),
        (
            |product| product.brand = Some("é".repeat(71)),
            "brand",
            "Brand is cut to 70 characters",
            Advised,
            BOTH,
        ),
        (
            |product| product.group = Some("g".repeat(51).parse().unwrap()),
            "group",
            "Group is cut to 50 characters",
            Advised,
            GOOGLE,
        ),
        (
            |product| product.images.push("http://a.b/2.jpg".into()),
            "images",
            "Image URL should begin with https: http://a.b/2.jpg",
            Advised,
            BOTH,
        ),
        (
            |product| product.sku = None,
            "gtin",
            "A GTIN, or else an SKU, lets Google identify the product",
            Advised,
            GOOGLE,
        ),
        (
            |product| product.net_content = None,
            "net_content",
            "A food needs a net content, from which Google computes its unit price",
            Advised,
            GOOGLE,
        ),
        (
            |product| product.images.push("https://a.b/2.webp".into()),
            "images",
            "Image should be a JPEG or PNG: https://a.b/2.webp",
            Advised,
            OPENAI,
        ),
        (
            |product| product.options.clear(),
            "options",
            "A variant needs options, which tell it apart from the others of its group",
            Advised,
            OPENAI,
        ),
        (
            |product| {
                product.description = "é".repeat(5_000);
                product.food.as_mut().unwrap().diets = [Diet::Vegetarian].into();
            },
            "description",
            "Description leaves no room for the facts of the food",
            Advised,
            OPENAI,
        ),
    ];
    for (change, field, rule, severity, feeds) in cases {
        let mut product = product();
        change(&mut product);
        let expected = Finding {
            field,
            rule: rule.to_owned(),
            severity,
            feeds,
        };
        assert_eq!(missing(&product, &Storefront::default()), [expected]);
        assert_eq!(is_listed(&product), severity == Advised, "{rule}");
    }
}

#[test]
fn the_brand_of_the_shop_has_the_same_rule() {
    let shop = Storefront {
        brand: "é".repeat(71),
        ..Storefront::default()
    };
    let findings = missing(&product(), &shop);
    let fields: Vec<&str> = findings.iter().map(|finding| finding.field).collect();
    assert_eq!(fields, ["brand"]);
}

#[test]
fn an_inactive_product_is_not_listed() {
    let mut product = product();
    product.is_active = false;
    assert!(!is_listed(&product));
    assert_eq!(missing(&product, &Storefront::default()), vec![]);
}

#[test]
fn severities_have_names() {
    assert_eq!(Severity::Excluded.as_str(), "excluded");
    assert_eq!(Severity::Advised.as_str(), "advised");
}

#[test]
fn each_feed_cuts_the_ids_of_groups_at_its_own_length() {
    let mut product = product();
    product.group = Some("g".repeat(65).parse().unwrap());
    let findings = missing(&product, &Storefront::default());
    let findings: Vec<(&str, &[FeedKind])> = findings
        .iter()
        .map(|finding| (finding.rule.as_str(), finding.feeds))
        .collect();
    assert_eq!(
        findings,
        [
            ("Group is cut to 50 characters", GOOGLE),
            ("Group is cut to 64 characters", OPENAI)
        ]
    );
}

#[test]
fn a_price_has_no_more_decimals_than_its_currency() {
    let rules = |price: &str, currency| {
        let (mut product, mut shop) = (product(), Storefront::default());
        (product.price, shop.currency) = (price.parse().unwrap(), currency);
        let findings = missing(&product, &shop);
        let rules: Vec<String> = findings.into_iter().map(|finding| finding.rule).collect();
        rules
    };
    assert_eq!(rules("39.90", Currency::EUR), [""; 0]);
    assert_eq!(rules("39.00", Currency::JPY), [""; 0]);
    assert_eq!(
        rules("39.90", Currency::JPY),
        ["Price has decimals, but JPY has none"]
    );
}

#[test]
fn feeds_have_names() {
    assert_eq!(
        BOTH.iter().map(|feed| feed.as_str()).collect::<Vec<_>>(),
        ["google", "openai"]
    );
}
