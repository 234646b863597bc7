use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Text};
use eggypro_domain::changes::Origin;
use eggypro_domain::products::{
    Atomicity, Gtin, OperationError, ProductChanges, ProductOperation, Sku, Written,
};
use eggypro_domain::{Slug, StoreError};

use super::write::{create, remove, update};
use crate::error::Failure;
use crate::stock;

/// The results of operations, in order.
pub(super) type Results = Vec<Result<Written, OperationError>>;

/// Why operations were not committed.
#[derive(Debug)]
pub(super) enum BulkError {
    /// At least one has failed.
    Undone(Results),
    Store(StoreError),
}

impl From<StoreError> for BulkError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Makes operations in the transaction of the caller.
pub(super) fn write_all(
    connection: &mut PgConnection,
    operations: Vec<ProductOperation>,
    atomicity: Atomicity,
    origin: &Origin,
) -> Result<Results, Failure<BulkError>> {
    lock_all(connection, operations.iter())?;
    let mut results = vec![];
    for operation in operations {
        // A failed operation is undone up to its savepoint.
        let result = connection.transaction(|connection| write(connection, operation, origin));
        results.push(match result {
            Ok(written) => Ok(written),
            Err(Failure::Refused(error)) => Err(error),
            Err(Failure::Database(error)) => return Err(Failure::Database(error)),
        });
    }
    let is_undone = match atomicity {
        Atomicity::AllOrNothing => results.iter().any(Result::is_err),
        Atomicity::EachForItself => false,
        Atomicity::Rehearsal => true,
    };
    if is_undone {
        return Err(Failure::Refused(BulkError::Undone(results)));
    }
    Ok(results)
}

/// Makes an operation in the transaction of the caller. A refused one may have written something already.
pub(crate) fn write(
    connection: &mut PgConnection,
    operation: ProductOperation,
    origin: &Origin,
) -> Result<Written, Failure<OperationError>> {
    match operation {
        ProductOperation::Create(slug, product) => {
            let product = create(connection, &slug, product).map_err(Failure::of)?;
            Ok(Written::Product(Box::new(product)))
        }
        ProductOperation::Update(slug, changes, expected) => {
            let product = update(connection, &slug, changes, &expected).map_err(Failure::of)?;
            Ok(Written::Product(Box::new(product)))
        }
        ProductOperation::Remove(slug, expected) => {
            remove(connection, &slug, &expected).map_err(Failure::of)?;
            Ok(Written::Removed)
        }
        ProductOperation::Move(slug, movement) => {
            let movement = movement.into_inner();
            let moved = stock::make(connection, &slug, movement, origin).map_err(Failure::of)?;
            Ok(Written::Moved(moved))
        }
    }
}

/// Locks all products and their categories in one order, so that two bulks never deadlock. The operations
/// themselves lock in the order of the caller.
pub(crate) fn lock_all<'a>(
    connection: &mut PgConnection,
    operations: impl Iterator<Item = &'a ProductOperation>,
) -> QueryResult<()> {
    let mut categories: Vec<&str> = vec![];
    let (mut products, mut new) = (vec![], vec![]);
    for operation in operations {
        let (product, named): (&Slug, Option<&[Slug]>) = match operation {
            ProductOperation::Create(slug, product) => {
                new.push(format!("slug {slug}"));
                new.extend(shared(&product.sku, &product.gtin, &product.group));
                (slug, Some(&product.categories))
            }
            ProductOperation::Update(slug, changes, _) => {
                new.extend(changes.slug.as_ref().map(|slug| format!("slug {slug}")));
                let ProductChanges {
                    sku, gtin, group, ..
                } = &**changes;
                let of = |sku: &Option<Option<Sku>>| sku.clone().flatten();
                let (gtin, group) = (gtin.clone().flatten(), group.clone().flatten());
                new.extend(shared(&of(sku), &gtin, &group));
                (slug, changes.categories.as_deref())
            }
            ProductOperation::Remove(slug, _) | ProductOperation::Move(slug, _) => (slug, None),
        };
        products.push(product.as_str());
        categories.extend(named.into_iter().flatten().map(Slug::as_str));
    }
    // What nothing has yet can only be locked by its name.
    new.sort_unstable();
    new.dedup();
    sql_query("SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest($1) name")
        .bind::<Array<Text>, _>(new)
        .execute(connection)?;
    sql_query(
        "SELECT FROM categories c WHERE c.slug = ANY($1) OR c.id IN (SELECT pc.category_id FROM product_categories pc \
         JOIN products p ON p.id = pc.product_id WHERE p.slug = ANY($2)) ORDER BY c.id FOR SHARE",
    )
    .bind::<Array<Text>, _>(categories)
    .bind::<Array<Text>, _>(&products)
    .execute(connection)?;
    sql_query("SELECT FROM products WHERE slug = ANY($1) ORDER BY id FOR UPDATE")
        .bind::<Array<Text>, _>(products)
        .execute(connection)?;
    Ok(())
}

/// The names of what only one product may have, and of the group that it is compared with.
fn shared(
    sku: &Option<Sku>,
    gtin: &Option<Gtin>,
    group: &Option<Slug>,
) -> impl Iterator<Item = String> {
    let sku = sku.as_ref().map(|sku| format!("sku {}", sku.folded()));
    let gtin = gtin.as_ref().map(|gtin| format!("gtin {}", gtin.padded()));
    let group = group.as_ref().map(|group| format!("group {group}"));
    [sku, gtin, group].into_iter().flatten()
}
