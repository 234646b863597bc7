use super::*;
use crate::products::{ProductChanges, ProductCodes, ProductOption, Seo};
use time::Duration;

fn errors(product: &NewProduct) -> Vec<String> {
    match product.validate() {
        Ok(()) => vec![],
        Err(report) => report
            .iter()
            .map(|(path, error)| format!("{path}: {error}"))
            .collect(),
    }
}

#[test]
fn the_example_is_valid() {
    assert_eq!(errors(&NewProduct::example()), Vec::<String>::new());
}

#[test]
fn each_rule_has_its_message() {
    let with = |change: fn(&mut NewProduct)| {
        let mut product = NewProduct::example();
        change(&mut product);
        errors(&product).join("; ")
    };
    assert_eq!(with(|p| p.name = String::new()), "name: Name is required");
    assert_eq!(with(|p| p.name = "   ".into()), "name: Name is required");
    assert_eq!(with(|p| p.name = "a".repeat(256)), "name: Name too long");
    assert_eq!(
        with(|p| p.name = "a\tb".into()),
        "name: Name contains invalid characters"
    );
    assert_eq!(
        with(|p| p.name = "Käse".into()),
        "name: Name contains invalid characters"
    );
    assert_eq!(
        with(|p| p.name = "_-_".into()),
        "slug: Slug is required, since none can be made from this name"
    );
    assert_eq!(
        with(|p| p.name = "Search".into()),
        "slug: Slug is reserved: search"
    );
    assert_eq!(
        with(|p| p.slug = "suggest".parse().ok()),
        "slug: Slug is reserved: suggest"
    );
    assert_eq!(
        with(|p| p.slug = "export".parse().ok()),
        "slug: Slug is reserved: export"
    );
    assert_eq!(
        with(|p| p.description = String::new()),
        "description: Description is required"
    );
    assert_eq!(
        with(|p| p.description = "é".repeat(10_001)),
        "description: Description too long"
    );
    assert_eq!(with(|p| p.description = "é".repeat(10_000)), "");
    assert_eq!(
        with(|p| p.details = "a\0b".into()),
        "details: Details must not contain NUL characters"
    );
    assert_eq!(
        with(|p| p.ingredients = vec![]),
        "ingredients: At least one ingredient is required"
    );
    assert_eq!(
        with(|p| p.ingredients = vec!["a".into(); 51]),
        "ingredients: Too many ingredients"
    );
    assert_eq!(
        with(|p| p.ingredients[1] = String::new()),
        "ingredients[1]: Ingredient is required"
    );
    assert_eq!(
        with(|p| p.ingredients[0] = "a".repeat(256)),
        "ingredients[0]: Ingredient too long"
    );
    assert_eq!(
        with(|p| p.images = vec!["https://a.b/c".into(); 21]),
        "images: Too many images"
    );
    assert_eq!(
        with(|p| p.stock_quantity = -1),
        "stock_quantity: Stock quantity cannot be negative"
    );
    assert_eq!(
        with(|p| p.stock_quantity = 1 << 31),
        "stock_quantity: Stock quantity too high"
    );
}

#[test]
fn limits_are_still_allowed() {
    let with = |change: fn(&mut NewProduct)| {
        let mut product = NewProduct::example();
        change(&mut product);
        errors(&product).join("; ")
    };
    let too_many = "categories: Too many categories";
    assert_eq!(with(|p| p.categories = vec!["a".parse().unwrap(); 50]), "");
    assert_eq!(
        with(|p| p.categories = vec!["a".parse().unwrap(); 51]),
        too_many
    );
    let of_stock = "low_stock_at: Low stock at must be between 0 and 2147483647";
    for (low_stock_at, expected) in [
        (0, ""),
        ((1 << 31) - 1, ""),
        (-1, of_stock),
        (1 << 31, of_stock),
    ] {
        let mut product = NewProduct::example();
        product.low_stock_at = Some(low_stock_at);
        assert_eq!(errors(&product).join("; "), expected, "{low_stock_at}");
    }
    for (length, expected) in [
        (0, ""),
        (512, ""),
        (513, "alt_texts[0]: Alternative text too long"),
    ] {
        let mut product = NewProduct::example();
        product.images = vec!["https://a.b/c".into()];
        product.alt_texts = vec![Some("é".repeat(length))];
        assert_eq!(errors(&product).join("; "), expected, "{length}");
    }
    let url = |length| format!("https://a.b/{:a<1$}", "", length - "https://a.b/".len());
    for (length, expected) in [(2_048, ""), (2_049, "images[0]: Image URL too long")] {
        let mut product = NewProduct::example();
        product.images = vec![url(length)];
        assert_eq!(errors(&product).join("; "), expected, "{length}");
    }
}

