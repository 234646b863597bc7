mod batches;
mod dry_runs;

use std::sync::Arc;
use std::time::Duration;

use super::{Stores, named, slug, valid};
use crate::changes::{Actor, ActorKind, Origin};
use crate::imports::{
    Batch, BatchRow, Claim, Commit, Import, ImportCounts, ImportEnd, ImportId, ImportStatus,
    ImportedFile, NewImport, RowAction,
};
use crate::products::{NewProduct, PageSize, ProductOperation, Total};
use crate::{Bytes, StoreError};

pub use self::batches::*;
pub use self::dry_runs::*;

const MINUTE: Duration = Duration::from_secs(60);

fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

/// A row with a cell.
fn row(number: u64, action: RowAction) -> BatchRow {
    BatchRow {
        number,
        cells: vec![format!("cell {number}")],
        action,
        difference: None,
    }
}

/// A row that creates a product of this name.
fn create(number: u64, name: &str) -> BatchRow {
    create_product(number, named(name))
}

fn create_product(number: u64, product: NewProduct) -> BatchRow {
    let slug = product.slug().unwrap();
    let operation = ProductOperation::Create(slug, valid(product));
    row(number, RowAction::Write(operation))
}

/// A batch of which all rows were made: so many created, changed, unchanged and refused.
fn made([created, updated, unchanged, failed]: [u64; 4]) -> Commit {
    Commit::Made(counts(None, [created, updated, unchanged, failed]))
}

fn counts(rows: Option<u64>, [created, updated, unchanged, failed]: [u64; 4]) -> ImportCounts {
    ImportCounts {
        rows,
        done: created + updated + unchanged + failed,
        created,
        updated,
        unchanged,
        failed,
    }
}

impl Stores {
    /// A claimed import without a file.
    async fn claimed(&self, is_dry_run: bool) -> Claim {
        let mut new = NewImport::new("csv");
        new.is_dry_run = is_dry_run;
        let import = self.imports.create(new).await.unwrap();
        self.imports.complete(import.id, 0).await.unwrap();
        self.claim_import(import.id).await.unwrap()
    }

    async fn claim_import(&self, import: ImportId) -> Option<Claim> {
        self.imports.claim(Some(import), MINUTE).await.unwrap()
    }

    async fn commit(&self, claim: &Claim, after: u64, rows: Vec<BatchRow>) -> Commit {
        let batch = Batch { after, rows };
        self.imports.commit(claim, batch).await.unwrap()
    }

    async fn import(&self, claim: &Claim) -> Import {
        let found = self.imports.find(claim.import.id).await.unwrap();
        found.unwrap()
    }

    /// The clock of the in-memory store moves with each new thing, that of PostgreSQL anyway.
    async fn let_time_pass(&self) {
        let import = NewImport::new("csv");
        self.imports.create(import).await.unwrap();
    }

    async fn has(&self, name: &str) -> bool {
        let found = self.products.find(&slug(name)).await.unwrap();
        found.is_some()
    }
}

pub async fn a_file_is_received_in_chunks(stores: Stores) {
    let imports = &stores.imports;
    let new = NewImport::new("auto");
    let import = imports.create(new).await.unwrap();
    assert_eq!(import.status, ImportStatus::Receiving);
    assert_eq!((import.format.as_str(), import.finished_at), ("auto", None));
    assert_eq!(import.counts, ImportCounts::default());
    assert_eq!(imports.find(import.id).await.unwrap(), Some(import.clone()));
    assert!(
        stores.claim_import(import.id).await.is_none(),
        "it has not arrived"
    );

    for (number, text) in [(0, "sku,na"), (1, "lost"), (1, "me\n\0\u{e9}")] {
        let append = imports.append(import.id, number, bytes(text));
        assert!(append.await.unwrap());
    }
    let lost = imports.complete(import.id, 3).await;
    assert!(matches!(lost, Err(StoreError::Unavailable(_))), "{lost:?}");
    assert_eq!(imports.unfinished().await.unwrap(), 1);
    let complete = imports.complete(import.id, 2).await.unwrap().unwrap();
    assert_eq!(complete.status, ImportStatus::Running);
    assert!(!imports.append(import.id, 2, bytes("late")).await.unwrap());

    let claim = stores.claim_import(import.id).await.unwrap();
    assert_eq!((claim.chunks, claim.import), (2, complete));
    let mut file = vec![];
    for number in 0..claim.chunks {
        let chunk = imports.chunk(import.id, number).await.unwrap();
        file.extend_from_slice(&chunk.unwrap());
    }
    assert_eq!(file, "sku,name\n\0\u{e9}".as_bytes());
    assert_eq!(imports.chunk(import.id, 2).await.unwrap(), None);

    let unknown = ImportId::random();
    assert!(!imports.append(unknown, 0, bytes("a")).await.unwrap());
    assert_eq!(imports.find(unknown).await.unwrap(), None);
    assert_eq!(imports.complete(unknown, 0).await.unwrap(), None);
    assert_eq!(imports.cancel(unknown).await.unwrap(), None);
    assert!(imports.errors(unknown, 10).await.unwrap().is_empty());
}

