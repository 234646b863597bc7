use eggypro_domain::products::{
    Food, FoodChanges, Nested, NetContent, NetContentChanges, NewProduct, OptionChanges,
    ProductChanges, ProductOption, Seo, SeoChanges,
};

use super::{FieldError, Record, leave_out_blank_nutrition};

impl Record {
    /// A new product of these fields. It may break rules. Without details, it has the description as details, since
    /// other programs have one text only.
    ///
    /// # Errors
    /// Names every required field that is missing.
    pub fn into_new(self) -> Result<NewProduct, Vec<FieldError>> {
        let mut errors = missing(&self.changes);
        let mut changes = self.changes;
        changes.details = changes.details.or_else(|| changes.description.clone());
        let net_content = whole_content(changes.net_content.take().flatten(), &mut errors);
        let food = whole_food(changes.food.take().flatten(), &mut errors);
        let required = (
            changes.name.take(),
            changes.description.take(),
            changes.details.take(),
            changes.price.take(),
            changes.ingredients.take(),
        );
        let (Some(name), Some(description), Some(details), Some(price), Some(ingredients)) =
            required
        else {
            return Err(errors);
        };
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut product = NewProduct::new(name, description, details, price, ingredients);
        product.slug = changes.slug.take();
        product.net_content = net_content;
        product.food = food;
        set_optional(&mut product, changes);
        Ok(product)
    }
}

/// An error for each required field that is missing.
fn missing(changes: &ProductChanges) -> Vec<FieldError> {
    let required = [
        ("name", "Name", changes.name.is_some()),
        ("description", "Description", changes.description.is_some()),
        ("price", "Price", changes.price.is_some()),
        ("ingredients", "Ingredients", changes.ingredients.is_some()),
    ];
    let missing = required.into_iter().filter(|(_, _, is_given)| !is_given);
    let errors = missing.map(|(field, label, _)| match field {
        // No other program has this column.
        "ingredients" => {
            let message = "Ingredients is required for a new product: add a column ingredients";
            error(field, message)
        }
        _ => error(field, &format!("{label} is required")),
    });
    errors.collect()
}

/// Sets the fields that have a default.
fn set_optional(product: &mut NewProduct, changes: ProductChanges) {
    product.images = changes.images.unwrap_or_default();
    product.alt_texts = changes.alt_texts.unwrap_or_default();
    product.stock_quantity = changes.stock_quantity.unwrap_or(product.stock_quantity);
    product.is_active = changes.is_active.unwrap_or(product.is_active);
    product.categories = changes.categories.unwrap_or_default();
    product.publish_at = changes.publish_at.flatten();
    product.unpublish_at = changes.unpublish_at.flatten();
    product.low_stock_at = changes.low_stock_at.flatten();
    product.title = changes.title.flatten();
    product.sku = changes.sku.flatten();
    product.gtin = changes.gtin.flatten();
    product.brand = changes.brand.flatten();
    product.list_price = changes.list_price.flatten();
    product.group = changes.group.flatten();
    product.options = changes.options.map(whole_options).unwrap_or_default();
    product.seo = changes.seo.map(whole_seo).unwrap_or_default();
}

fn whole_content(
    content: Option<Nested<NetContent, NetContentChanges>>,
    errors: &mut Vec<FieldError>,
) -> Option<NetContent> {
    match content? {
        Nested::Set(content) => Some(content),
        Nested::Merge(changes) => match changes.applied_to(None) {
            Ok(content) => Some(content),
            Err((member, rule)) => {
                errors.push(error(&format!("net_content.{member}"), &rule));
                None
            }
        },
    }
}

fn whole_food(
    food: Option<Nested<Food, FoodChanges>>,
    errors: &mut Vec<FieldError>,
) -> Option<Food> {
    let mut changes = match food? {
        Nested::Set(food) => return Some(food),
        Nested::Merge(changes) => changes,
    };
    leave_out_blank_nutrition(&mut changes);
    let food = changes.applied_to(Food::default());
    if food.is_none() {
        errors.push(error("food.nutrition.basis", "Basis is required"));
    }
    // Empty cells in some of the columns of a food don't make a food of a product.
    food.filter(|food| *food != Food::default())
}

fn whole_options(options: Nested<Vec<ProductOption>, OptionChanges>) -> Vec<ProductOption> {
    match options {
        Nested::Set(options) => options,
        Nested::Merge(changes) => {
            let given = changes.into_iter().filter_map(|(name, value)| {
                let value = value?;
                Some(ProductOption { name, value })
            });
            given.collect()
        }
    }
}

fn whole_seo(seo: Nested<Seo, SeoChanges>) -> Seo {
    match seo {
        Nested::Set(seo) => seo,
        Nested::Merge(changes) => changes.applied_to(Seo::default()),
    }
}

fn error(field: &str, message: &str) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message: message.to_owned(),
    }
}
