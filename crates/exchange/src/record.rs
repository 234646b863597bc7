//! What a file says, row by row.

mod errors;
mod new_product;

use eggypro_domain::Slug;
use eggypro_domain::products::{
    Contradiction, Food, FoodChanges, Gtin, Nested, NutritionChanges, Product, ProductChanges, Sku,
};

pub use self::errors::{FieldError, ReadError, RowError};
pub(crate) use self::errors::{quoted, repeated};

/// A row of a file, as far as it could be read.
#[derive(Debug)]
pub struct Row {
    /// The number of the row as a spreadsheet shows it: the header of a table and blank rows count, and a row with line
    /// breaks in its cells is one row. Of JSON lines, the number of the line.
    pub number: u64,
    /// The product, or everything that is wrong with the row.
    pub product: Result<Record, Vec<RowError>>,
    /// The cells of the row as they were read, in the order of the header. Of JSON lines, the line.
    pub cells: Vec<String>,
}

/// What a file says of a product. A field that the file does not have is absent and stays as it is in the shop.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// The fields. Parts with members of their own are whole ([`Nested::Set`]), except the food and the SEO texts of a
    /// table that has only some of their columns.
    pub changes: ProductChanges,
}

impl Record {
    /// The SKU, by which a product is found first.
    pub fn sku(&self) -> Option<&Sku> {
        self.changes.sku.as_ref()?.as_ref()
    }

    /// The GTIN, by which a product is found without a SKU.
    pub fn gtin(&self) -> Option<&Gtin> {
        self.changes.gtin.as_ref()?.as_ref()
    }

    /// The slug, by which a product is found without a SKU and a GTIN.
    pub fn slug(&self) -> Option<&Slug> {
        self.changes.slug.as_ref()
    }

    /// The changes of a product of the shop, with whole values instead of merges.
    ///
    /// # Errors
    /// Every rule that the changed product would break.
    pub fn resolved(self, product: &Product) -> Result<ProductChanges, Vec<Contradiction>> {
        let mut changes = self.changes;
        let food = product.food.as_ref();
        if food.and_then(|food| food.nutrition.as_ref()).is_none()
            && let Some(Some(Nested::Merge(food))) = &mut changes.food
        {
            leave_out_blank_nutrition(food);
        }
        let merges_food = matches!(changes.food, Some(Some(Nested::Merge(_))));
        let mut changes = changes.resolved(product)?;
        // Empty cells in some of the columns of a food don't make a food of a product.
        let is_blank = changes.food == Some(Some(Nested::Set(Food::default())));
        if merges_food && is_blank && product.food.is_none() {
            changes.food = None;
        }
        Ok(changes)
    }
}

/// Leaves out numbers of a nutrition that are all empty: they don't make a nutrition of a product that has none.
fn leave_out_blank_nutrition(food: &mut FoodChanges) {
    let is_blank = |nutrition: &NutritionChanges| {
        let mut numbers = nutrition.numbers.iter();
        nutrition.basis.is_none() && numbers.all(|(_, number)| number.is_none())
    };
    if matches!(&food.nutrition, Some(Some(nutrition)) if is_blank(nutrition)) {
        food.nutrition = None;
    }
}

#[cfg(test)]
mod tests;
