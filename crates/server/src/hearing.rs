//! Reports changes of this and other servers to the index and the cache.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use eggypro_domain::changes::{Audience, Change};
use eggypro_persistence::{Database, Heard, Listener};
use futures_util::future::join_all;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;

use crate::metrics::Figures;

/// How many changes are told of together at most.
const TOGETHER: usize = 256;

/// How long a listener may say nothing before it counts as frozen.
const SILENCE: Duration = Duration::from_secs(8);

/// How long the log of changes may wait for an open transaction before the operator is told.
const HELD_BACK: Duration = Duration::from_secs(10);

/// Who is told of what is heard.
pub(crate) struct Ears {
    /// Before the others, since it sends their reads to replicas.
    pub(crate) database: Database,
    pub(crate) followers: Arc<dyn Audience>,
    pub(crate) hears: watch::Sender<bool>,
    /// A counter of the changes that were heard. Requests for events wait until it moves.
    pub(crate) news: watch::Sender<u64>,
    pub(crate) figures: Arc<Figures>,
    pub(crate) is_held_back: AtomicBool,
}

/// Passes on what is heard, from another listener when one is frozen.
pub(crate) async fn listen(mut heard: UnboundedReceiver<Heard>, listener: Listener, ears: Ears) {
    loop {
        ears.follow(&mut heard).await;
        tracing::warn!("changes are not heard: the listening connection is frozen");
        ears.database.heard(&Heard::Deaf);
        ears.followers.hears_nothing();
        ears.hears.send_replace(false);
        // The old listener ends when its connection does.
        match listener.listen() {
            Ok(another) => heard = another,
            Err(error) => {
                tracing::error!(%error, "changes can't be listened to");
                tokio::time::sleep(SILENCE).await;
            }
        }
    }
}

impl Ears {
    /// Passes on what a listener tells, until it tells nothing any more. Changes that wait are told of together.
    async fn follow(&self, heard: &mut UnboundedReceiver<Heard>) {
        while let Ok(Some(first)) = tokio::time::timeout(SILENCE, heard.recv()).await {
            let (mut changes, mut next) = (vec![], Some(first));
            while let Some(told) = next {
                self.database.heard(&told);
                self.note(&told);
                match told {
                    Heard::Change(change) => changes.push(change),
                    told => {
                        self.tell(&std::mem::take(&mut changes)).await;
                        self.hear(told).await;
                    }
                }
                let is_full = changes.len() >= TOGETHER;
                next = if is_full { None } else { heard.try_recv().ok() };
            }
            self.tell(&changes).await;
        }
    }

    async fn tell(&self, changes: &[Change]) {
        let followers = &self.followers;
        join_all(changes.iter().map(|change| followers.changed(change))).await;
    }

    /// Passes on how the listener is.
    async fn hear(&self, told: Heard) {
        let Self {
            followers, hears, ..
        } = self;
        match told {
            Heard::Listening => {
                followers.missed_changes().await;
                hears.send_replace(true);
            }
            Heard::Resumed(missed) => {
                self.tell(&missed).await;
                followers.hears_again();
                hears.send_replace(true);
            }
            // What is kept is served until its time is over; when changes are heard again, it is given up.
            Heard::Deaf => {
                followers.hears_nothing();
                hears.send_replace(false);
            }
            Heard::Change(_) | Heard::Alive { .. } => {}
        }
    }

    /// Lets those know who wait for changes, and the operator where a transaction keeps them waiting.
    fn note(&self, heard: &Heard) {
        let Heard::Alive { held_back } = heard else {
            self.news.send_modify(|news| *news += 1);
            return;
        };
        self.figures.set_changes_held_back(*held_back);
        let is_held_back = *held_back > HELD_BACK;
        let was_held_back = self.is_held_back.swap(is_held_back, Ordering::Relaxed);
        if is_held_back && !was_held_back {
            let seconds = held_back.as_secs();
            tracing::warn!(
                seconds,
                "who follows the log of changes waits for an open transaction"
            );
        } else if was_held_back && !is_held_back {
            tracing::info!("the log of changes is followed again");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eggypro_domain::changes::Nobody;
    use eggypro_persistence::DatabaseSettings;
    use tokio::sync::mpsc::unbounded_channel;

    /// Whether changes are heard after a backlog of so many that ends like this.
    async fn hears_after(before: bool, last: &[Heard]) -> bool {
        let (tell, mut heard) = unbounded_channel();
        let change: Heard = Heard::Change("1 products".parse().unwrap());
        let backlog = vec![change; TOGETHER + 4];
        for told in backlog.into_iter().chain(last.iter().cloned()) {
            tell.send(told).unwrap();
        }
        drop(tell);
        let (hears, is_hearing) = watch::channel(before);
        let database = DatabaseSettings::new("host=/nowhere".parse().unwrap());
        let ears = Ears {
            database: Database::start(&database).unwrap(),
            followers: Arc::new(Nobody),
            hears,
            news: watch::channel(0).0,
            figures: Arc::new(Figures::new().unwrap()),
            is_held_back: AtomicBool::default(),
        };
        ears.follow(&mut heard).await;
        *is_hearing.borrow()
    }

    #[tokio::test]
    async fn a_backlog_does_not_hide_how_the_listener_is() {
        assert!(hears_after(true, &[]).await);
        let held_back = Duration::ZERO;
        assert!(!hears_after(true, &[Heard::Deaf, Heard::Alive { held_back }]).await);
        assert!(hears_after(false, &[Heard::Deaf, Heard::Listening]).await);
        assert!(!hears_after(false, &[Heard::Alive { held_back }]).await);
        assert!(hears_after(false, &[Heard::Deaf, Heard::Resumed(vec![])]).await);
    }
}
