use std::io::Cursor;

use super::*;
use crate::record::Record;
use eggypro_domain::products::{Nested, ProductOption};

fn read(text: &str) -> Vec<Row> {
    let text = Text::open(Cursor::new(text.to_owned())).unwrap();
    rows(text).collect::<Result<_, _>>().unwrap()
}

fn record(line: &str) -> Record {
    read(line).pop().unwrap().product.unwrap()
}

fn errors(line: &str) -> Vec<String> {
    let errors = read(line).pop().unwrap().product.unwrap_err().into_iter();
    errors
        .map(|error| format!("{}: {}", error.column, error.message))
        .collect()
}

#[test]
fn lines_have_numbers() {
    let rows = read("\n{\"sku\": \"A\"}\r\n\n  \nx\n{\"sku\": \"B\"}");
    let numbers: Vec<(u64, bool)> = rows
        .iter()
        .map(|row| (row.number, row.product.is_ok()))
        .collect();
    assert_eq!(numbers, [(2, true), (5, false), (6, true)]);
    assert_eq!(rows[0].cells, ["{\"sku\": \"A\"}"]);
}

#[test]
fn a_product_of_the_api_is_read() {
    let record = record(
        r#"{"id": 1, "name": "Egg", "slug": "egg", "price": 39.90, "images": ["https://a.example/1"],
            "media": [{"url": "https://a.example/1", "alt_text": "Egg", "width": null}],
            "categories": [{"id": 3, "name": "Powder", "slug": "powder"}, "eggs"], "rating": {"count": 1},
            "options": {"Size": "1 kg", "Flavour": "Egg"}, "net_content": {"value": 1, "unit": "kg"},
            "unit_price": {"price": 39.9, "per": "1 kg"}, "version": 4, "created_at": "2026-01-05T10:00:00Z",
            "publish_at": null, "food": null, "seo": {"title": null, "description": "E"}}"#
            .replace('\n', "").as_str(),
    );
    assert_eq!(record.slug().map(|slug| slug.as_str()), Some("egg"));
    let changes = &record.changes;
    assert_eq!(changes.price, "39.9".parse().ok());
    assert_eq!(
        changes.categories,
        Some(vec!["powder".parse().unwrap(), "eggs".parse().unwrap()])
    );
    assert_eq!(changes.alt_texts, Some(vec![Some("Egg".to_owned())]));
    let option = |name: &str, value: &str| ProductOption {
        name: name.into(),
        value: value.into(),
    };
    let options = vec![option("Size", "1 kg"), option("Flavour", "Egg")];
    assert_eq!(changes.options, Some(Nested::Set(options)));
    assert_eq!(
        (changes.food.clone(), changes.publish_at),
        (Some(None), Some(None))
    );
    assert_eq!(
        (&changes.description, changes.stock_quantity),
        (&None, None)
    );
}

#[test]
fn all_wrong_members_are_reported() {
    let line = r#"{"name": null, "price": "5", "sku": "a b", "sku": "c", "stock_quantity": 1.5, "is_active": 1,
        "categories": ["Egg White", 5], "publish_at": "today", "media": [{"alt_text": 5}, 6], "options": {"Size": 5},
        "net_content": {"value": 0, "unit": "kg"}, "food": {"diets": ["none"], "nutrition": {"fat": -1}},
        "images": ["x"], "seo": [], "title": "a\u200bb"}"#;
    assert_eq!(
        errors(&line.replace('\n', "")),
        [
            "sku: This member is given twice",
            "price: Price must be a number",
            "name: Name is required",
            "stock_quantity: This must be an integer",
            "is_active: This must be true or false",
            "categories[0]: Unknown category: Egg White",
            "categories[1]: This must be the slug of a category",
            "publish_at: This must be a time such as 2027-01-05T10:00:00Z",
            "sku: SKU must contain only letters, numbers, dots, underscores, and hyphens",
            "net_content.value: Net content must be positive",
            "food.diets: Diet must be one of vegetarian, vegan, gluten-free, lactose-free, halal, kosher",
            "food.nutrition.basis: Basis is required",
            "food.nutrition.fat: This must be a number of 0 or more",
            "options.Size: This must be a text",
            "media[0].alt_text: This must be a text",
            "media[1]: This must be an object",
            "seo: This must be an object",
            "images[0]: Image URL must be an absolute http or https URL",
            "title: Title must not contain invisible characters",
        ]
    );
}

