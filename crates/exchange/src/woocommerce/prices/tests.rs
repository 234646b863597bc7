use super::*;
use crate::table::Table;
use crate::woocommerce::columns::ProductLayout;
use eggypro_domain::Price;
use eggypro_domain::time::macros::date;

/// The price and the list price, or the errors.
fn read_all(cells: [&str; 4]) -> String {
    let header = [
        "Regular price",
        "Sale price",
        "Date sale price starts",
        "Date sale price ends",
    ];
    let header = std::io::Cursor::new(header.join(","));
    let layout = ProductLayout::of(&Table::open(header).unwrap());
    let cells = cells.map(str::to_owned);
    let mut row = RowCells::new(&layout, 2, &cells);
    let mut changes = ProductChanges::default();
    read(&mut row, &mut changes, date!(2026 - 06 - 15));
    match row.errors.first() {
        Some(error) => format!("{}: {}", error.column, error.message),
        None => {
            let text = |price: Option<Price>| price.map(|price| price.to_string());
            let prices = [text(changes.price), text(changes.list_price.flatten())];
            prices.map(Option::unwrap_or_default).join(" ")
        }
    }
}

#[test]
fn a_sale_counts_while_it_is_on() {
    for (cells, expected) in [
        (["20", "", "", ""], "20.00 "),
        (["20", "18", "", ""], "18.00 20.00"),
        (["20,50", "18,5", "", ""], "18.50 20.50"),
        (["20", "20", "", ""], "20.00 "),
        (["20", "25", "", ""], "20.00 "),
        (["20", "18", "2026-06-15", ""], "18.00 20.00"),
        (["20", "18", "2026-06-16 0:00:00", ""], "20.00 "),
        (["20", "18", "", "2026-06-15 23:59:59"], "18.00 20.00"),
        (["20", "18", "2026-06-01", "2026-06-14"], "20.00 "),
        (["20", "", "nonsense", ""], "20.00 "),
        (
            ["20", "18", "07.06.2026", ""],
            "Date sale price starts: Write the date as YYYY-MM-DD",
        ),
        (
            ["20", "18", "2026-13-01", ""],
            "Date sale price starts: Write the date as YYYY-MM-DD",
        ),
        (["", "", "", ""], "Regular price: Regular price is required"),
        (["0", "", "", ""], "Regular price: Price must be positive"),
    ] {
        assert_eq!(read_all(cells), expected, "{cells:?}");
    }
    assert!(read_all(["abc", "", "", ""]).starts_with("Regular price: "));
    assert!(read_all(["20", "abc", "", ""]).starts_with("Sale price: "));
}
