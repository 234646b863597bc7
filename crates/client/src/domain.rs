//! Conversions from the types of `eggypro-domain`, whose rules are checked before anything is sent, and of names also to them.

mod names;

use eggypro_domain::{Price, products, stock};

use crate::products::{Food, MediaInput, NetContent, NewProduct, Nutrition, Seo};
use crate::stock::{NewMovement, StockChange};

impl From<stock::NewMovement> for NewMovement {
    fn from(movement: stock::NewMovement) -> Self {
        let stock = match movement.change {
            stock::StockChange::By(change) => StockChange::By {
                change: change.get(),
            },
            stock::StockChange::To { stock, expected } => StockChange::To {
                set: stock.get(),
                expected: expected.map(|expected| expected.get()),
            },
        };
        Self {
            stock,
            reason: movement.reason.into(),
            reference: movement.reference,
        }
    }
}

impl From<products::NewProduct> for NewProduct {
    /// Numbers above those of the API become its highest one, so validate the product before: `Valid::into_inner`.
    fn from(product: products::NewProduct) -> Self {
        let count = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        let media = product.alt_texts.into_iter();
        let options = product.options.into_iter();
        Self {
            name: product.name,
            slug: product.slug.map(|slug| slug.to_string()),
            description: product.description,
            details: product.details,
            price: product.price.amount(),
            images: product.images,
            media: media.map(|alt_text| MediaInput { alt_text }).collect(),
            ingredients: product.ingredients,
            stock_quantity: count(product.stock_quantity),
            is_active: product.is_active,
            categories: product.categories.iter().map(ToString::to_string).collect(),
            title: product.title,
            sku: product.sku.map(|sku| sku.as_str().to_owned()),
            gtin: product.gtin.map(|gtin| gtin.as_str().to_owned()),
            brand: product.brand,
            list_price: product.list_price.map(Price::amount),
            net_content: product.net_content.map(NetContent::from),
            food: product.food.map(Food::from),
            group: product.group.map(|group| group.to_string()),
            options: options.map(|option| (option.name, option.value)).collect(),
            seo: Seo {
                title: product.seo.title,
                description: product.seo.description,
            },
            publish_at: product.publish_at,
            unpublish_at: product.unpublish_at,
            low_stock_at: product.low_stock_at.map(count),
        }
    }
}

impl From<products::NetContent> for NetContent {
    fn from(content: products::NetContent) -> Self {
        Self {
            value: content.value(),
            unit: content.unit().into(),
        }
    }
}

impl From<products::Food> for Food {
    fn from(food: products::Food) -> Self {
        let allergens = food.allergens.map(|all| all.into_iter());
        Self {
            allergens: allergens.map(|all| all.map(Into::into).collect()),
            may_contain: food.may_contain.into_iter().map(Into::into).collect(),
            diets: food.diets.into_iter().map(Into::into).collect(),
            nutrition: food.nutrition.map(Nutrition::from),
            origin_country: food
                .origin_country
                .map(|country| country.as_str().to_owned()),
            storage: food.storage,
        }
    }
}

impl From<products::Nutrition> for Nutrition {
    fn from(nutrition: products::Nutrition) -> Self {
        Self {
            basis: nutrition.basis.into(),
            serving_size: nutrition.serving_size,
            energy_kj: nutrition.energy_kj,
            energy_kcal: nutrition.energy_kcal,
            fat: nutrition.fat,
            saturates: nutrition.saturates,
            carbohydrate: nutrition.carbohydrate,
            sugars: nutrition.sugars,
            fibre: nutrition.fibre,
            protein: nutrition.protein,
            salt: nutrition.salt,
        }
    }
}

#[cfg(test)]
mod tests {
    use eggypro_domain::Unvalidated;

    use super::*;

    #[test]
    fn a_valid_product_is_sent_as_it_is() {
        let mut product = products::NewProduct::example();
        product.stock_quantity = 12;
        product.alt_texts = product
            .images
            .iter()
            .map(|_| Some("A bag".to_owned()))
            .collect();
        let valid = Unvalidated::new(product.clone()).validate().unwrap();
        let sent = NewProduct::from(valid.into_inner());
        assert_eq!(sent.name, product.name);
        assert_eq!(sent.price, product.price.amount());
        assert_eq!(
            (sent.stock_quantity, sent.media.len()),
            (12, product.images.len())
        );
    }
}
