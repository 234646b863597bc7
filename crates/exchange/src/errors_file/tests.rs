use std::io::Cursor;

use eggypro_domain::imports::ImportError;
use proptest::prelude::*;

use super::*;
use crate::{File, Format, Row, read};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn refused(cells: Vec<String>) -> RefusedRow {
    let error = ImportError::new(2, "name", "", "Name is required");
    RefusedRow::new(1, 2, cells, vec![error])
}

/// The file of these rows.
fn file(header: &[String], rows: &[RefusedRow]) -> String {
    let (errors, mut file) = (ErrorsFile::new(header), String::new());
    errors.write_header(&mut file);
    rows.iter().for_each(|row| errors.write(row, &mut file));
    file
}

/// The format, the header and the rows of a file.
fn opened(file: &str) -> (Format, Vec<String>, Vec<Row>) {
    let File {
        format,
        header,
        rows,
    } = read(Cursor::new(file.to_owned()), None).unwrap();
    (format, header, rows.map(Result::unwrap).collect())
}

#[test]
fn rows_have_their_columns_and_their_errors() {
    let header = texts(&["sku", "name", "=x"]);
    let errors = vec![
        ImportError::new(2, "name", "", "Name is required"),
        ImportError::new(2, "", "", "A \"row\""),
    ];
    let whole = RefusedRow::new(1, 2, texts(&["A", "", "=1+1"]), errors);
    let short = refused(texts(&["'=B"]));
    let long = refused(texts(&["C", "a,b", "", "more", "'n"]));
    assert_eq!(
        file(&header, &[whole, short, long]),
        "\u{feff}sku,name,'=x,error\r\n\
         A,,'=1+1,\"name: Name is required; A \"\"row\"\"\"\r\n\
         '=B,,,name: Name is required\r\n\
         C,\"a,b\",,name: Name is required,more,''n\r\n"
    );
}

#[test]
fn lines_have_a_column_of_their_own() {
    let row = refused(texts(&["{\"sku\": 1}"]));
    assert_eq!(
        file(&[], &[row]),
        "\u{feff}line,error\r\n\"{\"\"sku\"\": 1}\",name: Name is required\r\n"
    );
}

#[test]
fn errors_of_an_earlier_file_are_replaced() {
    let row = refused(texts(&["old", "A", "surplus"]));
    assert_eq!(
        file(&texts(&["error", "sku"]), &[row]),
        "\u{feff}sku,error\r\nA,name: Name is required,surplus\r\n"
    );
}

#[test]
fn a_dash_before_a_name_does_not_hide_its_column() {
    let (_, _, rows) = opened(&file(&texts(&["- sku"]), &[refused(texts(&["A"]))]));
    let record = rows[0].product.as_ref().unwrap();
    assert_eq!(record.sku().map(|sku| sku.as_str()), Some("A"));
}

#[test]
fn every_format_reads_its_rows_again() {
    for (format, text) in [
        (
            Format::Csv,
            "sku;price;title;x\nA-1;1.234,50;=x;\nB-1;1,5;'=y;1\nC 1;1,5;;\n",
        ),
        (
            Format::Shopify,
            "Handle,Title,Body (HTML),Variant Price,Variant SKU\nbar,=Bar,<b>a</b>,10,A\ncake,,,20,B\n",
        ),
        (
            Format::WooCommerce,
            "Type,SKU,Name,Regular price,Description\nsimple,E-1,Egg,20,=a\nvariation,E-2,Egg,20,b\n",
        ),
    ] {
        let (found, header, rows) = opened(text);
        assert_eq!(found, format);
        let refused: Vec<_> = rows.iter().map(|row| refused(row.cells.clone())).collect();
        let (again, mut with_errors, rows_again) = opened(&file(&header, &refused));
        assert_eq!(again, format);
        assert_eq!(with_errors.pop().as_deref(), Some(ERROR));
        assert_eq!(with_errors, header);
        assert_eq!(rows_again.len(), rows.len());
        for (row, again) in rows.iter().zip(&rows_again) {
            assert_eq!(row.number, again.number);
            assert_eq!(row.product, again.product, "{format} {}", row.number);
        }
    }
}

proptest! {
    #[test]
    fn cells_are_read_again_as_they_came(cells in prop::collection::vec("['=+@\t\r\n,;\" -]{0,4}[^\0]{0,20}", 3)) {
        let header = texts(&["sku", "name", "x"]);
        let (_, _, rows) = opened(&file(&header, &[refused(cells.clone())]));
        let again: Vec<_> = rows[0].cells.iter().take(3).map(|cell| exact(cell)).collect();
        let expected: Vec<_> = cells.iter().map(|cell| exact(cell)).collect();
        prop_assert_eq!(again, expected);
    }
}