pub async fn imports_are_listed_newest_first(stores: Stores) {
    let imports = &stores.imports;
    let nothing = imports.list(None, PageSize::MAX).await.unwrap();
    assert_eq!(
        (nothing.items.len(), nothing.total, nothing.has_more),
        (0, Total::Exactly(0), false)
    );
    let mut ids = vec![];
    for _ in 0..5 {
        let import = imports.create(NewImport::new("csv")).await.unwrap();
        ids.push(import.id);
    }
    imports.complete(ids[1], 0).await.unwrap();
    imports.cancel(ids[2]).await.unwrap();
    let (mut before, mut listed) = (None, vec![]);
    for (length, has_more) in [(2, true), (2, true), (1, false)] {
        let limit = PageSize::try_from(2).unwrap();
        let page = imports.list(before, limit).await.unwrap();
        assert_eq!((page.items.len(), page.has_more), (length, has_more));
        assert_eq!(page.total, Total::Exactly(5));
        before = page.items.last().map(|last| (last.created_at, last.id));
        listed.extend(page.items);
    }
    ids.reverse();
    let found: Vec<ImportId> = listed.iter().map(|import| import.id).collect();
    assert_eq!(found, ids);
    let statuses = listed.iter().map(|import| import.status);
    assert_eq!(
        statuses.collect::<Vec<_>>(),
        [
            ImportStatus::Receiving,
            ImportStatus::Receiving,
            ImportStatus::Cancelled,
            ImportStatus::Running,
            ImportStatus::Receiving,
        ]
    );
    for import in listed {
        assert_eq!(imports.find(import.id).await.unwrap(), Some(import));
    }
    let last = imports.list(before, PageSize::MAX).await.unwrap();
    assert!(last.items.is_empty() && !last.has_more);
}

pub async fn an_import_has_one_end(stores: Stores) {
    let imports = &stores.imports;
    let claim = stores.claimed(false).await;
    let file = ImportedFile {
        format: "shopify".into(),
        header: vec!["Handle".into(), "Ti\0tle".into()],
        rows: Some(3),
    };
    assert!(imports.opened(&claim, file).await.unwrap());
    let import = stores.import(&claim).await;
    assert_eq!(
        (import.format.as_str(), import.counts.rows),
        ("shopify", Some(3))
    );
    assert_eq!(import.header.len(), 2);
    let rows = vec![create(2, "Egg"), row(3, RowAction::Keep)];
    assert_eq!(stores.commit(&claim, 0, rows).await, made([1, 0, 1, 0]));
    assert!(imports.finish(&claim, ImportEnd::Done).await.unwrap());
    let done = stores.import(&claim).await;
    assert_eq!(
        (done.status, done.failure.as_deref()),
        (ImportStatus::Done, None)
    );
    // Now it is known.
    assert_eq!(done.counts, counts(Some(2), [1, 0, 1, 0]));
    assert!(done.finished_at.is_some());

    let failed = ImportEnd::Failed("The file is empty".into());
    assert!(!imports.finish(&claim, failed.clone()).await.unwrap());
    assert_eq!(imports.cancel(done.id).await.unwrap(), Some(done.clone()));
    assert_eq!(
        imports.complete(done.id, 0).await.unwrap(),
        Some(done.clone())
    );
    assert!(stores.claim_import(done.id).await.is_none());
    assert_eq!(stores.import(&claim).await, done);

    let claim = stores.claimed(false).await;
    assert!(imports.finish(&claim, failed).await.unwrap());
    let failed = stores.import(&claim).await;
    assert_eq!(failed.status, ImportStatus::Failed);
    assert_eq!(failed.failure.as_deref(), Some("The file is empty"));
    assert_eq!(failed.counts.rows, None);
}

