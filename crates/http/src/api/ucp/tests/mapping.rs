use eggypro_domain::categories::CategoryId;
use eggypro_domain::images::StoredImage;
use eggypro_domain::products::{Allergen, CategoryRef, ContentUnit, Food, NetContent};
use iso_currency::Currency;
use serde_json::{Value, json};

use super::super::catalog_product::{CatalogProduct, featured_of};
use super::super::shape::CatalogProductBody;
use super::{chosen, product, variant};
use crate::state::Storefront;

fn mapped(product: &CatalogProduct, shop: &Storefront) -> Value {
    let body = CatalogProductBody::of(product, &product.featured_first(), shop);
    serde_json::to_value(body.unwrap()).unwrap()
}

#[test]
fn a_product_without_a_group_is_its_only_variant() {
    let single = CatalogProduct::new(product(7, "egg-white"), vec![]);
    let price = json!({ "amount": 3990, "currency": "EUR" });
    let url = "http://localhost:3000/products/egg-white";
    let metadata = json!({ "brand": "EggyPro" });
    assert_eq!(
        mapped(&single, &Storefront::default()),
        json!({
            "id": "prod_7",
            "handle": "egg-white",
            "title": "Egg White",
            "description": { "plain": "Egg White" },
            "url": url,
            "price_range": { "min": price, "max": price },
            "variants": [{
                "id": "var_7",
                "handle": "egg-white",
                "title": "Egg White",
                "description": { "plain": "Egg White" },
                "url": url,
                "price": price,
                "availability": { "available": false, "status": "out_of_stock" },
                "metadata": metadata,
            }],
            "metadata": metadata,
        })
    );
}

#[test]
fn a_group_spans_its_variants() {
    let mut small = variant(1, 0, &[("Size", "1 kg"), ("Flavour", "Mint")]);
    let mut big = variant(2, 4, &[("Size", "2 kg"), ("Flavour", "Mint")]);
    big.price = "70".parse().unwrap();
    big.list_price = Some("80.5".parse().unwrap());
    small.rating.distribution = [0, 0, 0, 0, 2];
    big.rating.distribution = [1, 0, 0, 0, 0];
    for (variant, slugs) in [(&mut small, vec!["eggs"]), (&mut big, vec!["eggs", "new"])] {
        let categories = slugs.into_iter().map(|slug| CategoryRef {
            name: slug.to_owned(),
            slug: slug.parse().unwrap(),
            id: CategoryId(1),
        });
        variant.categories = categories.collect();
    }
    let variants = vec![big, small];
    let featured = featured_of(&variants).unwrap().clone();
    let group = mapped(
        &CatalogProduct::new(featured, variants),
        &Storefront::default(),
    );
    for (pointer, expected) in [
        ("/id", json!("prod_g_egg-white")),
        ("/handle", json!("egg-white")),
        ("/url", json!("http://localhost:3000/products/egg-2")),
        ("/price_range/min/amount", json!(3990)),
        ("/price_range/max/amount", json!(7000)),
        ("/list_price_range/min/amount", json!(3990)),
        ("/list_price_range/max/amount", json!(8050)),
        ("/options/0/name", json!("Size")),
        (
            "/options/0/values",
            json!([{ "label": "1 kg" }, { "label": "2 kg" }]),
        ),
        ("/options/1/values", json!([{ "label": "Mint" }])),
        ("/variants/0/id", json!("var_2")),
        ("/variants/0/title", json!("2 kg / Mint")),
        ("/variants/0/handle", json!("egg-2")),
        ("/variants/0/list_price/amount", json!(8050)),
        ("/variants/0/availability/available", json!(true)),
        (
            "/variants/0/options/1",
            json!({ "name": "Flavour", "label": "Mint" }),
        ),
        ("/variants/1/id", json!("var_1")),
        ("/variants/1/rating/value", json!(5.0)),
        ("/rating/value", json!(3.67)),
        ("/rating/scale_max", json!(5)),
        ("/rating/count", json!(3)),
        (
            "/categories/1",
            json!({ "value": "new", "taxonomy": "merchant" }),
        ),
    ] {
        assert_eq!(group.pointer(pointer), Some(&expected), "{pointer}");
    }
    assert_eq!(group.pointer("/variants/2"), None);
    assert_eq!(group.pointer("/variants/1/list_price"), None);
    assert_eq!(group.get("selected"), None);
}

#[test]
fn facts_have_their_members() {
    let mut product = product(7, "egg-white");
    product.title = Some("Œuf".into());
    product.description = "Protein.".into();
    product.sku = Some("EP-1".parse().unwrap());
    product.gtin = Some("4006381333931".parse().unwrap());
    product.images = vec!["https://a.b/1.jpg".into(), "https://a.b/2.jpg".into()];
    let image = StoredImage::new("eggs/1".parse().unwrap(), 1200, 900);
    product.media = vec![Some(image), None];
    product.alt_texts = [("https://a.b/1.jpg".into(), "A bag".into())].into();
    product.options = chosen(&[("Size", "1 kg")]);
    product.food = Some(Food {
        allergens: Some([Allergen::Eggs].into()),
        ..Food::default()
    });
    let body = mapped(
        &CatalogProduct::new(product, vec![]),
        &Storefront::default(),
    );
    let images = json!([
        { "type": "image", "url": "https://a.b/1.jpg", "alt_text": "A bag", "width": 1200, "height": 900 },
        { "type": "image", "url": "https://a.b/2.jpg" },
    ]);
    let barcodes = json!([{ "type": "GTIN", "value": "4006381333931" }]);
    for (pointer, expected) in [
        ("/title", json!("Œuf")),
        ("/description/plain", json!("Protein.")),
        ("/media", images.clone()),
        ("/variants/0/media", images),
        ("/variants/0/title", json!("Œuf")),
        ("/variants/0/sku", json!("EP-1")),
        ("/variants/0/barcodes", barcodes),
        ("/variants/0/metadata/food/allergens", json!(["eggs"])),
        ("/metadata/food/allergens", json!(["eggs"])),
    ] {
        assert_eq!(body.pointer(pointer), Some(&expected), "{pointer}");
    }
}

#[test]
fn unit_prices_are_computed_from_the_measure() {
    for (currency, value, unit, price, expected) in [
        (
            Currency::EUR,
            "750",
            ContentUnit::Gram,
            "39.90",
            (5320, json!(0.75), "kg"),
        ),
        (
            Currency::KWD,
            "3",
            ContentUnit::Kilogram,
            "10",
            (3333, json!(3), "kg"),
        ),
        (
            Currency::JPY,
            "3",
            ContentUnit::Litre,
            "10",
            (3, json!(3), "l"),
        ),
        // Not rounded twice: 2.4999 has the two decimals 2.50.
        (
            Currency::JPY,
            "10000",
            ContentUnit::Piece,
            "24999",
            (2, json!(10_000), "piece"),
        ),
    ] {
        let mut product = product(7, "egg-white");
        product.price = price.parse().unwrap();
        product.net_content = NetContent::new(value.parse().unwrap(), unit).ok();
        let shop = Storefront {
            currency,
            ..Storefront::default()
        };
        let body = mapped(&CatalogProduct::new(product, vec![]), &shop);
        let (amount, measure, unit) = expected;
        assert_eq!(
            body["variants"][0]["unit_price"],
            json!({
                "amount": amount,
                "currency": currency.code(),
                "measure": { "value": measure, "unit": unit },
                "reference": { "value": 1, "unit": unit },
            })
        );
    }
}
