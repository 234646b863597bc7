use eggypro_domain::products::{FoodChanges, NewProduct, ProductId, SeoChanges};
use eggypro_domain::time::OffsetDateTime;

use super::*;

fn record_of(new: NewProduct) -> Record {
    Record {
        changes: ProductChanges::from(new),
    }
}

#[test]
fn a_record_makes_a_new_product() {
    let mut new = NewProduct::example();
    new.slug = Some("eggs".parse().unwrap());
    new.stock_quantity = 5;
    new.is_active = false;
    new.food = Some(Food::default());
    assert_eq!(record_of(new.clone()).into_new(), Ok(new));
}

#[test]
fn missing_fields_of_a_new_product_are_named() {
    let errors = Record::default().into_new().unwrap_err();
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "Name is required",
            "Description is required",
            "Price is required",
            "Ingredients is required for a new product: add a column ingredients"
        ]
    );
    assert_eq!(errors[2].field, "price");
}

#[test]
fn details_of_a_new_product_are_its_description_if_there_are_none() {
    let mut record = record_of(NewProduct::example());
    record.changes.details = None;
    let description = record.changes.description.clone();
    assert_eq!(Some(record.into_new().unwrap().details), description);
}

#[test]
fn parts_of_a_food_are_merged() {
    let part = FoodChanges {
        allergens: Some(None),
        ..FoodChanges::default()
    };
    let seo = SeoChanges {
        title: Some(Some("Egg".into())),
        ..SeoChanges::default()
    };
    let mut record = record_of(NewProduct::example());
    record.changes.food = Some(Some(Nested::Merge(part)));
    record.changes.seo = Some(Nested::Merge(seo));
    let new = record.clone().into_new().unwrap();
    assert_eq!((new.food, new.seo.title.as_deref()), (None, Some("Egg")));

    let price = "1".parse().unwrap();
    let slug: Slug = "egg".parse().unwrap();
    let mut product = Product::new(
        ProductId(1),
        "Egg".into(),
        slug,
        price,
        OffsetDateTime::UNIX_EPOCH,
    );
    assert_eq!(record.clone().resolved(&product).unwrap().food, None);
    product.food = Some(Food {
        storage: Some("Keep dry".into()),
        ..Food::default()
    });
    let changes = record.resolved(&product).unwrap();
    assert_eq!(changes.food, Some(product.food.map(Nested::Set)));
}

#[test]
fn errors_repeat_little_of_a_file() {
    let long = "é".repeat(1_000);
    let error = RowError::new(2, &long, &long, "This is wrong");
    let lengths = (error.column.chars().count(), error.value.chars().count());
    assert_eq!(lengths, (200, 200));
}