pub async fn an_import_is_claimed_by_one_at_a_time(stores: Stores) {
    let imports = &stores.imports;
    let mut ids = vec![];
    for _ in 0..2 {
        // Dry runs, since others wait for one another.
        let mut new = NewImport::new("csv");
        new.is_dry_run = true;
        let import = imports.create(new).await.unwrap();
        imports.complete(import.id, 0).await.unwrap();
        ids.push(import.id);
    }
    let first = imports.claim(None, MINUTE).await.unwrap().unwrap();
    let second = imports.claim(None, MINUTE).await.unwrap().unwrap();
    let mut claimed = [&first, &second].map(|claim| claim.import.id.to_string());
    claimed.sort();
    let mut all: Vec<String> = ids.iter().map(ToString::to_string).collect();
    all.sort();
    assert_eq!(claimed.as_slice(), all);
    assert!(imports.claim(None, MINUTE).await.unwrap().is_none());

    // One that is given back can be claimed at once, and no more be renewed by its former claimant.
    assert!(imports.renew(&first, MINUTE).await.unwrap());
    assert!(imports.renew(&first, Duration::ZERO).await.unwrap());
    let again = imports.claim(None, MINUTE).await.unwrap().unwrap();
    assert_eq!(again.import.id, first.import.id);
    assert_ne!(again.lease, first.lease);
    assert!(!imports.renew(&first, MINUTE).await.unwrap());
    assert!(imports.renew(&again, MINUTE).await.unwrap());
    assert!(!imports.finish(&first, ImportEnd::Done).await.unwrap());
}

pub async fn imports_run_in_the_order_in_which_their_files_arrive(stores: Stores) {
    let imports = &stores.imports;
    let slow = imports.create(NewImport::new("csv")).await.unwrap().id;
    let mut queued = vec![];
    for is_dry_run in [false, false, true] {
        let mut new = NewImport::new("csv");
        new.is_dry_run = is_dry_run;
        let import = imports.create(new).await.unwrap();
        imports.complete(import.id, 0).await.unwrap();
        queued.push(import.id);
    }
    imports.complete(slow, 0).await.unwrap();
    let claim = async || imports.claim(None, MINUTE).await.unwrap();
    let first = claim().await.unwrap();
    assert_eq!(first.import.id, queued[0]);
    assert!(stores.claim_import(queued[1]).await.is_none());
    let dry_run = claim().await.unwrap();
    assert_eq!(dry_run.import.id, queued[2], "it writes nothing");
    assert!(claim().await.is_none());
    // Also while nobody works on the first one.
    assert!(imports.renew(&first, Duration::ZERO).await.unwrap());
    assert!(stores.claim_import(queued[1]).await.is_none());
    let first = claim().await.unwrap();
    assert!(imports.finish(&first, ImportEnd::Done).await.unwrap());
    let second = claim().await.unwrap();
    assert_eq!(second.import.id, queued[1]);
    imports.cancel(queued[1]).await.unwrap();
    assert_eq!(claim().await.unwrap().import.id, slow);
}

