//! Files as programs write them.
//!
//! `tests/files` has the same table of two products, with an empty row between them, as these programs save it:
//!
//! | File | Program |
//! | --- | --- |
//! | `libreoffice-german.csv` | LibreOffice Calc 7.4 in German: semicolons, Windows-1252, decimal commas, `WAHR` |
//! | `libreoffice-english.csv` | LibreOffice Calc 7.4 in English: commas, UTF-8 |
//! | `excel-utf-8.csv` | "CSV UTF-8" of Excel in German: byte order mark, semicolons. Made by hand, after the documentation |
//! | `excel-unicode.txt` | "Unicode text" of Excel in German: UTF-16 with tabs. Made by hand, after the documentation |
//! | `python-quote-all.csv` | Python 3, `csv.writer(file, quoting=csv.QUOTE_ALL)` |
//! | `pandas.csv` | pandas 3.1, `to_csv`: whole numbers are floats if cells of their column are empty |
//! | `pandas-numbers.csv` | the same with numeric SKUs and GTINs, which become floats too |

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

use eggypro_exchange::{Format, Record, Row, read};

fn rows(file: &'static [u8]) -> Vec<Row> {
    let file = read(file, None).unwrap();
    assert_eq!(file.format, Format::Csv);
    file.rows.map(Result::unwrap).collect()
}

fn record(row: &Row) -> &Record {
    row.product
        .as_ref()
        .unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// Checks the two products of the table.
fn check(file: &'static [u8]) {
    let rows = rows(file);
    let numbers: Vec<u64> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [2, 4]);
    let records: Vec<&Record> = rows.iter().map(record).collect();
    let [first, second] = records.as_slice() else {
        panic!("{records:?}");
    };
    let changes = &first.changes;
    assert_eq!(first.sku().map(|sku| sku.as_str()), Some("EP-1"));
    assert_eq!(
        first.gtin().map(|gtin| gtin.as_str()),
        Some("4006381333931")
    );
    let title = changes.title.as_ref().unwrap().as_deref();
    assert_eq!(title, Some("EggyPro Müsli „Crème“; 1 kg"));
    assert_eq!(changes.price, "1234.50".parse().ok());
    assert_eq!(changes.list_price, Some("1299.90".parse().ok()));
    assert_eq!(changes.stock_quantity, Some(12));
    assert_eq!(changes.is_active, Some(true));
    let description = "Zeile 1\nZeile 2 mit \"Zitat\", Komma";
    assert_eq!(changes.description.as_deref(), Some(description));
    let ingredients = ["Haferflocken", "Eiklar (97,5 %)"].map(str::to_owned);
    assert_eq!(changes.ingredients, Some(ingredients.to_vec()));
    assert_eq!(changes.brand, Some(None));

    let changes = &second.changes;
    assert_eq!(second.sku().map(|sku| sku.as_str()), Some("0042"));
    assert_eq!(changes.title, Some(Some("Größe €".to_owned())));
    assert_eq!(changes.price, "2.50".parse().ok());
    assert_eq!(
        (changes.list_price, changes.stock_quantity),
        (Some(None), None)
    );
    assert_eq!((second.gtin(), changes.is_active), (None, Some(false)));
}

#[test]
fn files_of_libreoffice_are_read() {
    check(include_bytes!("files/libreoffice-german.csv"));
    check(include_bytes!("files/libreoffice-english.csv"));
}

#[test]
fn files_of_excel_are_read() {
    check(include_bytes!("files/excel-utf-8.csv"));
    check(include_bytes!("files/excel-unicode.txt"));
}

#[test]
fn files_of_python_are_read() {
    check(include_bytes!("files/python-quote-all.csv"));
    check(include_bytes!("files/pandas.csv"));
}

#[test]
fn codes_that_became_floats_are_refused() {
    let rows = rows(include_bytes!("files/pandas-numbers.csv"));
    let errors = rows.iter().filter_map(|row| row.product.as_ref().err());
    let errors = errors.flatten().map(|error| {
        let hint = error.message.contains("Format the column as text");
        (error.row, error.column.as_str(), error.value.as_str(), hint)
    });
    assert_eq!(
        errors.collect::<Vec<_>>(),
        [
            (2, "sku", "1001.0", true),
            (2, "gtin", "4006381333931.0", true),
            (3, "gtin", "96385074.0", true),
            (4, "sku", "1003.0", true),
            (4, "price", "", false),
        ]
    );
}
