//! Products with variants.

use eggypro_domain::products::Nested;

use super::*;

fn options(record: &Record) -> Vec<(&str, &str)> {
    let Some(Nested::Set(options)) = &record.changes.options else {
        panic!("{:?}", record.changes.options);
    };
    options
        .iter()
        .map(|option| (option.name.as_str(), option.value.as_str()))
        .collect()
}

#[test]
fn variants_share_a_group_and_what_the_first_row_has() {
    let rows = both(&[
        &[
            ("URL handle", "whey"),
            ("Title", "Whey"),
            ("Vendor", "EggyPro"),
            ("Option1 name", "Size"),
            ("Option1 value", "1 kg"),
            ("Option2 name", "Flavour"),
            ("Option2 value", "Süße Vanille"),
            ("SKU", "W-1"),
            ("Price", "39.90"),
        ],
        &[
            ("URL handle", "whey"),
            ("Option1 value", "1 kg"),
            ("Option2 value", "Cacao"),
            ("SKU", "W-2"),
            ("Price", "39.90"),
        ],
        &[
            ("URL handle", "whey"),
            ("Option1 value", "2 kg"),
            ("Option2 value", "Cacao"),
            ("SKU", "W-3"),
            ("Price", "69.90"),
        ],
    ]);
    let expected = [
        (2, "whey-1-kg-susse-vanille"),
        (3, "whey-1-kg-cacao"),
        (4, "whey-2-kg-cacao"),
    ];
    assert_eq!(slugs(&rows), expected);
    let records: Vec<_> = rows.into_iter().map(|row| row.product.unwrap()).collect();
    for record in &records {
        assert_eq!(record.changes.name.as_deref(), Some("Whey"));
        assert_eq!(record.changes.brand, Some(Some("EggyPro".to_owned())));
        let group = record.changes.group.clone().flatten();
        assert_eq!(group.unwrap().as_str(), "whey");
    }
    assert_eq!(
        options(&records[0]),
        [("Size", "1 kg"), ("Flavour", "Süße Vanille")]
    );
    assert_eq!(
        options(&records[2]),
        [("Size", "2 kg"), ("Flavour", "Cacao")]
    );
}

#[test]
fn a_single_variant_keeps_its_options() {
    let record = record(both(&[&[
        ("URL handle", "whey"),
        ("Title", "Whey"),
        ("Option1 name", "Size"),
        ("Option1 value", "1 kg"),
        ("Price", "39.90"),
    ]]));
    assert_eq!(options(&record), [("Size", "1 kg")]);
    assert_eq!(record.slug().unwrap().as_str(), "whey");
    assert_eq!(record.changes.group, Some(None));
}

/// Reads the variants of a product with these sizes and prices.
fn variants(of: &[(&str, &str)]) -> Vec<Row> {
    let rows = of.iter().enumerate().map(|(at, (size, price))| {
        let mut row = vec![
            ("URL handle", "whey"),
            ("Option1 value", *size),
            ("Price", *price),
        ];
        if at == 0 {
            row.extend([("Title", "Whey"), ("Option1 name", "Size")]);
        }
        row
    });
    let rows: Vec<_> = rows.collect();
    let rows: Vec<Cells<'_>> = rows.iter().map(Vec::as_slice).collect();
    read(&file(true, &rows))
}

#[test]
fn a_wrong_variant_does_not_stop_the_others() {
    let rows = variants(&[("S", "19.90"), ("M", "x"), ("L", "")]);
    assert_eq!(slugs(&rows), [(2, "whey-s")]);
    assert_eq!(errors(&rows), [(3, "Price"), (4, "Price")]);
}

#[test]
fn variants_differ_in_their_options() {
    let rows = variants(&[("S", "19.90"), ("S!", "29.90"), ("", "39.90")]);
    assert_eq!(slugs(&rows), [(2, "whey-s")]);
    assert_eq!(errors(&rows), [(3, "URL handle"), (4, "Option1 value")]);
}

