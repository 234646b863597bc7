//! What goes out of a shop can go into another one, and into the same one without a change.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

// The products of the round trip of files.
#[path = "../../exchange/tests/round_trip/catalogue.rs"]
mod catalogue;

use std::collections::BTreeSet;
use std::sync::Arc;

use eggypro_domain::categories::{CategoryRepository, NewCategory};
use eggypro_domain::imports::{ImportCounts, ImportRepository, ImportStatus, NewImport};
use eggypro_domain::products::{
    Product, ProductFilter, ProductIndex, ProductRepository, StatusFilter,
};
use eggypro_domain::testing::InMemoryShop;
use eggypro_domain::{Bytes, Slug, Unvalidated};
use eggypro_exchange::ExportFormat;
use eggypro_imports::Importer;
use proptest::prelude::*;
use tokio::runtime;
use tokio::sync::watch;

use self::catalogue::products;

async fn shop_with(categories: &BTreeSet<Slug>) -> Arc<InMemoryShop> {
    let shop = InMemoryShop::default();
    for slug in categories {
        let mut category = NewCategory::new("Category".to_owned());
        category.slug = Some(slug.clone());
        let category = Unvalidated::new(category).validate().unwrap();
        let created = CategoryRepository::create(&shop, slug.clone(), category).await;
        created.unwrap();
    }
    Arc::new(shop)
}

/// All products, by id.
async fn all(shop: &InMemoryShop) -> Vec<Product> {
    let mut filter = ProductFilter::default();
    filter.status = StatusFilter::All;
    let revisions = shop.matching(&filter).unwrap();
    let mut products = shop.read_complete(&revisions).await.unwrap();
    products.sort_unstable_by_key(|product| product.id);
    products
}

fn written(products: &[Product], format: ExportFormat) -> String {
    let mut file = String::new();
    format.write_header(&mut file);
    for product in products {
        format.write(product, &mut file).unwrap();
    }
    file
}

async fn import(shop: &Arc<InMemoryShop>, file: &str) -> ImportCounts {
    let imports: Arc<dyn ImportRepository> = shop.clone();
    let id = imports.create(NewImport::new("auto")).await.unwrap().id;
    let bytes = Bytes::copy_from_slice(file.as_bytes());
    imports.append(id, 0, bytes).await.unwrap();
    imports.complete(id, 1).await.unwrap();
    let (_sender, mut stop) = watch::channel(false);
    let importer = Importer::new(imports.clone(), shop.clone());
    importer.run_next(Some(id), &mut stop).await.unwrap();
    let import = imports.find(id).await.unwrap().unwrap();
    assert_eq!(import.status, ImportStatus::Done, "{:?}", import.failure);
    import.counts
}

async fn check(products: &[Product], format: ExportFormat) {
    let named = products.iter().flat_map(|product| &product.categories);
    let categories = named.map(|category| category.slug.clone()).collect();
    let first = shop_with(&categories).await;
    // Some generated products have the same codes or options. The others are the shop's.
    let made = import(&first, &written(products, format)).await;
    assert!(made.created > 0);
    let before = all(&first).await;
    let file = written(&before, format);

    let second = shop_with(&categories).await;
    let moved = import(&second, &file).await;
    assert_eq!((moved.created, moved.done), (made.created, made.created));
    assert_eq!(written(&all(&second).await, format), file);

    let again = import(&first, &file).await;
    assert_eq!((again.unchanged, again.done), (made.created, made.created));
    assert_eq!(all(&first).await, before);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_catalogue_moves_to_an_empty_shop_and_changes_nothing_at_home(
        products in products(),
        is_csv in any::<bool>(),
    ) {
        let format = if is_csv { ExportFormat::Csv } else { ExportFormat::Ndjson };
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(check(&products, format));
    }
}
