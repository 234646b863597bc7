//! Batches of imports.

use std::time::Duration;

use super::{counts, create, create_product, made, row};
use crate::imports::{BatchRow, Commit, ImportError, RowAction};
use crate::products::{
    Expected, NewProduct, Product, ProductChanges, ProductCodes, ProductOperation,
};
use crate::testing::contract::{Stores, named, slug, valid};

pub(super) fn rename(number: u64, product: &Product, name: &str) -> BatchRow {
    let changes = ProductChanges {
        name: Some(name.into()),
        ..ProductChanges::default()
    };
    let expected = Expected::OneOf(vec![product.revision()]);
    let operation = ProductOperation::Update(product.slug.clone(), valid(changes), expected);
    row(number, RowAction::Write(operation))
}

fn refuse(number: u64, errors: &[(&str, &str)]) -> BatchRow {
    let errors = errors.iter();
    let errors = errors.map(|(column, message)| ImportError::new(number, *column, "x", *message));
    row(number, RowAction::Refuse(errors.collect()))
}

fn with_sku(name: &str, sku: &str) -> NewProduct {
    NewProduct {
        sku: Some(sku.parse().unwrap()),
        ..named(name)
    }
}

/// The columns and messages of errors.
fn summaries(errors: &[ImportError]) -> Vec<(u64, &str, &str)> {
    let errors = errors.iter();
    errors
        .map(|error| (error.row, error.column.as_str(), error.message.as_str()))
        .collect()
}

pub async fn an_import_goes_on_after_a_lost_lease(stores: Stores) {
    let imports = &stores.imports;
    let first = stores.claimed(false).await;
    let rows = vec![
        create(2, "Egg"),
        create(3, "Bar"),
        refuse(4, &[("name", "No")]),
    ];
    assert_eq!(stores.commit(&first, 0, rows).await, made([2, 0, 0, 1]));
    // The server stops, or is too slow.
    imports.renew(&first, Duration::ZERO).await.unwrap();
    let second = stores.claim_import(first.import.id).await.unwrap();
    assert_eq!(second.import.counts, counts(None, [2, 0, 0, 1]));

    // The first server writes nothing that the second has not read.
    let rows = || vec![create(5, "Cake"), create(6, "Pie")];
    assert_eq!(stores.commit(&first, 3, rows()).await, Commit::Lost);
    assert!(!stores.has("cake").await);
    assert_eq!(stores.commit(&second, 3, rows()).await, made([2, 0, 0, 0]));
    assert_eq!(stores.commit(&first, 3, rows()).await, Commit::Lost);
    assert_eq!(
        stores.import(&second).await.counts,
        counts(None, [4, 0, 0, 1])
    );
    let names = stores.filtered(Default::default()).await;
    assert_eq!(names, ["Bar", "Cake", "Egg", "Pie"]);
}

pub async fn a_batch_is_made_once(stores: Stores) {
    let claim = stores.claimed(false).await;
    let egg = stores.create(named("Egg")).await;
    let rows = || {
        vec![
            rename(2, &egg, "Egg 2"),
            create(3, "Bar"),
            refuse(4, &[("", "No")]),
        ]
    };
    assert_eq!(stores.commit(&claim, 0, rows()).await, made([1, 1, 0, 1]));
    // Again, because the answer was lost.
    assert_eq!(stores.commit(&claim, 0, rows()).await, Commit::Lost);
    // Rows are never left out.
    let late = vec![create(6, "Late")];
    assert_eq!(stores.commit(&claim, 4, late).await, Commit::Lost);
    assert!(!stores.has("late").await);
    assert_eq!(
        stores.import(&claim).await.counts,
        counts(None, [1, 1, 0, 1])
    );
    assert_eq!(stores.find(&egg).await.version, 2);
    let refused = stores.imports.refused_rows(claim.import.id, 0, 10).await;
    assert_eq!(refused.unwrap().len(), 1);
    assert_eq!(stores.commit(&claim, 3, vec![]).await, made([0; 4]));
}

