//! Rows with pictures.

use super::*;

fn images(record: &Record) -> Vec<&str> {
    let images = record.changes.images.as_ref().unwrap();
    images
        .iter()
        .map(|url| url.strip_prefix("https://s.example/").unwrap())
        .collect()
}

fn alt_texts(record: &Record) -> Vec<&str> {
    let texts = record.changes.alt_texts.as_ref().unwrap();
    texts
        .iter()
        .map(|text| text.as_deref().unwrap_or("-"))
        .collect()
}

#[test]
fn pictures_belong_to_all_variants_and_the_own_one_comes_first() {
    let rows = both(&[
        &[
            ("URL handle", "whey"),
            ("Title", "Whey"),
            ("Option1 name", "Size"),
            ("Option1 value", "S"),
            ("Price", "1"),
            ("Product image URL", "https://s.example/2"),
            ("Image position", "2"),
            ("Image alt text", "Small\nbag"),
            ("Variant image URL", "https://s.example/2"),
        ],
        &[
            ("URL handle", "whey"),
            ("Option1 value", "M"),
            ("Price", "2"),
            ("Product image URL", "https://s.example/1"),
            ("Image position", "1"),
            ("Variant image URL", "https://s.example/own"),
        ],
        &[
            ("URL handle", "whey"),
            ("Option1 value", "L"),
            ("Price", "3"),
            ("Product image URL", "https://s.example/4"),
            ("Image position", "4"),
        ],
        &[
            ("URL handle", "whey"),
            ("Product image URL", "https://s.example/3"),
            ("Image position", "3"),
            ("Image alt text", "Scoop"),
        ],
        // The same picture once more.
        &[
            ("URL handle", "whey"),
            ("Product image URL", "https://s.example/1"),
        ],
    ]);
    assert_eq!(slugs(&rows), [(2, "whey-s"), (3, "whey-m"), (4, "whey-l")]);
    let records: Vec<_> = rows.into_iter().map(|row| row.product.unwrap()).collect();
    assert_eq!(images(&records[0]), ["2", "1", "3", "4"]);
    assert_eq!(alt_texts(&records[0]), ["Small bag", "-", "Scoop", "-"]);
    assert_eq!(images(&records[1]), ["own", "1", "2", "3", "4"]);
    assert_eq!(images(&records[2]), ["1", "2", "3", "4"]);
    assert_eq!(alt_texts(&records[2]), ["-", "Small bag", "Scoop", "-"]);
}

#[test]
fn wrong_rows_with_pictures_are_reported_and_left_out() {
    let long = "a".repeat(513);
    let rows = read(&file(
        true,
        &[
            &[("URL handle", "whey"), ("Title", "Whey"), ("Price", "1")],
            &[
                ("URL handle", "whey"),
                ("Product image URL", "//s.example/1"),
            ],
            &[
                ("URL handle", "whey"),
                ("Product image URL", "https://s.example/2"),
                ("Image position", "0"),
            ],
            &[
                ("URL handle", "whey"),
                ("Product image URL", "https://s.example/3"),
                ("Image alt text", long.as_str()),
            ],
            &[("URL handle", "whey")],
            &[
                ("URL handle", "whey"),
                ("Product image URL", "https://s.example/5"),
            ],
        ],
    ));
    let expected = [
        (3, "Product image URL"),
        (4, "Image position"),
        (5, "Image alt text"),
        (6, "URL handle"),
    ];
    assert_eq!(errors(&rows), expected);
    assert_eq!(images(rows[0].product.as_ref().unwrap()), ["5"]);
}

#[test]
fn a_product_has_at_most_twenty_pictures() {
    let urls: Vec<_> = (1..=22)
        .map(|number| format!("https://s.example/{number}"))
        .collect();
    let mut rows = vec![vec![
        ("URL handle", "whey"),
        ("Title", "Whey"),
        ("Price", "1"),
    ]];
    rows.extend(
        urls.iter()
            .map(|url| vec![("URL handle", "whey"), ("Product image URL", url.as_str())]),
    );
    let rows: Vec<Cells<'_>> = rows.iter().map(Vec::as_slice).collect();
    let rows = read(&file(true, &rows));
    assert_eq!(images(rows[0].product.as_ref().unwrap()).len(), 20);
    assert_eq!(
        errors(&rows),
        [(23, "Product image URL"), (24, "Product image URL")]
    );
}

#[test]
fn a_product_without_pictures_has_none() {
    let record = record(both(&[&[
        ("URL handle", "whey"),
        ("Title", "Whey"),
        ("Price", "1"),
    ]]));
    assert_eq!(record.changes.images, Some(vec![]));
    assert_eq!(record.changes.alt_texts, Some(vec![]));
}
