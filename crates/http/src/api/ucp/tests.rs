mod agent;
mod amounts;
mod calls;
mod http;
mod mapping;
mod selection;

use eggypro_domain::Unvalidated;
use eggypro_domain::products::{NewProduct, Product, ProductId, ProductOption};
use serde_json::Value;
use serde_json::value::RawValue;
use time::OffsetDateTime;

use super::answer::Failure;
use crate::state::Api;

fn product(id: i32, slug: &str) -> Product {
    let (slug, price) = (slug.parse().unwrap(), "39.9".parse().unwrap());
    let created_at = OffsetDateTime::UNIX_EPOCH;
    Product::new(ProductId(id), "Egg White".into(), slug, price, created_at)
}

/// A product of the group `egg-white`.
fn variant(id: i32, stock: i32, options: &[(&str, &str)]) -> Product {
    let mut product = product(id, &format!("egg-{id}"));
    product.group = Some("egg-white".parse().unwrap());
    product.stock_quantity = stock;
    product.options = chosen(options);
    product
}

fn chosen(options: &[(&str, &str)]) -> Vec<ProductOption> {
    let options = options.iter().map(|(name, value)| ProductOption {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
    });
    options.collect()
}

async fn create(api: &Api, name: &str, change: impl FnOnce(&mut NewProduct)) -> Product {
    let mut product = NewProduct::example();
    product.name = name.to_owned();
    change(&mut product);
    let product = Unvalidated::new(product).validate().unwrap();
    api.products.create(product).await.unwrap()
}

/// A shop with a product, 1, and a group of two variants: 3, which is sold out, and 4. A new stock uses up an id.
async fn shop() -> Api {
    let api = Api::in_memory();
    create(&api, "Egg White", |product| {
        product.sku = Some("EP-1".parse().unwrap());
        product.gtin = Some("4006381333931".parse().unwrap());
        product.stock_quantity = 3;
    })
    .await;
    for (name, size, price, stock) in [("Egg big", "2 kg", "60", 0), ("Egg small", "1 kg", "35", 7)]
    {
        create(&api, name, |product| {
            product.group = Some("yolk".parse().unwrap());
            product.options = chosen(&[("Size", size)]);
            product.price = price.parse().unwrap();
            product.stock_quantity = stock;
        })
        .await;
    }
    api
}

fn parsed(answer: Result<Box<RawValue>, Failure>) -> Value {
    serde_json::from_str(answer.unwrap().get()).unwrap()
}

/// The code of a refusal.
fn refused(answer: Result<Box<RawValue>, Failure>) -> &'static str {
    match answer.unwrap_err() {
        Failure::Refused(refusal) => refusal.code,
        Failure::Problem(problem) => panic!("{problem:?}"),
    }
}
