//! Creates many products in one statement.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use eggypro_domain::products::{NewProduct, ProductChanges, ProductError};
use eggypro_domain::{Slug, Valid};

use super::categories::Categories;
use super::columns::Columns;
use super::{Result, refused, taken};
use crate::schema::products;

/// Creates products that belong to no group, in the transaction of the caller. If one is refused, all are, and the
/// caller must undo what was written.
pub(crate) fn create_all(
    connection: &mut PgConnection,
    new: &[(&Slug, &Valid<NewProduct>)],
) -> Result<()> {
    let Some((first, _)) = new.first() else {
        return Ok(());
    };
    let named = new.iter().flat_map(|(_, product)| &product.categories);
    let named: Vec<Slug> = named
        .collect::<BTreeSet<_>>()
        .into_iter()
        .cloned()
        .collect();
    let categories = Categories::lock(connection, &named, None)?;
    if !categories.unknown.is_empty() {
        return Err(refused(ProductError::UnknownCategories(categories.unknown)));
    }
    let rows: Vec<Columns> = new
        .iter()
        .map(|(slug, product)| columns(slug, product))
        .collect();
    let made: Vec<(i32, String)> = diesel::insert_into(products::table)
        .values(&rows)
        .returning((products::id, products::slug))
        .get_results(connection)
        .map_err(|error| taken(error, first))?;
    let of: HashMap<&str, &[Slug]> = new
        .iter()
        .map(|(slug, product)| (slug.as_str(), product.categories.as_slice()))
        .collect();
    let linked = made.iter().filter_map(|(id, slug)| {
        let categories = of.get(slug.as_str())?;
        Some((*id, *categories))
    });
    Ok(categories.link_all(connection, linked)?)
}

fn columns(slug: &Slug, product: &Valid<NewProduct>) -> Columns {
    let product = NewProduct::clone(product);
    let images = product.images.clone();
    let mut columns = Columns::of(ProductChanges::from(product), &images);
    columns.slug = Some(slug.as_str().to_owned());
    columns
}
