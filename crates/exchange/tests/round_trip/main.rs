//! Products that are written and read again are the same.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

mod catalogue;
mod dialect;

use std::io::Cursor;

use eggypro_domain::Slug;
use eggypro_domain::products::{Nested, NewProduct, Product, ProductChanges, ProductId};
use eggypro_domain::time::OffsetDateTime;
use eggypro_exchange::{ExportFormat, File, Format, Record, read};
use proptest::prelude::*;

use self::catalogue::products;

fn written(products: &[Product], format: ExportFormat) -> String {
    let mut file = String::new();
    format.write_header(&mut file);
    for product in products {
        format.write(product, &mut file).unwrap();
    }
    file
}

fn records(file: &str, format: Option<Format>) -> Vec<Record> {
    let File { rows, .. } = read(Cursor::new(file.to_owned()), format).unwrap();
    let records = rows.map(|row| row.unwrap().product);
    records
        .collect::<Result<_, _>>()
        .unwrap_or_else(|errors| panic!("{errors:#?}\n{file}"))
}

/// All fields of a product.
fn changes_of(product: &Product) -> ProductChanges {
    let mut changes = ProductChanges::default();
    changes.slug = Some(product.slug.clone());
    changes.name = Some(product.name.clone());
    changes.description = Some(product.description.clone());
    changes.details = Some(product.details.clone());
    changes.price = Some(product.price);
    changes.images = Some(product.images.clone());
    changes.ingredients = Some(product.ingredients.clone());
    changes.stock_quantity = Some(product.stock_quantity.into());
    changes.is_active = Some(product.is_active);
    changes.categories = Some(
        product
            .categories
            .iter()
            .map(|category| category.slug.clone())
            .collect(),
    );
    changes.publish_at = Some(product.publish_at);
    changes.unpublish_at = Some(product.unpublish_at);
    changes.low_stock_at = Some(product.low_stock_at.map(i64::from));
    changes.title = Some(product.title.clone());
    changes.sku = Some(product.sku.clone());
    changes.gtin = Some(product.gtin.clone());
    changes.brand = Some(product.brand.clone());
    changes.list_price = Some(product.list_price);
    changes.group = Some(product.group.clone());
    changes.net_content = Some(product.net_content.map(Nested::Set));
    changes.food = Some(product.food.clone().map(Nested::Set));
    changes.options = Some(Nested::Set(product.options.clone()));
    let texts = product
        .images
        .iter()
        .map(|url| product.alt_texts.get(url).cloned());
    changes.alt_texts = Some(texts.collect());
    changes.seo = Some(Nested::Set(product.seo.clone()));
    changes
}

/// The changes without entries for images after the last one that has a text.
fn trimmed(mut changes: ProductChanges) -> ProductChanges {
    while let Some(texts) = &mut changes.alt_texts
        && texts.last().is_some_and(Option::is_none)
    {
        texts.pop();
    }
    changes
}

/// A product of an empty shop that is made from a record.
fn imported(record: Record, id: ProductId) -> Product {
    let new: NewProduct = record.into_new().unwrap();
    let slug: Slug = new.slug().unwrap();
    let mut product = Product::new(
        id,
        String::new(),
        slug,
        new.price,
        OffsetDateTime::UNIX_EPOCH,
    );
    let categories = new.categories.clone();
    ProductChanges::from(new).apply_to(&mut product);
    product.categories = categories.into_iter().map(catalogue::category).collect();
    product
}

fn check(products: &[Product], format: ExportFormat) {
    let file = written(products, format);
    let records = records(&file, None);
    assert_eq!(records.len(), products.len(), "{file}");
    for (record, product) in records.iter().zip(products) {
        assert_eq!(
            trimmed(record.changes.clone()),
            trimmed(changes_of(product)),
            "{file}"
        );
        let changes = record.clone().resolved(product).unwrap();
        assert!(!changes.would_change(product));
    }
    let imported: Vec<Product> = records
        .into_iter()
        .zip(products)
        .map(|(record, product)| imported(record, product.id))
        .collect();
    assert_eq!(written(&imported, format), file);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn csv_is_read_as_it_was_written(products in products()) {
        check(&products, ExportFormat::Csv);
    }

    #[test]
    fn json_lines_are_read_as_they_were_written(products in products()) {
        check(&products, ExportFormat::Ndjson);
    }

    /// A file with some of the columns, in another order, changes nothing either.
    #[test]
    fn some_columns_change_nothing(products in products(), columns in any::<[bool; 45]>(), turns in 0_usize..45) {
        let file = written(&products, ExportFormat::Csv);
        let kept = dialect::with_columns(&file, &columns, turns);
        let records = records(&kept, Some(Format::Csv));
        for (record, product) in records.into_iter().zip(&products) {
            let changes = record.resolved(product).unwrap();
            prop_assert!(!changes.would_change(product), "{kept}");
        }
    }

    /// As spreadsheets of other countries save the file.
    #[test]
    fn other_dialects_are_read_as_well(products in products(), dialect in dialect::dialect()) {
        let file = written(&products, ExportFormat::Csv);
        let records = records_of(dialect.encoded(&file));
        prop_assert_eq!(records.len(), products.len());
        for (record, product) in records.into_iter().zip(&products) {
            prop_assert_eq!(trimmed(record.changes), trimmed(changes_of(product)));
        }
    }

    /// No file makes the reader panic or lose its place.
    #[test]
    fn any_bytes_are_read_or_refused(start in "(sku,name,price\n|\\{\"name\":|Handle,Title\n|ID;Type;SKU;Name;Published\n|Handle,Title,Details \\(product\\.metafields\\.a\\.details\\),fat\n|SKU,Meta: ingredients,Regular price,Sale price\n|)", bytes: Vec<u8>) {
        let mut file = start.into_bytes();
        file.extend(bytes);
        for format in Format::ALL.map(Some).into_iter().chain([None]) {
            if let Ok(File { rows, .. }) = read(Cursor::new(file.clone()), format) {
                prop_assert!(rows.count() <= file.len() + 1);
            }
        }
    }
}

fn records_of(file: Vec<u8>) -> Vec<Record> {
    let File { format, rows, .. } = read(Cursor::new(file), None).unwrap();
    assert_eq!(format, Format::Csv);
    rows.map(|row| row.unwrap().product.unwrap()).collect()
}
