use super::{Stores, named, slug, valid};
use crate::categories::NewCategory;
use crate::products::{Expected, NewProduct, ProductCodes};

fn codes(sku: Option<&str>, gtin: Option<&str>, of: Option<&str>) -> ProductCodes {
    ProductCodes {
        sku: sku.map(|sku| sku.parse().unwrap()),
        gtin: gtin.map(|gtin| gtin.parse().unwrap()),
        slug: of.map(slug),
    }
}

impl Stores {
    async fn names_by_codes(&self, codes: &[ProductCodes]) -> Vec<Option<String>> {
        let found = self.products.find_by_codes(codes).await.unwrap();
        let names = found.into_iter().map(|product| product.map(|of| of.name));
        names.collect()
    }
}

pub async fn products_are_found_by_their_codes(stores: Stores) {
    let coded = |name: &str, sku: Option<&str>, gtin: Option<&str>| NewProduct {
        sku: sku.map(|sku| sku.parse().unwrap()),
        gtin: gtin.map(|gtin| gtin.parse().unwrap()),
        is_active: false,
        ..named(name)
    };
    stores
        .create(coded("Both", Some("EGG-1"), Some("96385074")))
        .await;
    stores
        .create(coded("Number", None, Some("4006381333931")))
        .await;
    stores.create(named("Plain")).await;
    let found = stores
        .names_by_codes(&[
            codes(Some("egg-1"), Some("4006381333931"), Some("plain")),
            codes(Some("other"), Some("04006381333931"), Some("plain")),
            codes(None, Some("00000096385074"), None),
            codes(Some("other"), Some("00000096385074"), Some("both")),
            codes(None, None, Some("plain")),
            codes(Some("other"), None, Some("other")),
            codes(None, None, None),
            codes(None, None, Some("plain")),
        ])
        .await;
    let found: Vec<&str> = found
        .iter()
        .map(|name| name.as_deref().unwrap_or("-"))
        .collect();
    assert_eq!(
        found,
        ["Both", "Number", "Both", "-", "Plain", "-", "-", "Plain"]
    );
    assert!(stores.names_by_codes(&[]).await.is_empty());
}

pub async fn products_found_by_codes_have_all_categories(stores: Stores) {
    for name in ["Powders", "Bars"] {
        stores.create_category(name).await;
    }
    let both = NewProduct {
        categories: vec![slug("powders"), slug("bars")],
        ..named("Both")
    };
    stores.create(both).await;
    let hidden = NewCategory {
        is_active: false,
        ..NewCategory::new("Powders".into())
    };
    let powders = slug("powders");
    let hidden = stores
        .categories
        .replace(&powders, valid(hidden), Expected::Any);
    hidden.await.unwrap();
    let by_slug = codes(None, None, Some("both"));
    let found = stores.products.find_by_codes(&[by_slug]).await.unwrap();
    let found = found[0].as_ref().unwrap();
    let names: Vec<&str> = found.categories.iter().map(|of| of.name.as_str()).collect();
    assert_eq!(names, ["Bars", "Powders"]);
    // The revision is that which writes expect.
    let shown = stores.products.find(&slug("both")).await.unwrap().unwrap();
    assert_eq!(found.revision(), shown.revision());
}