pub async fn files_are_deleted_in_small_steps(stores: Stores) {
    let imports = &stores.imports;
    let mut ids = vec![];
    for _ in 0..2 {
        let import = imports.create(NewImport::new("csv")).await.unwrap();
        for number in 0..3 {
            imports.append(import.id, number, bytes("a")).await.unwrap();
        }
        imports.complete(import.id, 3).await.unwrap();
        ids.push(import.id);
    }
    assert_eq!(imports.delete_files(10).await.unwrap(), 0);
    imports.cancel(ids[0]).await.unwrap();
    assert_eq!(imports.chunk(ids[0], 0).await.unwrap(), None);
    for deleted in [2, 1, 0] {
        assert_eq!(imports.delete_files(2).await.unwrap(), deleted);
    }
    assert!(imports.chunk(ids[1], 2).await.unwrap().is_some());
}

pub async fn attempts_without_progress_are_counted(stores: Stores) {
    let imports = &stores.imports;
    let import = imports.create(NewImport::new("csv")).await.unwrap();
    imports.complete(import.id, 0).await.unwrap();
    // A lease that is over at once is what a server that died leaves.
    let instant = Duration::from_micros(1);
    for attempt in 1..=3 {
        let claim = imports.claim(Some(import.id), instant).await.unwrap();
        assert_eq!(claim.unwrap().attempts, attempt);
        stores.let_time_pass().await;
    }
    let claim = stores.claim_import(import.id).await.unwrap();
    assert_eq!(claim.attempts, 4);
    stores
        .commit(&claim, 0, vec![row(2, RowAction::Keep)])
        .await;
    assert!(imports.renew(&claim, instant).await.unwrap());
    stores.let_time_pass().await;
    let claim = stores.claim_import(import.id).await.unwrap();
    assert_eq!(claim.attempts, 1, "there was progress");
    assert!(imports.renew(&claim, Duration::ZERO).await.unwrap());
    let claim = stores.claim_import(import.id).await.unwrap();
    assert_eq!(claim.attempts, 1, "the former server has not failed");
}

pub async fn a_cancelled_import_writes_nothing_more(stores: Stores) {
    let imports = &stores.imports;
    let import = imports.create(NewImport::new("csv")).await.unwrap();
    imports.append(import.id, 0, bytes("sku")).await.unwrap();
    imports.complete(import.id, 1).await.unwrap();
    let claim = stores.claim_import(import.id).await.unwrap();
    let first = stores.commit(&claim, 0, vec![create(2, "Egg")]).await;
    assert_eq!(first, made([1, 0, 0, 0]));
    let cancelled = imports.cancel(import.id).await.unwrap().unwrap();
    assert_eq!(cancelled.status, ImportStatus::Cancelled);
    assert!(cancelled.finished_at.is_some());

    assert!(!imports.renew(&claim, MINUTE).await.unwrap());
    let second = stores.commit(&claim, 1, vec![create(3, "Bar")]).await;
    assert_eq!(second, Commit::Lost);
    assert!(!imports.finish(&claim, ImportEnd::Done).await.unwrap());
    assert_eq!(imports.chunk(import.id, 0).await.unwrap(), None);
    assert!(stores.claim_import(import.id).await.is_none());
    assert_eq!(stores.import(&claim).await, cancelled);
    assert!(stores.has("egg").await && !stores.has("bar").await);

    // Also while its file arrives.
    let import = imports.create(NewImport::new("csv")).await.unwrap();
    imports.cancel(import.id).await.unwrap();
    assert!(!imports.append(import.id, 0, bytes("sku")).await.unwrap());
}

pub async fn rows_are_written_with_the_origin_of_their_import(stores: Stores) {
    let key = Arc::new(Origin::of(Actor::new(ActorKind::Key, "k1")));
    let claim = key.scope(stores.claimed(false)).await;
    assert_eq!(claim.origin.actor.id.as_deref(), Some("k1"));
    let reason = claim.origin.reason.clone().unwrap();
    assert!(reason.contains(&claim.import.id.to_string()), "{reason}");
    let product = NewProduct {
        stock_quantity: 5,
        ..named("Egg")
    };
    stores
        .commit(&claim, 0, vec![create_product(2, product)])
        .await;
    let movements = stores
        .stock
        .list(&slug("egg"), None, PageSize::default())
        .await;
    let movements = movements.unwrap().items;
    assert_eq!(movements.len(), 1);
    assert_eq!(movements[0].actor, Actor::new(ActorKind::Key, "k1"));
}
