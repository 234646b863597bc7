//! Products with rows that can't be read.

use super::*;

const HEADER: &str = "Handle,Title,Option1 Name,Option1 Value,Variant Price,Image Src\n";

/// A row of a product without variants.
fn simple(handle: &str) -> String {
    format!("{handle},{handle},Title,Default Title,9,\n")
}

/// Reads rows with a header.
fn rows_of(rows: &[&str]) -> Vec<Row> {
    read(&format!("{HEADER}{}", rows.concat()))
}

/// The numbers and messages of the rows that are refused because of another one.
fn refused_by_others(rows: &[Row]) -> Vec<(u64, &str)> {
    let errors = rows.iter().filter_map(|row| row.product.as_ref().err());
    let errors = errors.flatten();
    let errors = errors.filter(|error| error.message.starts_with("Row "));
    errors
        .map(|error| (error.row, error.message.as_str()))
        .collect()
}

#[test]
fn a_row_that_cant_be_read_refuses_its_product() {
    let picture = "https://s.example/1";
    let good = format!("whey,,,,,{picture}\n");
    let bad = format!("whey,,,,,{picture},x\n");
    let (bar, whey, egg) = (simple("bar"), simple("whey"), simple("egg"));
    let rows = rows_of(&[&bar, &whey, &bad, &good, "whey,,,,,\n", &egg]);
    let numbers: Vec<u64> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [2, 3, 4, 5, 6, 7]);
    assert_eq!(slugs(&rows), [(2, "bar"), (7, "egg")]);
    let by_row_4 = "Row 4 can't be read and may be another row of this product: correct it";
    assert_eq!(
        refused_by_others(&rows),
        [(3, by_row_4), (5, by_row_4), (6, by_row_4)]
    );
    let own = rows[2].product.as_ref().unwrap_err();
    assert_eq!(own.len(), 1);
    assert!(own[0].message.starts_with("This row has more cells"));
    // What else is wrong is reported too.
    assert_eq!(errors(&rows).len(), 5);
    // After the correction, the product has the slug that it has in the shop.
    let rows = rows_of(&[&bar, &whey, &good, &good, &egg]);
    assert_eq!(slugs(&rows), [(2, "bar"), (3, "whey"), (6, "egg")]);
}

#[test]
fn a_first_row_that_cant_be_read_refuses_its_product_only() {
    let (bar, egg) = (simple("bar"), simple("egg"));
    let rows = rows_of(&[
        &bar,
        "whey,Whey,Size,S,9,,x\n",
        "whey,Whey,Size,M,9,\n",
        "whey,,,L,9,\n",
        &egg,
    ]);
    assert_eq!(slugs(&rows), [(2, "bar"), (6, "egg")]);
    let by_row_3 = "Row 3 can't be read and may be another row of this product: correct it";
    assert_eq!(refused_by_others(&rows), [(4, by_row_3), (5, by_row_3)]);
    // A handle that comes again later is no product of its own.
    let rows = rows_of(&["whey,Whey,,,9,,x\n", &egg, "whey,Whey,,,9,\n"]);
    assert_eq!(slugs(&rows), [(3, "egg")]);
    assert_eq!(rows.len(), 3);
    let rows = rows_of(&[&egg, &bar, "egg,,,,,x,x\n", &simple("whey")]);
    assert_eq!(slugs(&rows), [(2, "egg"), (3, "bar"), (5, "whey")]);
}

#[test]
fn a_row_of_an_unknown_product_refuses_its_neighbours() {
    let read = |rows: &[&str]| {
        let header = "Title,Handle,Option1 Name,Option1 Value,Variant Price\n";
        read(&format!("{header}{}", rows.concat()))
    };
    let (bar, egg) = ("Bar,bar,Size,S,9\n", "Egg,egg,Size,S,9\n");
    let others = ["A,a,Size,S,9\n", "Z,z,Size,S,9\n"];
    // The comma in the title has moved the handle.
    let moved = "Bar, small,bar,Size,M,9\n";
    let rows = read(&[others[0], bar, moved, egg, others[1]]);
    assert_eq!(slugs(&rows), [(2, "a"), (6, "z")]);
    let by_row_4 = "Row 4 can't be read and may be another row of this product: correct it";
    assert_eq!(refused_by_others(&rows), [(3, by_row_4), (5, by_row_4)]);
    // Between two rows of a product it is one of that product.
    let rows = read(&[bar, moved, ",bar,,L,9\n", egg]);
    assert_eq!(slugs(&rows), [(5, "egg")]);
    let rows = read(&[moved, bar, egg]);
    assert_eq!(slugs(&rows), [(4, "egg")]);
}

#[test]
fn a_row_without_a_handle_refuses_the_product_that_it_may_belong_to() {
    let (whey, egg) = (simple("whey"), simple("egg"));
    for (row, expected) in [
        (",,,M,9,\n", vec![(4, "egg")]),
        (",whey,,M,9,\n", vec![(4, "egg")]),
        (",Bar,,M,9,\n", vec![(2, "whey"), (4, "egg")]),
    ] {
        let rows = rows_of(&[&whey, row, &egg]);
        assert_eq!(slugs(&rows), expected, "{row}");
        assert_eq!(rows.len(), 3);
    }
}
