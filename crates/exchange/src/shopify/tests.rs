mod extra;
mod groups;
mod pictures;
mod products;
mod unreadable;

use super::*;
use crate::record::Record;

/// The columns of both sets that the tests use, older name first. Some of them are not read.
const COLUMNS: [(&str, &str); 32] = [
    ("Handle", "URL handle"),
    ("Title", "Title"),
    ("Body (HTML)", "Description"),
    ("Vendor", "Vendor"),
    ("Product Category", "Product category"),
    ("Type", "Type"),
    ("Tags", "Tags"),
    ("Published", "Published on online store"),
    ("Option1 Name", "Option1 name"),
    ("Option1 Value", "Option1 value"),
    ("Option2 Name", "Option2 name"),
    ("Option2 Value", "Option2 value"),
    ("Option3 Name", "Option3 name"),
    ("Option3 Value", "Option3 value"),
    ("Variant SKU", "SKU"),
    ("Variant Grams", "Weight value (grams)"),
    ("Variant Inventory Tracker", "Inventory tracker"),
    ("Variant Inventory Qty", "Inventory quantity"),
    ("Variant Price", "Price"),
    ("Variant Compare At Price", "Compare-at price"),
    ("Unit Price Total Measure", "Unit price total measure"),
    (
        "Unit Price Total Measure Unit",
        "Unit price total measure unit",
    ),
    ("Variant Barcode", "Barcode"),
    ("Image Src", "Product image URL"),
    ("Image Position", "Image position"),
    ("Image Alt Text", "Image alt text"),
    ("SEO Title", "SEO title"),
    ("SEO Description", "SEO description"),
    ("Variant Image", "Variant image URL"),
    ("Variant Weight Unit", "Weight unit for display"),
    ("Cost per item", "Cost per item"),
    ("Status", "Status"),
];

/// Cells of a row by the names of the newer set. The others are empty.
type Cells<'a> = &'a [(&'a str, &'a str)];

