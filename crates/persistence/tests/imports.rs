//! What imports need of PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use eggypro_domain::changes::{Actor, ActorKind, ChangeLog, ChangeQuery, Origin};
use eggypro_domain::imports::{
    Batch, BatchRow, Claim, Commit, ImportEnd, ImportError, ImportRepository, NewImport, RowAction,
};
use eggypro_domain::products::{NewProduct, ProductOperation};
use eggypro_domain::{Bytes, Unvalidated};
use eggypro_persistence::testing::TestDatabase;
use eggypro_persistence::{PostgresChanges, PostgresImports};

const MINUTE: Duration = Duration::from_secs(60);

fn count(database: &TestDatabase, table: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let count: Count = sql_query(format!("SELECT count(*) FROM {table}"))
        .get_result(&mut *database.connect())
        .unwrap();
    count.count
}

/// A claimed import with a file.
async fn claimed(imports: &PostgresImports, is_dry_run: bool) -> Claim {
    let mut new = NewImport::new("csv");
    new.is_dry_run = is_dry_run;
    let import = imports.create(new).await.unwrap();
    let file = Bytes::from_static(b"name");
    assert!(imports.append(import.id, 0, file).await.unwrap());
    imports.complete(import.id, 1).await.unwrap();
    imports
        .claim(Some(import.id), MINUTE)
        .await
        .unwrap()
        .unwrap()
}

fn create(number: u64, group: Option<&str>) -> BatchRow {
    let mut product = NewProduct::example();
    product.name = format!("Egg {number}");
    product.group = group.map(|group| group.parse().unwrap());
    let slug = product.slug().unwrap();
    let product = Unvalidated::new(product).validate().unwrap();
    row(
        number,
        RowAction::Write(ProductOperation::Create(slug, product)),
    )
}

fn refused(number: u64) -> BatchRow {
    let error = ImportError::new(number, "name", "", "Name is required");
    row(number, RowAction::Refuse(vec![error]))
}

fn row(number: u64, action: RowAction) -> BatchRow {
    BatchRow {
        number,
        cells: vec!["a cell".into()],
        action,
        difference: None,
    }
}

async fn commit(
    imports: &PostgresImports,
    claim: &Claim,
    after: u64,
    rows: Vec<BatchRow>,
) -> Commit {
    imports.commit(claim, Batch { after, rows }).await.unwrap()
}

#[tokio::test]
async fn the_log_of_changes_names_the_import() {
    let database = TestDatabase::migrated();
    let imports = PostgresImports::new(database.open());
    let mut origin = Origin::of(Actor::new(ActorKind::Key, "k1"));
    origin.request_id = Some("r1".into());
    let claim = Arc::new(origin).scope(claimed(&imports, false)).await;
    commit(&imports, &claim, 0, vec![create(2, None), create(3, None)]).await;
    let log = PostgresChanges::new(database.open());
    let entries = log.list(&ChangeQuery::default()).await.unwrap().items;
    assert_eq!(entries.len(), 2);
    for entry in entries {
        assert_eq!(entry.actor.id.as_deref(), Some("k1"));
        assert_eq!(entry.request_id.as_deref(), Some("r1"));
        assert_eq!(entry.reason, Some(format!("import {}", claim.import.id)));
    }
    // A dry run leaves no trace in it.
    let claim = claimed(&imports, true).await;
    let made = commit(&imports, &claim, 0, vec![create(4, None), create(5, None)]).await;
    assert!(matches!(made, Commit::Made(counts) if counts.created == 2));
    assert_eq!(count(&database, "changes"), 2);
    assert_eq!(count(&database, "products"), 2);
}

#[tokio::test]
async fn old_imports_are_deleted_with_all_that_belongs_to_them() {
    let database = TestDatabase::migrated();
    let imports = PostgresImports::new(database.open());
    for _ in 0..3 {
        let claim = claimed(&imports, true).await;
        commit(&imports, &claim, 0, vec![create(2, None), refused(3)]).await;
        imports.finish(&claim, ImportEnd::Done).await.unwrap();
    }
    let running = claimed(&imports, false).await;
    let receiving = imports.create(NewImport::new("csv")).await.unwrap();
    assert_eq!(imports.delete_old(10).await.unwrap(), 0);
    database.execute(
        "UPDATE imports SET created_at = created_at - interval '31 days', finished_at = finished_at - interval '31 days'",
    );
    for deleted in [3, 1, 0] {
        assert_eq!(imports.delete_old(3).await.unwrap(), deleted);
    }
    assert_eq!(count(&database, "import_errors"), 0);
    assert_eq!(imports.find(receiving.id).await.unwrap(), None);
    assert!(imports.find(running.import.id).await.unwrap().is_some());
}

/// Many new products are created in one statement, except those of groups. Both ways give the same.
#[tokio::test]
async fn many_new_products_are_created_like_one() {
    let database = TestDatabase::migrated();
    let imports = PostgresImports::new(database.open());
    let claim = claimed(&imports, false).await;
    let rows = (2..202).map(|number| create(number, None));
    let made = commit(&imports, &claim, 0, rows.collect()).await;
    assert!(matches!(made, Commit::Made(counts) if counts.created == 200));
    // The second product of the group has the same options as the first.
    let rows = vec![
        create(202, Some("eggs")),
        create(203, Some("eggs")),
        create(204, None),
    ];
    let made = commit(&imports, &claim, 200, rows).await;
    assert!(matches!(made, Commit::Made(counts) if (counts.created, counts.failed) == (2, 1)));
    assert_eq!(count(&database, "products"), 202);
    let errors = imports.errors(claim.import.id, 10).await.unwrap();
    assert_eq!((errors[0].row, errors[0].column.as_str()), (203, "options"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_servers_each_claims_another_import() {
    let database = TestDatabase::migrated();
    let imports = PostgresImports::new(database.open());
    for _ in 0..4 {
        // Dry runs, since others wait for one another.
        let mut new = NewImport::new("csv");
        new.is_dry_run = true;
        let import = imports.create(new).await.unwrap();
        imports.complete(import.id, 0).await.unwrap();
    }
    let claims = (0..8).map(|_| {
        let imports = PostgresImports::new(database.open());
        tokio::spawn(async move { imports.claim(None, MINUTE).await.unwrap() })
    });
    let mut claimed = vec![];
    for claim in claims.collect::<Vec<_>>() {
        claimed.extend(
            claim
                .await
                .unwrap()
                .map(|claim| claim.import.id.to_string()),
        );
    }
    // A claimant skips what another one is claiming, so it may find nothing at that moment.
    while let Some(claim) = imports.claim(None, MINUTE).await.unwrap() {
        claimed.push(claim.import.id.to_string());
    }
    claimed.sort();
    claimed.dedup();
    assert_eq!(claimed.len(), 4);
}
