use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use diesel::prelude::*;
use eggypro_domain::products::Product;
use eggypro_domain::{Slug, StoreError};
use tokio::sync::oneshot::{self, Receiver, Sender};

use super::find;
use crate::database::Database;

/// Maximum number of look-ups that one statement answers.
const MAX_BATCH: usize = 32;

/// A batch loader for look-ups of single products that wait for a connection. The first waiter with a connection also
/// looks up the products of the others in the same statement. So while the database is busy, a look-up costs a share of
/// a round trip.
#[derive(Debug, Clone, Default)]
pub(super) struct Lookups(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    last_number: u64,
    by_number: BTreeMap<u64, Lookup>,
}

#[derive(Debug)]
struct Lookup {
    slug: Slug,
    reply: Sender<Option<Product>>,
}

/// A waiter for a product. Dropping it cancels the look-up.
struct Waiter {
    lookups: Lookups,
    number: u64,
}

impl Lookups {
    /// The product of a slug.
    pub(super) async fn find(
        &self,
        database: &Database,
        slug: &Slug,
    ) -> Result<Option<Product>, StoreError> {
        let (waiter, mut answer) = self.enqueue(slug);
        let (lookups, number) = (self.clone(), waiter.number);
        let job = database.run(move |connection| Ok(lookups.look_up(number, connection)?));
        let found = async {
            // If another waiter's statement answers first, the own job is dropped.
            let shared = tokio::select! {
                biased;
                shared = &mut answer => shared,
                own = job => { own?; answer.await }
            };
            match shared {
                Ok(found) => Ok(found),
                // The statement of another waiter failed. This look-up may still succeed.
                Err(_) => alone(database, slug).await,
            }
        };
        database.in_time(found).await
    }

    fn enqueue(&self, slug: &Slug) -> (Waiter, Receiver<Option<Product>>) {
        let (reply, answer) = oneshot::channel();
        let mut waiting = self.waiting();
        waiting.last_number += 1;
        let number = waiting.last_number;
        let slug = slug.clone();
        waiting.by_number.insert(number, Lookup { slug, reply });
        drop(waiting);
        let lookups = self.clone();
        (Waiter { lookups, number }, answer)
    }

    /// Answers a waiter, together with those that have waited longest. Does nothing if the waiter was answered already.
    fn look_up(&self, number: u64, connection: &mut PgConnection) -> QueryResult<()> {
        let lookups = self.take(number);
        let slugs: Vec<&str> = lookups.iter().map(|lookup| lookup.slug.as_str()).collect();
        let products = match slugs.as_slice() {
            [] => return Ok(()),
            [slug] => find::by_slug(connection, slug)?.into_iter().collect(),
            slugs => find::by_slugs(connection, slugs)?,
        };
        for Lookup { slug, reply } in lookups {
            let product = products.iter().find(|product| product.slug == slug);
            // Sending fails if the caller has left, which is no error.
            let _ = reply.send(product.cloned());
        }
        Ok(())
    }

    fn take(&self, number: u64) -> Vec<Lookup> {
        let mut waiting = self.waiting();
        let Some(own) = waiting.by_number.remove(&number) else {
            return vec![];
        };
        let longest = std::iter::from_fn(|| waiting.by_number.pop_first());
        let others = longest.map(|(_, lookup)| lookup).take(MAX_BATCH - 1);
        std::iter::once(own).chain(others).collect()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // No code panics while it holds this lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn alone(database: &Database, slug: &Slug) -> Result<Option<Product>, StoreError> {
    let slug = slug.clone();
    let job = move |connection: &mut PgConnection| Ok(find::by_slug(connection, slug.as_str())?);
    database.run(job).await
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.lookups.waiting().by_number.remove(&self.number);
    }
}

#[cfg(test)]
mod tests;