#[test]
fn errors_of_the_first_row_refuse_all_variants() {
    let rows = read(&file(
        true,
        &[
            &[
                ("URL handle", "whey"),
                ("Option1 name", "Size"),
                ("Option1 value", "S"),
                ("Price", "1"),
            ],
            &[
                ("URL handle", "whey"),
                ("Option1 value", "M"),
                ("Price", "2"),
            ],
            &[("URL handle", "bar"), ("Title", "Bar"), ("Price", "3")],
        ],
    ));
    assert_eq!(errors(&rows), [(2, "Title"), (3, "")]);
    assert_eq!(slugs(&rows), [(4, "bar")]);
}

#[test]
fn options_have_names() {
    let rows = read(&file(
        true,
        &[
            &[
                ("URL handle", "whey"),
                ("Title", "Whey"),
                ("Option1 value", "S"),
                ("Price", "1"),
            ],
            &[
                ("URL handle", "whey"),
                ("Option1 value", "M"),
                ("Price", "2"),
            ],
        ],
    ));
    assert_eq!(errors(&rows), [(2, "Option1 name"), (3, "Option1 name")]);
}

#[test]
fn rows_of_a_handle_stand_together() {
    let rows = read(&file(
        true,
        &[
            &[("URL handle", "whey"), ("Title", "Whey"), ("Price", "1")],
            &[("URL handle", "bar"), ("Title", "Bar"), ("Price", "2")],
            &[("URL handle", "whey"), ("Title", "Whey"), ("Price", "3")],
            &[("Title", "No handle"), ("Price", "3")],
            &[("URL handle", "egg"), ("Title", "Egg"), ("Price", "4")],
        ],
    ));
    assert_eq!(slugs(&rows), [(2, "whey"), (3, "bar"), (6, "egg")]);
    assert_eq!(errors(&rows), [(4, "URL handle"), (5, "URL handle")]);
}

#[test]
fn slugs_are_unique_in_a_file() {
    let rows = read(&file(
        true,
        &[
            &[
                ("URL handle", "whey-s"),
                ("Title", "Whey S"),
                ("Price", "1"),
            ],
            &[
                ("URL handle", "whey"),
                ("Title", "Whey"),
                ("Option1 name", "Size"),
                ("Option1 value", "S"),
                ("Price", "2"),
            ],
            &[
                ("URL handle", "whey"),
                ("Option1 value", "M"),
                ("Price", "3"),
            ],
        ],
    ));
    assert_eq!(slugs(&rows), [(2, "whey-s"), (4, "whey-m")]);
    assert_eq!(errors(&rows), [(3, "URL handle")]);
}

#[test]
fn a_product_has_a_maximum_number_of_rows() {
    let values: Vec<_> = (0..MAX_ROWS + 2)
        .map(|number| format!("v{number}"))
        .collect();
    let variants: Vec<_> = values
        .iter()
        .map(|value| (value.as_str(), "1.00"))
        .collect();
    let rows = self::variants(&variants);
    assert_eq!(slugs(&rows).len(), MAX_ROWS);
    let last = u64::try_from(rows.len()).unwrap() + 1;
    assert_eq!(
        errors(&rows),
        [(last - 1, "URL handle"), (last, "URL handle")]
    );
}

#[test]
fn a_product_of_a_broken_file_is_no_product() {
    let first = "Handle,Title,Option1 Name,Option1 Value,Variant Price\nwhey,Whey,Size,1 kg,9\n";
    let long = "x".repeat(3 * 1024 * 1024);
    let file = format!("{first}whey,,,{long},9\n");
    let table = Table::open(std::io::Cursor::new(file)).unwrap();
    let mut rows = rows(table).unwrap();
    assert!(matches!(
        rows.next(),
        Some(Err(ReadError::TooLong { row: 3 }))
    ));
    assert!(rows.next().is_none());
}
