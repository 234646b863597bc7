//! Makes the rows of a batch, each in a savepoint of its own, or many new products in one.

use std::iter::Peekable;
use std::vec;

use diesel::prelude::*;
use eggypro_domain::changes::Origin;
use eggypro_domain::imports::{Batch, BatchOutcome, BatchRow, RowAction, RowChange};
use eggypro_domain::products::{
    NewProduct, OperationError, ProductError, ProductOperation, Written,
};
use eggypro_domain::{Slug, StoreError, Valid};

use crate::error::Failure;
use crate::products;

type Result<T> = std::result::Result<T, Failure<StoreError>>;

/// Makes rows in order, up to one that is outdated.
pub(super) fn make(
    connection: &mut PgConnection,
    batch: Batch,
    origin: &Origin,
) -> Result<BatchOutcome> {
    let operations = batch.rows.iter().filter_map(|row| match &row.action {
        RowAction::Write(operation) => Some(operation),
        RowAction::Keep | RowAction::Refuse(_) => None,
    });
    products::lock_all(connection, operations)?;
    let mut outcome = BatchOutcome::of(&batch);
    let mut rows = batch.rows.into_iter().peekable();
    // What is next, in reverse order.
    let mut parts = vec![];
    loop {
        let mut next = parts.pop().unwrap_or_else(|| next_rows(&mut rows));
        if next.len() > 1 {
            if are_created_together(connection, &next)? {
                for row in next {
                    if let Some((row, _)) = outcome.take(row) {
                        outcome.written(row, RowChange::Created);
                    }
                }
            } else {
                // The halves without a wrong row are still created together.
                parts.push(next.split_off(next.len() / 2));
                parts.push(next);
            }
            continue;
        }
        let Some(row) = next.pop() else {
            return Ok(outcome);
        };
        if !is_made(connection, row, origin, &mut outcome)? {
            return Ok(outcome);
        }
    }
}

/// The next row, with those after it if all of them create a product without a group.
fn next_rows(rows: &mut Peekable<vec::IntoIter<BatchRow>>) -> Vec<BatchRow> {
    let mut next: Vec<BatchRow> = rows.next().into_iter().collect();
    if next.iter().all(|row| new_product(row).is_some()) {
        while let Some(row) = rows.next_if(|row| new_product(row).is_some()) {
            next.push(row);
        }
    }
    next
}

/// The product that a row creates, unless it belongs to a group, whose other products it must be compared with.
fn new_product(row: &BatchRow) -> Option<(&Slug, &Valid<NewProduct>)> {
    match &row.action {
        RowAction::Write(ProductOperation::Create(slug, product)) if product.group.is_none() => {
            Some((slug, product))
        }
        _ => None,
    }
}

/// Creates the products of rows in one statement, which takes a fraction of the time. If one is refused, none is created.
fn are_created_together(connection: &mut PgConnection, rows: &[BatchRow]) -> Result<bool> {
    let new: Vec<_> = rows.iter().filter_map(new_product).collect();
    let created: std::result::Result<(), Failure<ProductError>> =
        connection.transaction(|connection| products::create_all(connection, &new));
    match created {
        Ok(()) => Ok(true),
        Err(Failure::Refused(_)) => Ok(false),
        Err(Failure::Database(error)) => Err(error.into()),
    }
}

/// Makes and counts a row. Returns whether it was not outdated.
fn is_made(
    connection: &mut PgConnection,
    row: BatchRow,
    origin: &Origin,
    outcome: &mut BatchOutcome,
) -> Result<bool> {
    let Some((row, operation)) = outcome.take(row) else {
        return Ok(true);
    };
    let result = written(connection, operation, origin)?;
    if row.is_outdated(&result) {
        return Ok(false);
    }
    if let Some(codes) = row.contested_codes(&result) {
        let found = products::ids_by_codes(connection, std::slice::from_ref(codes))?;
        if found.iter().any(Option::is_some) {
            return Ok(false);
        }
    }
    outcome.record(row, result).map_err(Failure::Refused)?;
    Ok(true)
}

/// Makes an operation. A refused one is undone up to its savepoint.
fn written(
    connection: &mut PgConnection,
    operation: ProductOperation,
    origin: &Origin,
) -> Result<std::result::Result<Written, OperationError>> {
    let result = connection.transaction(|connection| products::make(connection, operation, origin));
    match result {
        Ok(written) => Ok(Ok(written)),
        Err(Failure::Refused(error)) => Ok(Err(error)),
        Err(Failure::Database(error)) => Err(error.into()),
    }
}