/// A file in the older or the newer set of columns.
fn file(is_new: bool, rows: &[Cells<'_>]) -> String {
    let header = COLUMNS.map(|(old, new)| if is_new { new } else { old });
    let mut lines = vec![header.join(",")];
    for row in rows {
        let cells = COLUMNS.map(|(_, column)| {
            let cell = row.iter().find(|(name, _)| *name == column);
            let text = cell.map(|(_, text)| *text).unwrap_or_default();
            format!("\"{}\"", text.replace('"', "\"\""))
        });
        lines.push(cells.join(","));
    }
    lines.join("\n")
}

/// Reads a text.
fn read(text: &str) -> Vec<Row> {
    let input = std::io::Cursor::new(text.as_bytes().to_vec());
    let rows = rows(Table::open(input).unwrap()).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Reads the same rows from both sets of columns.
fn both(cells: &[Cells<'_>]) -> Vec<Row> {
    let (old, new) = (read(&file(false, cells)), read(&file(true, cells)));
    let numbers = |rows: &[Row]| rows.iter().map(|row| row.number).collect::<Vec<_>>();
    assert_eq!(numbers(&old), numbers(&new));
    for (old, new) in old.iter().zip(&new) {
        match (&old.product, &new.product) {
            (Ok(old), Ok(new)) => assert_eq!(old, new),
            (Err(old), Err(new)) => assert_eq!(old.len(), new.len(), "{old:?} {new:?}"),
            (old, new) => panic!("{old:?} {new:?}"),
        }
    }
    new
}

/// The only record of rows.
fn record(rows: Vec<Row>) -> Record {
    let [row]: [Row; 1] = rows.try_into().unwrap();
    row.product.unwrap()
}

/// The rows and columns of all errors.
fn errors(rows: &[Row]) -> Vec<(u64, &str)> {
    let errors = rows.iter().filter_map(|row| row.product.as_ref().err());
    let errors = errors.flatten();
    errors
        .map(|error| (error.row, error.column.as_str()))
        .collect()
}

/// The slugs of the rows without errors.
fn slugs(rows: &[Row]) -> Vec<(u64, &str)> {
    let records = rows.iter().filter_map(|row| {
        let record = row.product.as_ref().ok()?;
        Some((row.number, record.slug()?.as_str()))
    });
    records.collect()
}

#[test]
fn headers_of_both_sets_are_recognized() {
    for (header, expected) in [
        (file(false, &[]), true),
        (file(true, &[]), true),
        ("handle;title;price".to_owned(), true),
        (
            "sku,gtin,slug,name,title,description,price".to_owned(),
            false,
        ),
        ("ID,Type,SKU,Name,Published,Regular price".to_owned(), false),
        // Shopify's inventory CSV.
        (
            "Handle,Title,Option1 Name,Option1 Value,SKU,Location,Available".to_owned(),
            false,
        ),
    ] {
        let table = Table::open(std::io::Cursor::new(header.clone().into_bytes())).unwrap();
        assert_eq!(is_header(&table), expected, "{header}");
    }
}

#[test]
fn a_table_without_handles_is_refused() {
    let table = Table::open("Title,Price\nWhey,39.90\n".as_bytes()).unwrap();
    assert!(matches!(rows(table), Err(ReadError::NotATable { .. })));
}

#[test]
fn files_as_shopify_writes_them_are_read() {
    const OLD: &str = "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option1 Linked To,Option2 Name,Option2 Value,Option2 Linked To,Option3 Name,Option3 Value,Option3 Linked To,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Fulfillment Service,Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Unit Price Total Measure,Unit Price Total Measure Unit,Unit Price Base Measure,Unit Price Base Measure Unit,Variant Barcode,Image Src,Image Position,Image Alt Text,Gift Card,SEO Title,SEO Description,Google Shopping / Google Product Category,Variant Image,Variant Weight Unit,Variant Tax Code,Cost per item,Included / Germany,Price / International,Compare At Price / International,Status
whey,Whey,<p>Milk protein</p>,EggyPro,,Powder,\"vegetarian, sale\",true,Size,500 g,,,,,,,,W-05,520,shopify,7,deny,manual,19.90,24.90,true,true,500,g,1,kg,'4006381333931,https://cdn.shopify.com/a.jpg?v=1,1,A bag,false,,,,https://cdn.shopify.com/b.jpg?v=1,g,,9.00,true,,,active
whey,,,,,,,,,1 kg,,,,,,,,W-10,1030,shopify,0,deny,manual,34.90,,true,true,1,kg,1,kg,,https://cdn.shopify.com/b.jpg?v=1,2,,,,,,,g,,,,,,
whey,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,https://cdn.shopify.com/c.jpg?v=1,3,,,,,,,,,,,,,
";
    const NEW: &str = "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,Option1 name,Option1 value,Option1 Linked To,Option2 name,Option2 value,Option2 Linked To,Option3 name,Option3 value,Option3 Linked To,Price,Compare-at price,Cost per item,Charge tax,Tax code,Unit price total measure,Unit price total measure unit,Unit price base measure,Unit price base measure unit,Inventory tracker,Inventory quantity,Continue selling when out of stock,Weight value (grams),Weight unit for display,Requires shipping,Fulfillment service,Product image URL,Image position,Image alt text,Variant image URL,Gift card,SEO title,SEO description
Whey,whey,<p>Milk protein</p>,EggyPro,,Powder,\"vegetarian, sale\",TRUE,Active,W-05,4006381333931,Size,500 g,,,,,,,,19.90,24.90,9.00,TRUE,,500,g,1,kg,shopify,7,DENY,520,g,TRUE,manual,https://cdn.shopify.com/a.jpg?v=1,1,A bag,https://cdn.shopify.com/b.jpg?v=1,FALSE,,
,whey,,,,,,,,W-10,,,1 kg,,,,,,,,34.90,,,TRUE,,1,kg,1,kg,shopify,0,DENY,1030,g,TRUE,manual,https://cdn.shopify.com/b.jpg?v=1,2,,,,,
,whey,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,https://cdn.shopify.com/c.jpg?v=1,3,,,,,
";
    let (old, new) = (read(OLD), read(NEW));
    assert_eq!(slugs(&old), [(2, "whey-500-g"), (3, "whey-1-kg")]);
    assert_eq!(slugs(&old), slugs(&new));
    for (old, new) in old.into_iter().zip(new) {
        assert_eq!(old.product.unwrap(), new.product.unwrap());
    }
}
