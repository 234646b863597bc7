//! What rows would change, field by field, as the API names the fields.

use std::collections::BTreeMap;

use eggypro_domain::Slug;
use eggypro_domain::categories::CategoryId;
use eggypro_domain::imports::{Difference, DifferenceAction, FieldDifference};
use eggypro_domain::products::{CategoryRef, NewProduct, Product, ProductChanges, ProductId};
use eggypro_domain::time::OffsetDateTime;
use eggypro_exchange::ExportFormat;
use serde_json::value::RawValue;

/// What resolved changes would do to a product.
pub(crate) fn of_change(row: u64, product: &Product, changes: &ProductChanges) -> Difference {
    let before = fields(product.clone());
    let mut changed = product.clone();
    apply(changes.clone(), &mut changed);
    let slug = changed.slug.clone();
    let after = fields(changed).into_iter();
    let changes = after.filter_map(|(field, after)| {
        let before = before.get(&field).map_or("null", |json| json.get());
        let after = after.get();
        (before != after).then(|| FieldDifference {
            field,
            before: before.to_owned(),
            after: after.to_owned(),
        })
    });
    Difference {
        row,
        slug,
        action: DifferenceAction::Updated,
        changes: changes.collect(),
    }
}

/// What a new product would have, without empty fields.
pub(crate) fn of_creation(row: u64, slug: &Slug, new: &NewProduct) -> Difference {
    let (id, now) = (ProductId(0), OffsetDateTime::UNIX_EPOCH);
    let mut product = Product::new(id, new.name.clone(), slug.clone(), new.price, now);
    apply(ProductChanges::from(new.clone()), &mut product);
    product.slug = slug.clone();
    let fields = fields(product).into_iter();
    let changes = fields
        .filter(|(_, json)| !matches!(json.get(), "null" | "[]" | "{}" | "\"\""))
        .map(|(field, json)| FieldDifference {
            field,
            before: "null".to_owned(),
            after: json.get().to_owned(),
        });
    Difference {
        row,
        slug: slug.clone(),
        action: DifferenceAction::Created,
        changes: changes.collect(),
    }
}

fn apply(mut changes: ProductChanges, product: &mut Product) {
    if let Some(categories) = changes.categories.take() {
        let categories = categories.into_iter();
        // Only the slugs are shown.
        product.categories = categories
            .map(|slug| CategoryRef {
                name: String::new(),
                slug,
                id: CategoryId(0),
            })
            .collect();
    }
    changes.apply_to(product);
}

/// The fields that a write takes, with their JSON.
fn fields(mut product: Product) -> BTreeMap<String, Box<RawValue>> {
    // Their order means nothing.
    product.categories.sort_by(|a, b| a.slug.cmp(&b.slug));
    let mut line = String::new();
    match ExportFormat::Ndjson.write(&product, &mut line) {
        Ok(()) => serde_json::from_str(&line).unwrap_or_default(),
        // Numbers without JSON, which no product has.
        Err(_) => BTreeMap::new(),
    }
}