pub async fn refused_rows_are_kept_in_order(stores: Stores) {
    let imports = &stores.imports;
    let claim = stores.claimed(false).await;
    let id = claim.import.id;
    stores.create(named("Bar")).await;
    let unknown = NewProduct {
        categories: vec![slug("none"), slug("nothing")],
        ..named("Cake")
    };
    // Numbers of rows may skip lines, so the order is that of the rows themselves.
    let rows = vec![
        refuse(7, &[("name", "a"), ("price", "b\0")]),
        create(3, "Egg"),
        create(9, "Bar"),
        create_product(11, unknown),
    ];
    assert_eq!(stores.commit(&claim, 0, rows).await, made([1, 0, 0, 3]));
    let rows = vec![refuse(12, &[("sku", "c")])];
    assert_eq!(stores.commit(&claim, 4, rows).await, made([0, 0, 0, 1]));

    let errors = imports.errors(id, 100).await.unwrap();
    let all = [
        (7_u64, "name", "a"),
        (7, "price", "b\u{fffd}"),
        (9, "slug", "Another product has this slug"),
        (11, "categories", "There is no such category"),
        (11, "categories", "There is no such category"),
        (12, "sku", "c"),
    ];
    assert_eq!(summaries(&errors), all);
    assert_eq!(
        (errors[2].value.as_str(), errors[4].value.as_str()),
        ("bar", "nothing")
    );
    assert_eq!(summaries(&imports.errors(id, 3).await.unwrap()), all[..3]);

    let page = imports.refused_rows(id, 0, 2).await.unwrap();
    let positions: Vec<u64> = page.iter().map(|row| row.position).collect();
    assert_eq!(positions, [1, 3]);
    assert_eq!(
        (page[0].number, page[0].cells.as_slice()),
        (7, ["cell 7".to_owned()].as_slice())
    );
    assert_eq!(summaries(&page[0].errors), all[..2]);
    let rest = imports.refused_rows(id, 3, 10).await.unwrap();
    let positions: Vec<u64> = rest.iter().map(|row| row.position).collect();
    assert_eq!(positions, [4, 5]);
    // Nothing of a refused row is written.
    assert!(stores.has("egg").await && !stores.has("cake").await);
}

pub async fn a_batch_stops_before_a_changed_product(stores: Stores) {
    let claim = stores.claimed(false).await;
    let (egg, pie) = (
        stores.create(named("Egg")).await,
        stores.create(named("Pie")).await,
    );
    let sold = ProductChanges {
        stock_quantity: Some(5),
        ..ProductChanges::default()
    };
    let changed = stores
        .products
        .update(&egg.slug, valid(sold), Expected::Any);
    changed.await.unwrap();
    stores
        .products
        .remove(&pie.slug, Expected::Any)
        .await
        .unwrap();
    let rows = vec![
        create(2, "Bar"),
        rename(3, &egg, "Egg 2"),
        refuse(4, &[("", "No")]),
        create(5, "Cake"),
    ];
    assert_eq!(stores.commit(&claim, 0, rows).await, made([1, 0, 0, 0]));
    assert!(!stores.has("cake").await);
    assert_eq!(stores.import(&claim).await.counts.done, 1);
    assert!(
        stores
            .imports
            .errors(claim.import.id, 10)
            .await
            .unwrap()
            .is_empty()
    );

    let rows = vec![rename(3, &egg, "Egg 2")];
    assert_eq!(stores.commit(&claim, 1, rows).await, made([0; 4]));
    let egg = stores.find(&egg).await;
    assert_eq!((egg.name.as_str(), egg.stock_quantity), ("Egg", 5));
    // What changes nothing is no change. A removed product is outdated too.
    let rows = vec![
        rename(3, &egg, "Egg 2"),
        rename(3, &pie, "Pie 2"),
        create(5, "Cake"),
    ];
    assert_eq!(stores.commit(&claim, 1, rows).await, made([0, 1, 0, 0]));
    let egg = stores.find(&egg).await;
    let rows = vec![rename(3, &egg, "Egg 2"), create(5, "Cake")];
    assert_eq!(stores.commit(&claim, 2, rows).await, made([1, 0, 1, 0]));
    assert_eq!(stores.find(&egg).await, egg);
}

pub async fn a_batch_stops_before_a_product_that_it_created(stores: Stores) {
    let claim = stores.claimed(false).await;
    let second = with_sku("Egg 2", "EGG-1");
    let rows = vec![
        create_product(2, with_sku("Egg", "egg-1")),
        create_product(3, with_sku("Bar", "bar-1")),
        create_product(4, second.clone()),
        create_product(5, with_sku("Cake", "cake-1")),
    ];
    assert_eq!(stores.commit(&claim, 0, rows).await, made([2, 0, 0, 0]));
    assert!(!stores.has("cake").await);
    let codes = ProductCodes::from(&second);
    let found = stores.products.find_by_codes(&[codes]).await.unwrap();
    let egg = found[0].as_ref().unwrap();
    let rows = vec![
        rename(4, egg, "Egg 2"),
        create_product(5, with_sku("Cake", "cake-1")),
        create(6, "Pie"),
    ];
    assert_eq!(stores.commit(&claim, 2, rows).await, made([2, 1, 0, 0]));
    let names = stores.filtered(Default::default()).await;
    assert_eq!(names, ["Bar", "Cake", "Egg 2", "Pie"]);
    // The name alone is no code, so a slug that is made of it is just taken.
    let rows = vec![create(7, "Tea"), create(8, "Tea"), create(9, "Oat")];
    assert_eq!(stores.commit(&claim, 5, rows).await, made([2, 0, 0, 1]));
}
