mod extra;
mod variations;

use std::io::Cursor;

use eggypro_domain::Slug;
use eggypro_domain::products::ProductChanges;
use eggypro_domain::time::macros::date;

use super::*;

fn table(text: &str) -> Table {
    Table::open(Cursor::new(text.as_bytes().to_vec())).unwrap()
}

fn read(text: &str) -> Vec<Row> {
    let rows = rows_on(table(text), date!(2026 - 06 - 15)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// The only product of a file.
fn product(text: &str) -> Record {
    let mut rows = read(text);
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.remove(0).product.unwrap()
}

/// The errors of a file, as `row column [value]: message`.
fn errors(text: &str) -> Vec<String> {
    let errors = read(text).into_iter().filter_map(|row| row.product.err());
    let errors = errors.flatten().map(|error| {
        let RowError {
            row,
            column,
            value,
            message,
        } = error;
        format!("{row} {column} [{value}]: {message}")
    });
    errors.collect()
}

fn categories(record: &Record) -> Vec<&str> {
    let categories = record.changes.categories.iter().flatten();
    categories.map(|slug| slug.as_str()).collect()
}

fn slug(record: &Record) -> Option<&str> {
    record.slug().map(Slug::as_str)
}

#[test]
fn a_simple_product_has_all_its_fields() {
    let record = product(
        "\u{feff}ID,Type,SKU,\"GTIN, UPC, EAN, or ISBN\",Name,Published,Short description,Description,Stock,\
         Low stock amount,Sale price,Regular price,Categories,Images,Brands,Weight (kg),Meta: x\n\
         7,\"simple, virtual\",EGG-1,4006381333931,Egg &amp; Cacao,1,Short,<p>Long</p><p>text</p>,12,3,18.5,20,\
         \"Food > Bars, Powders, Uncategorized, Bars\",\"https://a.b/1.jpg, https://a.b/2.jpg, https://a.b/1.jpg\",\
         Eggy,0.5,y\n",
    );
    let changes = &record.changes;
    assert_eq!(slug(&record), None);
    assert_eq!(changes.name.as_deref(), Some("Egg Cacao"));
    assert_eq!(changes.title, Some(Some("Egg & Cacao".to_owned())));
    assert_eq!(record.sku().map(|sku| sku.as_str()), Some("EGG-1"));
    assert_eq!(
        record.gtin().map(|gtin| gtin.as_str()),
        Some("4006381333931")
    );
    assert_eq!(changes.description.as_deref(), Some("Short"));
    assert_eq!(changes.details.as_deref(), Some("Long\n\ntext"));
    assert_eq!(changes.price, "18.50".parse().ok());
    assert_eq!(changes.list_price, Some("20".parse().ok()));
    assert_eq!(changes.stock_quantity, Some(12));
    assert_eq!(changes.low_stock_at, Some(Some(3)));
    assert_eq!(changes.is_active, Some(true));
    assert_eq!(categories(&record), ["bars", "powders"]);
    let images = ["https://a.b/1.jpg", "https://a.b/2.jpg"].map(str::to_owned);
    assert_eq!(changes.images, Some(images.to_vec()));
    assert_eq!(changes.brand, Some(Some("Eggy".to_owned())));
    assert_eq!(changes.net_content, None);
}

#[test]
fn a_file_of_few_columns_leaves_the_others() {
    let record = product("SKU,Regular price\nEGG-1,20\n");
    let mut changes = ProductChanges::default();
    changes.sku = Some("EGG-1".parse().ok());
    changes.price = "20".parse().ok();
    assert_eq!(record, Record { changes });
}

#[test]
fn without_numbers_a_product_is_found_by_its_name() {
    let record = product("SKU,Name,Regular price\n,Käse 1kg,20\n");
    assert_eq!(slug(&record), Some("kase-1kg"));
    assert_eq!(record.changes.name.as_deref(), Some("Kase 1kg"));
    assert_eq!(
        errors("SKU,Regular price\n,20\n"),
        ["2  []: The row needs a SKU, a GTIN or a name"]
    );
}

#[test]
fn types_without_a_product_are_refused() {
    let text =
        "Type,SKU,Name,Regular price\ngrouped,A,A,\nexternal,B,B,1\nbundle,C,C,1\nsimple,D,D,1\n";
    let rows = read(text);
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().take(3).all(|row| row.product.is_err()));
    assert!(rows.iter().skip(3).all(|row| row.product.is_ok()));
    assert!(errors(text).iter().all(|error| error.contains(" Type [")));
}

#[test]
fn published_decides_whether_a_product_is_active() {
    for (published, visibility, expected) in [
        ("1", "visible", Some(true)),
        ("0", "visible", Some(false)),
        ("-1", "visible", Some(false)),
        ("'-1", "visible", Some(false)),
        ("2", "search", Some(false)),
        ("", "", Some(false)),
        ("TRUE", "catalog", Some(true)),
        ("1", "hidden", Some(false)),
    ] {
        let record = product(&format!(
            "SKU,Published,Visibility in catalog,Regular price\nA,{published},{visibility},1\n"
        ));
        assert_eq!(
            record.changes.is_active, expected,
            "{published} {visibility}"
        );
    }
    assert_eq!(
        errors("SKU,Published,Regular price\nA,maybe,1\n"),
        ["2 Published [maybe]: Published must be 1, 0 or -1"]
    );
}

#[test]
fn stock_is_counted_or_sold_out() {
    for (stock, in_stock, expected) in [
        ("12", "1", Some(12)),
        ("-3", "0", Some(0)),
        ("'-3", "backorder", Some(0)),
        ("", "0", Some(0)),
        ("", "1", None),
        ("", "", None),
    ] {
        let text = format!("SKU,In stock?,Stock,Regular price\nA,{in_stock},{stock},1\n");
        let record = product(&text);
        assert_eq!(
            record.changes.stock_quantity, expected,
            "{stock} {in_stock}"
        );
    }
    assert_eq!(errors("SKU,Stock,Regular price\nA,many,1\n").len(), 1);
}

#[test]
fn escapes_are_undone() {
    let record = product(
        "SKU,Name,Description,Regular price,Categories\n\
         A,'=Eggs,'- egg\\n- milk,1,\"Bars\\, big > Eggs\\, cacao, Vegan\"\n",
    );
    assert_eq!(record.changes.title, Some(Some("=Eggs".to_owned())));
    assert_eq!(record.changes.name.as_deref(), Some("Eggs"));
    assert_eq!(record.changes.description.as_deref(), Some("- egg\n- milk"));
    assert_eq!(categories(&record), ["eggs-cacao", "vegan"]);
}

#[test]
fn html_becomes_text() {
    let record = product(
        "SKU,Name,Short description,Description,Regular price\n\
         A,<b>Egg</b> bar,<script>alert(1)</script>Safe &amp; sound,\
         \"<p onclick=\"\"x()\"\">One</p>\\n<script>alert('<p>')</script><p>Two</p>\",1\n",
    );
    assert_eq!(record.changes.name.as_deref(), Some("Egg bar"));
    assert_eq!(record.changes.title, Some(None));
    assert_eq!(record.changes.description.as_deref(), Some("Safe & sound"));
    assert_eq!(record.changes.details.as_deref(), Some("One\n\nTwo"));
}

#[test]
fn each_wrong_cell_is_reported_with_its_column() {
    let text = "SKU,\"GTIN, UPC, EAN, or ISBN\",Name,Stock,Low stock amount,Sale price,Regular price,Images,\
                Categories\n\
                a/b,\"4,00638E+12\",★,x,y,z,w,photo.jpg,★\n\
                A,,A,1,1,1,2,,\n";
    let found = errors(text);
    let columns: Vec<&str> = found
        .iter()
        .filter_map(|error| error.split(" [").next())
        .collect();
    assert_eq!(
        columns,
        [
            "2 SKU",
            "2 GTIN, UPC, EAN, or ISBN",
            "2 Regular price",
            "2 Sale price",
            "2 Stock",
            "2 Low stock amount",
            "2 Categories",
            "2 Name",
            "2 Images",
        ]
    );
    assert_eq!(
        read(text).iter().filter(|row| row.product.is_ok()).count(),
        1
    );
}

#[test]
fn a_table_without_a_known_column_is_refused() {
    let rows = rows(table("colour,shape\nred,round\n"));
    assert!(matches!(rows.err(), Some(ReadError::NotATable { .. })));
}

#[test]
fn two_products_of_one_name_need_a_sku() {
    let rows =
        "ID,Type,SKU,Name,Regular price\n1,simple,,Egg,1\n2,simple,,Egg,2\n3,simple,E-3,Egg,3\n";
    let products = read(rows);
    assert_eq!(slug(products[0].product.as_ref().unwrap()), Some("egg"));
    assert_eq!(
        errors(rows),
        ["3 Name [Egg]: Another product has this name: enter a SKU"]
    );
}

#[test]
fn a_row_has_few_errors() {
    let header: Vec<String> = (1..=200)
        .map(|at| format!("Attribute {at} name,Attribute {at} value(s)"))
        .collect();
    let cells = vec![",x"; 200].join(",");
    let file = format!("Type,SKU,{}\nsimple,E-1,{cells}\n", header.join(","));
    assert!(errors(&file).len() <= 50);
}

#[test]
fn numbers_with_decimals_are_refused() {
    let header = "SKU,\"GTIN, UPC, EAN, or ISBN\",Regular price\n";
    assert_eq!(errors(&format!("{header}1001.0,,1\n")).len(), 1);
    assert_eq!(errors(&format!("{header}A,4006381333931.0,1\n")).len(), 1);
    assert_eq!(errors(&format!("{header}1001,4006381333931,1\n")).len(), 0);
}
