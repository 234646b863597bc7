//! Products without variants, and their cells.

use eggypro_domain::products::{ContentUnit, Nested, NetContent};

use super::*;

/// A valid row with other cells.
fn row<'a>(others: Cells<'a>) -> Vec<(&'a str, &'a str)> {
    let mut cells = others.to_vec();
    cells.extend([
        ("URL handle", "whey"),
        ("Title", "Whey"),
        ("Option1 name", "Title"),
        ("Option1 value", "Default Title"),
        ("Price", "39.90"),
    ]);
    cells
}

fn read_with(others: Cells<'_>) -> Vec<Row> {
    both(&[&row(others)])
}

fn price(text: &str) -> eggypro_domain::Price {
    text.parse().unwrap()
}

#[test]
fn a_product_without_variants_has_no_group() {
    let record = record(read_with(&[
        ("Title", "Süßes Whey & Co."),
        ("Description", "<p>Milk <b>protein</b></p><p>24 g</p>"),
        ("Vendor", "EggyPro"),
        ("Type", "Protein powder"),
        ("Tags", "vegetarian, Sale, vegetarian"),
        ("Published on online store", "TRUE"),
        ("Status", "active"),
        ("SKU", "W-10"),
        ("Barcode", "'4006381333931"),
        ("Compare-at price", "44.90"),
        ("Inventory tracker", "shopify"),
        ("Inventory quantity", "12"),
        ("SEO title", "Whey protein"),
    ]));
    assert_eq!(record.slug().unwrap().as_str(), "whey");
    let changes = record.changes;
    assert_eq!(changes.name.as_deref(), Some("Susses Whey Co"));
    assert_eq!(changes.title, Some(Some("Süßes Whey & Co.".to_owned())));
    assert_eq!(changes.description.as_deref(), Some("Milk protein\n\n24 g"));
    assert_eq!(changes.details, None);
    assert_eq!(changes.brand, Some(Some("EggyPro".to_owned())));
    let categories = changes.categories.unwrap();
    let categories: Vec<_> = categories.iter().map(|slug| slug.as_str()).collect();
    assert_eq!(categories, ["protein-powder", "vegetarian", "sale"]);
    assert_eq!(changes.is_active, Some(true));
    assert_eq!(changes.sku.unwrap().unwrap().as_str(), "W-10");
    assert_eq!(changes.gtin.unwrap().unwrap().as_str(), "4006381333931");
    assert_eq!(changes.price, Some(price("39.90")));
    assert_eq!(changes.list_price, Some(Some(price("44.90"))));
    assert_eq!(changes.stock_quantity, Some(12));
    assert_eq!(changes.group, Some(None));
    assert_eq!(changes.options, Some(Nested::Set(vec![])));
    let Some(Nested::Set(seo)) = changes.seo else {
        panic!("{:?}", changes.seo);
    };
    assert_eq!(
        (seo.title.as_deref(), seo.description),
        (Some("Whey protein"), None)
    );
    assert_eq!((changes.net_content, changes.ingredients), (None, None));
}

#[test]
fn columns_that_a_file_does_not_have_change_nothing() {
    let record = record(read("Handle,Title\nwhey,Whey\n"));
    let changes = record.changes;
    assert_eq!(changes.name.as_deref(), Some("Whey"));
    assert_eq!(changes.title, Some(None));
    assert_eq!(
        (changes.price, changes.sku, changes.brand),
        (None, None, None)
    );
    assert_eq!(
        (changes.is_active, changes.group, changes.images),
        (None, None, None)
    );
    assert_eq!(
        (changes.seo, changes.categories, changes.list_price),
        (None, None, None)
    );
}

#[test]
fn scripts_are_no_text() {
    let html = "<p>Egg</p><script>alert('x')</script><img src=x onerror=alert(1)>";
    let record = record(read_with(&[("Description", html)]));
    assert_eq!(record.changes.description.as_deref(), Some("Egg"));
}

#[test]
fn only_active_and_published_products_are_on_sale() {
    for (status, published, expected) in [
        ("active", "TRUE", true),
        ("Active", "true", true),
        ("", "", true),
        ("draft", "TRUE", false),
        ("archived", "TRUE", false),
        ("unlisted", "TRUE", false),
        ("active", "FALSE", false),
    ] {
        let cells = [("Status", status), ("Published on online store", published)];
        let record = record(read_with(&cells));
        assert_eq!(
            record.changes.is_active,
            Some(expected),
            "{status} {published}"
        );
    }
}

#[test]
fn a_list_price_is_above_the_price() {
    for (compare_at, expected) in [
        ("49.90", Some(price("49.90"))),
        ("39.90", None),
        ("29.90", None),
        ("0.00", None),
        ("", None),
    ] {
        let record = record(read_with(&[("Compare-at price", compare_at)]));
        assert_eq!(record.changes.list_price, Some(expected), "{compare_at}");
    }
}

