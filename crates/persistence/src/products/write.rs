mod categories;
mod columns;
mod together;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use eggypro_domain::products::{
    Expected, NewProduct, Product, ProductChanges, ProductError, ProductOption, VariantClash,
};
use eggypro_domain::{Slug, Valid};
use time::OffsetDateTime;

use self::categories::Categories;
use self::columns::{Columns, UpdateStatement};
pub(crate) use self::together::create_all;
use super::{facts, find};
use crate::error::{Failure, corrupt, violates};
use crate::images::{discard_of_product, discard_taken_out};
use crate::schema::products;

/// The functions here run in a transaction of their caller.
type Result<T> = std::result::Result<T, Failure<ProductError>>;

pub(crate) fn create(
    connection: &mut PgConnection,
    slug: &Slug,
    product: Valid<NewProduct>,
) -> Result<Product> {
    let product = product.into_inner();
    let categories = Categories::lock(connection, &product.categories, None)?;
    if !categories.unknown.is_empty() {
        return Err(refused(ProductError::UnknownCategories(categories.unknown)));
    }
    let (group, options) = (product.group.clone(), product.options.clone());
    let images = product.images.clone();
    let mut columns = Columns::of(ProductChanges::from(product), &images);
    columns.slug = Some(slug.as_str().to_owned());
    let id = diesel::insert_into(products::table)
        .values(&columns)
        .returning(products::id)
        .get_result(connection)
        .map_err(|error| taken(error, slug))?;
    if let Some(group) = &group {
        refuse_clash(connection, group, &options, id)?;
    }
    categories.link(connection, id)?;
    Ok(find::by_id(connection, id)?)
}

pub(crate) fn update(
    connection: &mut PgConnection,
    slug: &Slug,
    changes: Valid<ProductChanges>,
    expected: &Expected,
) -> Result<Product> {
    let changes = changes.into_inner();
    // Categories are locked before the product, as in writes of a category. This order prevents a deadlock.
    let categories = changes
        .categories
        .as_deref()
        .map(|slugs| Categories::lock(connection, slugs, Some(slug)))
        .transpose()?;
    let before = lock(connection, slug, expected)?;
    let id = before.id.0;
    let changes = changes.resolved(&before);
    let changes = changes.map_err(|rules| refused(ProductError::Contradicts(rules)))?;
    let mut changed = before.clone();
    changes.clone().apply_to(&mut changed);
    let mut is_changed = changed != before;
    if let Some(group) = &changed.group
        && (changed.group != before.group || changed.options != before.options)
    {
        refuse_clash(connection, group, &changed.options, id)?;
    }
    if let Some(categories) = &categories {
        if !categories.unknown.is_empty() {
            return Err(refused(ProductError::UnknownCategories(
                categories.unknown.clone(),
            )));
        }
        is_changed = is_changed || !categories.are_those_of(connection, id)?;
    }
    if !is_changed {
        return Ok(before);
    }
    let has_new_images = changes.images.is_some();
    let columns = Columns::of(changes, &changed.images);
    let update = UpdateStatement { id, columns };
    let updated_at = update
        .get_result::<OffsetDateTime>(connection)
        .map_err(|error| taken(error, &changed.slug))?;
    if has_new_images {
        discard_taken_out(connection, &before.images)?;
    }
    if let Some(categories) = &categories {
        categories.replace(connection, id)?;
    }
    // Triggers derive what a product shows of these, so it is read again.
    if has_new_images || categories.is_some() {
        return Ok(find::by_id(connection, id)?);
    }
    changed.version += 1;
    // A category may have been renamed later.
    changed.updated_at = changed.updated_at.max(updated_at);
    Ok(changed)
}

/// Activates and deactivates products whose time has come. Returns how many.
pub(super) fn switch_due(connection: &mut PgConnection, limit: u32) -> QueryResult<usize> {
    sql_query(
        "WITH due AS MATERIALIZED (SELECT id FROM products WHERE least(publish_at, unpublish_at) <= now() \
         AND (publish_at IS NOT NULL OR unpublish_at IS NOT NULL) ORDER BY id \
         LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED) \
         UPDATE products p SET version = version + 1, updated_at = greatest(updated_at, now()), \
         is_active = coalesce(unpublish_at > now(), true), \
         publish_at = CASE WHEN publish_at > now() THEN publish_at END, \
         unpublish_at = CASE WHEN unpublish_at > now() THEN unpublish_at END \
         FROM due WHERE p.id = due.id",
    )
    .bind::<BigInt, _>(i64::from(limit))
    .execute(connection)
}

pub(crate) fn remove(
    connection: &mut PgConnection,
    slug: &Slug,
    expected: &Expected,
) -> Result<()> {
    let product = lock(connection, slug, expected)?;
    discard_of_product(connection, product.id.0)?;
    diesel::delete(products::table.find(product.id.0)).execute(connection)?;
    Ok(())
}

/// Locks the product of a slug until the transaction ends, if it is as expected.
fn lock(connection: &mut PgConnection, slug: &Slug, expected: &Expected) -> Result<Product> {
    let product = find::locked(connection, slug.as_str())?;
    let product = product.ok_or(refused(ProductError::NotFound))?;
    let current = product.revision();
    if expected.holds_for(current) {
        Ok(product)
    } else {
        Err(refused(ProductError::Changed(current)))
    }
}

/// Locks a group, and checks that a product can be a variant of its others.
fn refuse_clash(
    connection: &mut PgConnection,
    group: &Slug,
    options: &[ProductOption],
    product: i32,
) -> Result<()> {
    sql_query("SELECT pg_advisory_xact_lock(hashtextextended('group ' || $1, 0))")
        .bind::<Text, _>(group.as_str())
        .execute(connection)?;
    let others: Vec<(String, serde_json::Value)> = products::table
        .filter(products::variant_group.eq(group.as_str()))
        .filter(products::id.ne(product))
        .order(products::id)
        .select((products::slug, products::options))
        .load(connection)?;
    let others = others.into_iter().map(|(slug, options)| {
        let options = facts::read_options(&options.to_string()).unwrap_or_default();
        Ok((slug.parse().map_err(corrupt)?, options))
    });
    let others: Vec<(Slug, Vec<ProductOption>)> = others.collect::<QueryResult<_>>()?;
    let others = others
        .iter()
        .map(|(slug, options)| (slug, options.as_slice()));
    match VariantClash::find(options, others) {
        Some(clash) => Err(refused(ProductError::VariantClash(clash))),
        None => Ok(()),
    }
}

/// The conflict behind an error.
fn taken(error: diesel::result::Error, slug: &Slug) -> Failure<ProductError> {
    if violates(&error, "products_slug_idx") {
        refused(ProductError::SlugTaken(slug.clone()))
    } else if violates(&error, "products_sku_idx") {
        refused(ProductError::SkuTaken)
    } else if violates(&error, "products_gtin_idx") {
        refused(ProductError::GtinTaken)
    } else {
        error.into()
    }
}

fn refused(error: ProductError) -> Failure<ProductError> {
    Failure::Refused(error)
}