#[test]
fn other_lines_are_refused() {
    for (line, expected) in [
        ("x", ": This line is not JSON, from character 1"),
        (
            "[1]",
            ": This line is not a JSON object of a product. Write one product a line",
        ),
        ("{}", ": This line has no member of a product, such as name"),
        (
            "{\"id\": 5}",
            ": This line has no member of a product, such as name",
        ),
        (
            "{\"name\": \"Egg\"},",
            ": This line is not JSON, from character 16",
        ),
        // Within the file, a broken line is only one wrong row.
        (
            "{\"sku\": \"A\", \"title\": \"Eg\n",
            ": This line is not JSON, from character 25",
        ),
    ] {
        assert_eq!(errors(line), [expected], "{line}");
    }
    let deep = format!("{{\"food\": {}\n", "[".repeat(100_000));
    assert_eq!(errors(&deep).len(), 1);
}

#[test]
fn the_end_of_the_file_within_a_line_ends_the_reading() {
    let cut = "The file ends in the middle of row 2, as after a broken transfer. If the row is complete, add a line break after it";
    for (line, is_cut) in [
        (r#"{"sku": "B", "title": "Eg"#, true),
        (r#"{"sku": "B", "title": "Egg""#, true),
        (r#"{"sku": "B", "price": 1"#, true),
        (r#"{"sku": "B", "images": ["#, true),
        ("{", true),
        (r#"{"sku": "B"}"#, false),
        (r#"{"sku": "B"} "#, false),
        (r#"{"sku": "B"},"#, false),
        ("x", false),
    ] {
        let text = Text::open(Cursor::new(format!("{{\"sku\": \"A\"}}\n{line}"))).unwrap();
        let rows: Vec<_> = rows(text).collect();
        assert_eq!(rows.len(), 2, "{line}");
        let error = rows[1].as_ref().err().map(ToString::to_string);
        assert_eq!(error.as_deref(), is_cut.then_some(cut), "{line}");
    }
    // The transfer ends within a character.
    let bytes = b"{\"sku\": \"A\"}\n{\"title\": \"\xc3".to_vec();
    let last = rows(Text::open(Cursor::new(bytes)).unwrap()).last();
    assert_eq!(last.unwrap().unwrap_err().to_string(), cut);
}

#[test]
fn paths_of_members_are_cut() {
    let name = "é".repeat(1_000);
    let line = format!("{{\"options\": {{\"{name}\": 5}}, \"{name}\": 1, \"{name}\": 2}}");
    let row = read(&line).pop().unwrap();
    let errors = row.product.unwrap_err();
    let lengths = errors.iter().map(|error| error.column.chars().count());
    assert_eq!(lengths.collect::<Vec<_>>(), [200, 200]);
}

#[test]
fn long_lines_end_the_reading() {
    let text = format!("{{\"sku\": \"A\"}}\n{}\n{{}}\n", "x".repeat(MAX_ROW + 1));
    let text = Text::open(Cursor::new(text)).unwrap();
    let rows: Vec<_> = rows(text).collect();
    assert_eq!(rows.len(), 2);
    assert!(matches!(rows[1], Err(ReadError::TooLong { row: 2 })));
}

#[test]
fn a_line_has_few_members_entries_and_errors() {
    let many = |count: usize, entry: &str| vec![entry; count].join(",");
    let members: Vec<String> = (0..201).map(|at| format!("\"m{at}\": 1")).collect();
    let line = format!("{{{}}}", members.join(","));
    assert_eq!(errors(&line).len(), 1);
    for name in ["ingredients", "images", "categories"] {
        let line = format!("{{\"{name}\": [{}]}}", many(201, "\"\""));
        let expected = format!("{name}: This list has more than 200 entries");
        assert_eq!(errors(&line), [expected]);
    }
    let line = format!("{{\"ingredients\": [{}]}}", many(200, "\"\""));
    assert_eq!(errors(&line).len(), 50);
    let long = "x".repeat(1_000_000);
    let row = read(&format!("{{\"sku\": \"{long}\"}}")).pop().unwrap();
    assert_eq!(row.product.unwrap_err()[0].value.len(), 200);
}