#[test]
fn decimals_can_be_german() {
    let record = record(read_with(&[
        ("Price", "1.039,90"),
        ("Compare-at price", "1.099,00 €"),
    ]));
    assert_eq!(record.changes.price, Some(price("1039.90")));
    assert_eq!(record.changes.list_price, Some(Some(price("1099"))));
}

#[test]
fn the_measure_of_the_unit_price_is_the_content_or_else_the_weight() {
    use ContentUnit::{Gram, Millilitre, Piece};

    for (measure, unit, grams, expected) in [
        ("500", "g", "520", Some(("500", Gram))),
        ("75", "cl", "900", Some(("750", Millilitre))),
        ("10", "item", "600", Some(("10", Piece))),
        ("", "", "750.0", Some(("750", Gram))),
        ("", "", "453.59237", Some(("453.592", Gram))),
        ("", "", "0", None),
        ("", "", "", None),
        ("2", "m", "520", None),
    ] {
        let record = record(read_with(&[
            ("Unit price total measure", measure),
            ("Unit price total measure unit", unit),
            ("Weight value (grams)", grams),
        ]));
        let expected = expected.map(|(value, unit)| {
            let content = NetContent::new(value.parse().unwrap(), unit).unwrap();
            Some(Nested::Set(content))
        });
        assert_eq!(
            record.changes.net_content, expected,
            "{measure} {unit} {grams}"
        );
    }
}

#[test]
fn the_first_of_several_barcodes_is_read() {
    let record = record(read_with(&[("Barcode", "4006381333931, B00EXAMPLE")]));
    assert_eq!(
        record.changes.gtin.unwrap().unwrap().as_str(),
        "4006381333931"
    );
}

#[test]
fn an_apostrophe_marks_a_number_as_text() {
    let record = record(read_with(&[("SKU", "'1001.0")]));
    assert_eq!(record.sku().unwrap().as_str(), "1001.0");
}

#[test]
fn more_sold_than_in_stock_is_sold_out() {
    let counted = [
        ("Inventory tracker", "shopify"),
        ("Inventory quantity", "-3"),
    ];
    assert_eq!(record(read_with(&counted)).changes.stock_quantity, Some(0));
    // Without a tracker, Shopify does not count.
    let uncounted = record(read_with(&[("Inventory quantity", "0")]));
    assert_eq!(uncounted.changes.stock_quantity, None);
}

#[test]
fn numbers_have_the_point_of_shopify_or_the_mark_of_the_file() {
    let weight = |text, price| {
        let cells = [("Weight value (grams)", text), ("Price", price)];
        let Some(Some(Nested::Set(content))) = record(read_with(&cells)).changes.net_content else {
            panic!("{text}");
        };
        content.value().to_string()
    };
    assert_eq!(weight("453.592", "9.90"), "453.592");
    assert_eq!(weight("1.200", "9,90"), "1200");
}

#[test]
fn wrong_cells_are_reported_by_their_column() {
    let long = "a".repeat(256);
    for (column, value) in [
        ("Title", ""),
        ("Title", long.as_str()),
        ("Vendor", long.as_str()),
        ("Price", ""),
        ("Price", "free"),
        ("Price", "0.00"),
        ("Price", "1.234"),
        ("Compare-at price", "-1.00"),
        ("Barcode", "4006381333932"),
        ("Barcode", "4.00638E+12"),
        ("Barcode", "4,00638E+12"),
        ("Barcode", "4006381333931.0"),
        ("SKU", "1001.0"),
        ("SKU", "W 10"),
        ("Inventory quantity", "many"),
        ("Weight value (grams)", "-5"),
        ("Status", "on sale"),
        ("Published on online store", "perhaps"),
        ("SEO title", long.as_str()),
        ("SEO description", long.as_str()),
        ("Product image URL", "a.jpg"),
        ("Variant image URL", "a.jpg"),
        ("URL handle", ""),
        ("URL handle", "!!!"),
        ("URL handle", "search"),
    ] {
        let rows = read_with(&[(column, value)]);
        assert_eq!(errors(&rows), [(2, column)], "{value}");
    }
}

#[test]
fn errors_name_the_columns_as_the_file_does() {
    let wrong = row(&[("Price", ""), ("Barcode", "1"), ("Status", "x")]);
    let good = [("URL handle", "bar"), ("Title", "Bar"), ("Price", "2.49")];
    let cells: [Cells<'_>; 2] = [&wrong, &good];
    let old = read(&file(false, &cells));
    let mut columns: Vec<_> = errors(&old).into_iter().map(|(_, column)| column).collect();
    columns.sort();
    assert_eq!(columns, ["Status", "Variant Barcode", "Variant Price"]);
    assert_eq!(slugs(&old), [(3, "bar")]);
    assert_eq!(old[0].cells.len(), COLUMNS.len());
}
