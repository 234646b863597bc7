//! Dry runs of imports.

use super::batches::rename;
use super::{counts, create, create_product, made};
use crate::imports::{BatchRow, Difference, DifferenceAction, FieldDifference, MAX_DIFFERENCES};
use crate::products::{NewProduct, PageSize};
use crate::testing::contract::{Stores, named, slug};

fn difference(row: u64, of: &str, action: DifferenceAction) -> Difference {
    Difference {
        row,
        slug: slug(of),
        action,
        changes: vec![FieldDifference {
            field: "name".into(),
            before: r#""E\u0000gg""#.into(),
            after: r#"{ "b": 1.00, "a": null }"#.into(),
        }],
    }
}

fn with_difference(row: BatchRow, of: &str, action: DifferenceAction) -> BatchRow {
    BatchRow {
        difference: Some(difference(row.number, of, action)),
        ..row
    }
}

pub async fn a_dry_run_writes_nothing(stores: Stores) {
    let claim = stores.claimed(true).await;
    assert!(claim.import.is_dry_run);
    let egg = stores
        .create(NewProduct {
            stock_quantity: 5,
            ..named("Egg")
        })
        .await;
    let stocked = NewProduct {
        stock_quantity: 3,
        ..named("Cake")
    };
    let rows = vec![
        with_difference(create(2, "Bar"), "bar", DifferenceAction::Created),
        with_difference(rename(3, &egg, "Egg 2"), "egg", DifferenceAction::Updated),
        with_difference(create(4, "Egg"), "egg", DifferenceAction::Created),
        create_product(5, stocked),
    ];
    assert_eq!(stores.commit(&claim, 0, rows).await, made([2, 1, 0, 1]));
    assert_eq!(stores.find(&egg).await, egg);
    assert_eq!(stores.filtered(Default::default()).await, ["Egg"]);
    let movements = stores.stock.list(&egg.slug, None, PageSize::default());
    assert_eq!(movements.await.unwrap().items.len(), 1);

    // What it has found stays.
    assert_eq!(
        stores.import(&claim).await.counts,
        counts(None, [2, 1, 0, 1])
    );
    let errors = stores.imports.errors(claim.import.id, 10).await.unwrap();
    assert_eq!((errors.len(), errors[0].row), (1, 4));
    let differences = stores.imports.differences(claim.import.id).await.unwrap();
    let expected = [
        difference(2, "bar", DifferenceAction::Created),
        difference(3, "egg", DifferenceAction::Updated),
    ];
    assert_eq!(differences, expected);
}

pub async fn a_dry_run_keeps_few_differences(stores: Stores) {
    let claim = stores.claimed(true).await;
    for batch in 0..3 {
        let after = batch * 20;
        let rows = (after..after + 20).map(|number| {
            let name = format!("Egg {number}");
            let slug = format!("egg-{number}");
            with_difference(create(number, &name), &slug, DifferenceAction::Created)
        });
        let commit = stores.commit(&claim, after, rows.collect()).await;
        assert_eq!(commit, made([20, 0, 0, 0]));
    }
    let differences = stores.imports.differences(claim.import.id).await.unwrap();
    let rows: Vec<u64> = differences.iter().map(|of| of.row).collect();
    let expected: Vec<u64> = (0..60).take(MAX_DIFFERENCES).collect();
    assert_eq!(rows, expected);
}
