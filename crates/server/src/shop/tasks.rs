//! The periodic tasks of a shop.

use std::sync::Arc;
use std::time::Duration;

use eggypro_domain::StoreError;
use eggypro_domain::changes::{ChangeLog, Origin};
use eggypro_domain::idempotency::IdempotencyRepository;
use eggypro_domain::images::{ImageService, Removed};
use eggypro_domain::imports::ImportRepository;
use eggypro_domain::keys::KeyRepository;
use eggypro_domain::products::ProductRepository;
use eggypro_domain::stock::StockRepository;
use eggypro_domain::webhooks::DeliveryQueue;
use eggypro_http::KeyUses;
use eggypro_imports::Importer;
use eggypro_persistence::{
    PostgresChanges, PostgresIdempotency, PostgresImages, PostgresImports, PostgresProducts,
    PostgresStock, PostgresWebhooks,
};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};

use crate::metrics::Figures;

/// Interval of looking for images that are due to be removed.
const CLEANING: Duration = Duration::from_secs(60);

/// Changes the addresses of images of a folder to the address of this server, as soon as the database answers.
pub(super) async fn follow(records: &PostgresImages, base: Option<String>) {
    let Some(base) = base else { return };
    loop {
        match records.follow(&base).await {
            Ok(0) => return,
            Ok(products) => {
                tracing::info!(products, "image URLs were changed to the server's address");
                return;
            }
            // The pool logs that the database is unavailable.
            Err(error) => tracing::debug!(%error, "image URLs can't be read"),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Removes images that are due, every [`CLEANING`].
pub(super) async fn clean(images: ImageService, figures: Arc<Figures>) {
    let mut times = every(CLEANING);
    loop {
        times.tick().await;
        match images.remove_due().await {
            Ok(done) if done == Removed::default() => {}
            Ok(Removed { removed, postponed }) => {
                figures.images_removed.inc_by(removed);
                figures.images_postponed.inc_by(postponed);
                tracing::info!(removed, postponed, "removed images");
            }
            // The pool logs that the database is unavailable.
            Err(error) => tracing::debug!(%error, "due images can't be read"),
        }
    }
}

/// Interval of storing when keys were used last: twice a minute, since the time is exact to a minute.
const RECORDING: Duration = Duration::from_secs(30);

/// Stores when keys were used last, every [`RECORDING`].
pub(super) async fn record_uses(keys: Arc<dyn KeyRepository>, uses: KeyUses) {
    let mut times = every(RECORDING);
    loop {
        times.tick().await;
        write_uses(keys.as_ref(), &uses).await;
    }
}

pub(super) async fn write_uses(keys: &dyn KeyRepository, uses: &KeyUses) {
    let used = uses.take();
    if used.is_empty() {
        return;
    }
    if let Err(error) = keys.used(&used).await {
        tracing::debug!(%error, "the times when keys were used last were not stored");
        uses.put_back(used);
    }
}

/// Interval of deleting old entries of the log of changes, and the maximum number of entries a statement deletes.
const DELETION_INTERVAL: Duration = Duration::from_secs(60 * 60);
const DELETED_AT_ONCE: u32 = 1_000;

/// Deletes old entries of the log of changes in small steps, every [`DELETION_INTERVAL`].
pub(super) async fn delete_old_changes(changes: Arc<PostgresChanges>, age: Duration) {
    let mut times = every(DELETION_INTERVAL);
    loop {
        times.tick().await;
        let mut all = 0;
        while let Ok(deleted @ 1..) = changes.delete_old(age, DELETED_AT_ONCE).await {
            all += deleted;
        }
        if all > 0 {
            tracing::info!(changes = all, "deleted old changes");
        }
    }
}

/// Deletes answers whose idempotency keys have expired in small steps, every [`DELETION_INTERVAL`].
pub(super) async fn delete_old_answers(answers: Arc<PostgresIdempotency>) {
    let mut times = every(DELETION_INTERVAL);
    loop {
        times.tick().await;
        while has_more(answers.delete_old(DELETED_AT_ONCE).await, "old answers") {}
    }
}

/// Deletes old imports, one a transaction, because one may have a million errors. Every [`DELETION_INTERVAL`].
pub(super) async fn delete_old_imports(imports: PostgresImports) {
    let mut times = every(DELETION_INTERVAL);
    loop {
        times.tick().await;
        while has_more(imports.delete_old(1).await, "old imports") {}
    }
}

/// Deletes old deliveries to webhooks, and what belongs to deleted webhooks, in small steps, every [`DELETION_INTERVAL`].
pub(super) async fn delete_old_deliveries(webhooks: Arc<PostgresWebhooks>) {
    let mut times = every(DELETION_INTERVAL);
    loop {
        times.tick().await;
        while has_more(webhooks.delete_old(DELETED_AT_ONCE).await, "old deliveries") {}
    }
}

/// Interval of looking for deliveries of webhooks that were switched off, and the maximum number that a transaction drops.
const DROP_INTERVAL: Duration = Duration::from_secs(1);
const DROPPED_AT_ONCE: u32 = 500;

/// Drops what waits for webhooks that were switched off, every [`DROP_INTERVAL`].
pub(super) async fn drop_deliveries(webhooks: Arc<PostgresWebhooks>) {
    let mut times = every(DROP_INTERVAL);
    loop {
        times.tick().await;
        while has_more(
            webhooks.drop_pending(DROPPED_AT_ONCE).await,
            "deliveries of inactive webhooks",
        ) {}
    }
}

/// Interval of looking for imports that nobody works on.
const IMPORT_INTERVAL: Duration = Duration::from_secs(1);

/// Maximum number of chunks of files that a statement deletes.
const CHUNKS_AT_ONCE: u32 = 16;

/// Runs imports one after another, until `stop` is true. The servers of a shop share them.
pub(super) async fn run_imports(
    importer: Importer,
    imports: PostgresImports,
    stop: watch::Receiver<bool>,
) {
    let mut times = every(IMPORT_INTERVAL);
    while !*stop.borrow() {
        times.tick().await;
        while !*stop.borrow() && has_run(&importer, &stop).await {}
        delete_files(&imports).await;
    }
}

/// Runs an import. Returns whether there was one.
async fn has_run(importer: &Importer, stop: &watch::Receiver<bool>) -> bool {
    let (importer, mut stop) = (importer.clone(), stop.clone());
    // A task of its own, so that a panic ends only this run. The import is claimed again after its lease.
    let run = tokio::spawn(async move { importer.run_next(None, &mut stop).await });
    match run.await {
        Ok(ran) => has_more(ran.map(|import| u64::from(import.is_some())), "imports"),
        Err(error) => {
            tracing::error!(%error, "an import has failed");
            false
        }
    }
}

/// Deletes the files of imports that have ended.
async fn delete_files(imports: &PostgresImports) {
    while has_more(
        imports.delete_files(CHUNKS_AT_ONCE).await,
        "files of imports",
    ) {}
}

/// Interval of releasing expired reservations, and the maximum number that a transaction releases.
const RELEASE_INTERVAL: Duration = Duration::from_secs(1);
const RELEASED_AT_ONCE: u32 = 100;

/// Interval of publishing and unpublishing products, and the maximum number that a transaction changes.
const SWITCH_INTERVAL: Duration = Duration::from_secs(1);
const SWITCHED_AT_ONCE: u32 = 100;

/// Publishes and unpublishes products whose time has come, every [`SWITCH_INTERVAL`]. All servers of a shop do, and
/// share the work.
pub(super) async fn switch_products(products: PostgresProducts) {
    let origin = Arc::new(Origin::system("scheduled"));
    let mut times = every(SWITCH_INTERVAL);
    loop {
        times.tick().await;
        let switch = async || products.switch_due(SWITCHED_AT_ONCE).await;
        while has_more(
            Arc::clone(&origin).scope(switch()).await,
            "scheduled products",
        ) {}
    }
}

/// Releases reservations that have expired, every [`RELEASE_INTERVAL`]. All servers of a shop do, and share the work.
pub(super) async fn release_expired(stock: Arc<PostgresStock>) {
    let origin = Arc::new(Origin::system("expired"));
    let mut times = every(RELEASE_INTERVAL);
    loop {
        times.tick().await;
        let release = async || stock.release_expired(RELEASED_AT_ONCE).await;
        while has_more(
            Arc::clone(&origin).scope(release()).await,
            "expired reservations",
        ) {}
    }
}

/// Whether there may be more to do. Logs a failure, after which the next interval tries again.
fn has_more(done: Result<u64, StoreError>, what: &str) -> bool {
    match done {
        Ok(done) => done > 0,
        // The pool logs that the database is unavailable.
        Err(error) => {
            tracing::debug!(%error, what, "a periodic task failed");
            false
        }
    }
}

fn every(interval: Duration) -> Interval {
    let mut times = tokio::time::interval(interval);
    times.set_missed_tick_behavior(MissedTickBehavior::Delay);
    times
}