#[test]
fn rules_of_two_fields_hold_for_changes_too() {
    let with = |change: &dyn Fn(&mut NewProduct)| {
        let mut product = NewProduct::example();
        change(&mut product);
        let changed = ProductChanges::from(product.clone()).validate();
        let changed = changed.map_or_else(|report| report.to_string(), |()| String::new());
        let errors: String = errors(&product)
            .iter()
            .map(|error| format!("{error}\n"))
            .collect();
        assert_eq!(changed, errors);
        errors
    };
    let list_price = |list_price: &'static str| {
        with(&|p| {
            p.price = "3.50".parse().unwrap();
            p.list_price = Some(list_price.parse().unwrap());
        })
    };
    let not_reduced = "list_price: List price must be above the price\n";
    assert_eq!(list_price("3.51"), "");
    assert_eq!(list_price("3.50"), not_reduced);
    assert_eq!(list_price("3.49"), not_reduced);
    let shown_for = |seconds| {
        with(&|p| {
            p.publish_at = Some(OffsetDateTime::UNIX_EPOCH);
            p.unpublish_at = Some(OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds));
        })
    };
    let too_early = "unpublish_at: Unpublish at must be after publish at\n";
    assert_eq!(shown_for(1), "");
    assert_eq!(shown_for(0), too_early);
    assert_eq!(shown_for(-1), too_early);
    let option = |name: &str| ProductOption {
        name: name.to_owned(),
        value: "1 kg".to_owned(),
    };
    assert_eq!(
        with(&|p| p.options = vec![option("Size"), option("size")]),
        "options: Option name given twice: size\n"
    );
    let described = |texts| {
        with(&|p| {
            p.images = vec!["https://a.b/c".into()];
            p.alt_texts = vec![Some("A bar".into()); texts];
        })
    };
    assert_eq!(described(1), "");
    assert_ne!(described(2), "");
}

#[test]
fn codes_are_empty_without_any() {
    assert!(ProductCodes::default().is_empty());
    let mut product = NewProduct::example();
    product.sku = "EP-1".parse().ok();
    assert!(!ProductCodes::from(&product).is_empty());
}

#[test]
fn images_are_absolute_urls() {
    for (url, is_valid) in [
        ("https://example.com/a.jpg", true),
        ("http://example.com/a%20b.jpg?x=1", true),
        ("ftp://example.com/a.jpg", false),
        ("javascript:alert(1)", false),
        ("data:image/png;base64,AAAA", false),
        ("/a.jpg", false),
        ("//example.com/a.jpg", false),
        ("https:a.jpg", false),
        ("https:/example.com/a.jpg", false),
        ("https:\\\\example.com\\a.jpg", false),
        ("https://", false),
        (" https://example.com/a.jpg", false),
        ("https://example.com/\na.jpg", false),
        ("https://example.com/\0.jpg", false),
        ("", false),
    ] {
        let product = NewProduct {
            images: vec![url.into()],
            ..NewProduct::example()
        };
        assert_eq!(errors(&product).is_empty(), is_valid, "{url:?}");
    }
}

#[test]
fn every_broken_field_is_reported_at_once() {
    let product = NewProduct {
        name: String::new(),
        description: String::new(),
        ingredients: vec![],
        stock_quantity: -1,
        ..NewProduct::example()
    };
    assert_eq!(errors(&product).len(), 4);
}

#[test]
fn changes_have_the_same_rules() {
    assert!(ProductChanges::default().validate().is_ok());
    assert!(
        ProductChanges::from(NewProduct::example())
            .validate()
            .is_ok()
    );
    let broken = NewProduct {
        name: "!".into(),
        slug: "search".parse().ok(),
        description: String::new(),
        details: String::new(),
        images: vec!["x".into()],
        ingredients: vec![String::new()],
        stock_quantity: -1,
        seo: Seo {
            title: Some(String::new()),
            description: None,
        },
        ..NewProduct::example()
    };
    let report = ProductChanges::from(broken.clone()).validate().unwrap_err();
    let changed: Vec<_> = report
        .iter()
        .map(|(path, error)| format!("{path}: {error}"))
        .collect();
    assert_eq!(changed, errors(&broken));
    assert!(changed.contains(&"seo.title: SEO title is required".to_owned()));
}

#[test]
fn a_null_of_a_change_is_a_value() {
    let nulls = r#"{"title": null, "publish_at": null}"#;
    let changes: ProductChanges = serde_json::from_str(nulls).unwrap();
    let given = (changes.title, changes.publish_at, changes.brand);
    assert_eq!(given, (Some(None), Some(None), None));
}
