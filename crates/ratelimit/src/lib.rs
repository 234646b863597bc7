#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod client;
mod memory;
mod policy;
mod shared;

use std::time::Duration;

use eggypro_redis::Redis;

pub use self::client::Client;
use self::memory::Memory;
pub use self::policy::{Counted, Policy};
use self::shared::Shared;

/// What one client may spend under one policy.
#[derive(Debug, Clone, Copy)]
pub struct Budget<'a> {
    /// The policy.
    pub policy: Policy,
    /// Who spends.
    pub client: Client<'a>,
}

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Whether every budget had something left.
    pub is_allowed: bool,
    /// The limit of the first budget.
    pub limit: u64,
    /// What is left of the first budget, or nothing if another one is used up.
    pub remaining: u64,
    /// How long until the first window ends.
    pub reset: Duration,
}

/// Counts what is spent.
#[derive(Debug)]
pub struct Limiter {
    memory: Memory,
    shared: Option<Shared>,
}

impl Limiter {
    /// Counts in this process alone.
    pub fn in_memory() -> Self {
        Self {
            memory: Memory::default(),
            shared: None,
        }
    }

    /// Counts in Redis, together with every process that does so under the same prefix. While Redis does not answer,
    /// the process counts by itself.
    pub fn shared(redis: Redis, prefix: &str) -> Self {
        Self {
            memory: Memory::default(),
            shared: Some(Shared::new(redis, prefix)),
        }
    }

    /// Whether other processes count along, and a check may have to wait for Redis.
    pub fn is_shared(&self) -> bool {
        self.shared.is_some()
    }

    /// Spends one of each budget, the last one first, and tells whether all of them had it. When one had nothing left,
    /// those before it are not touched, so that who is refused by a ceiling leaves no trace below it. `now` is the time
    /// since the Unix epoch.
    pub async fn spend<const N: usize>(&self, budgets: [Budget<'_>; N], now: Duration) -> Decision {
        let counts = match &self.shared {
            Some(shared) => self.spend_shared(shared, &budgets, now).await,
            None => None,
        };
        match counts {
            Some(counts) => decide(&budgets, &counts, now),
            None => self.spend_in_memory(&budgets, now),
        }
    }

    /// Spends in Redis, together with what was spent here while Redis was away. `None` if it is away now.
    async fn spend_shared<const N: usize>(
        &self,
        shared: &Shared,
        budgets: &[Budget<'_>; N],
        now: Duration,
    ) -> Option<[u64; N]> {
        let unshared = budgets.each_ref();
        let unshared = unshared.map(|budget| self.memory.take_unshared(budget, now));
        let counts = shared.add(budgets, &unshared, now).await;
        for (index, budget) in budgets.iter().enumerate() {
            match counts.map_or(0, |counts| counts[index]) {
                // Redis did not count it.
                0 => self.memory.put_unshared(budget, unshared[index], now),
                // Where Redis goes away or fills up, we go on from here.
                count => self.memory.raise(budget, count, now),
            }
        }
        counts
    }

    /// The same without waiting; `None` where [others count along](Self::is_shared).
    pub fn spend_at_once<const N: usize>(
        &self,
        budgets: &[Budget<'_>; N],
        now: Duration,
    ) -> Option<Decision> {
        (!self.is_shared()).then(|| self.spend_in_memory(budgets, now))
    }

    fn spend_in_memory<const N: usize>(
        &self,
        budgets: &[Budget<'_>; N],
        now: Duration,
    ) -> Decision {
        let mut counts = [0; N];
        for (count, budget) in counts.iter_mut().zip(budgets).rev() {
            *count = self.memory.add(budget, now);
            if *count > budget.policy.limit {
                break;
            }
        }
        decide(budgets, &counts, now)
    }

    /// How much of a budget is spent in the window that runs now.
    pub async fn spent(&self, budget: Budget<'_>, now: Duration) -> u64 {
        let shared = match &self.shared {
            Some(shared) => shared.get(&budget, now).await,
            None => None,
        };
        shared.unwrap_or_else(|| self.memory.get(&budget, now))
    }

    /// Gives one of each budget back, for a request that turned out [not to count](Counted).
    pub async fn give_back(&self, budgets: &[Budget<'_>], now: Duration) {
        if let Some(shared) = &self.shared {
            shared.subtract(budgets, now).await;
        }
        self.give_back_at_once(budgets, now);
    }

    /// The same in this process alone, of what was [spent at once](Self::spend_at_once).
    pub fn give_back_at_once(&self, budgets: &[Budget<'_>], now: Duration) {
        for budget in budgets {
            self.memory.subtract(budget, now);
        }
    }

    /// Gives back all that is spent of a budget in the window that runs now.
    pub async fn restore(&self, budget: Budget<'_>, now: Duration) {
        if let Some(shared) = &self.shared {
            shared.remove(&budget, now).await;
        }
        self.memory.remove(&budget);
    }
}

fn decide(budgets: &[Budget<'_>], counts: &[u64], now: Duration) -> Decision {
    let Some((first, count)) = budgets.first().zip(counts.first()) else {
        return Decision {
            is_allowed: true,
            limit: 0,
            remaining: 0,
            reset: Duration::ZERO,
        };
    };
    let is_allowed = budgets
        .iter()
        .zip(counts)
        .all(|(budget, count)| *count <= budget.policy.limit);
    let left = first.policy.limit.saturating_sub(*count);
    Decision {
        is_allowed,
        limit: first.policy.limit,
        remaining: if is_allowed { left } else { 0 },
        reset: first.policy.reset(now),
    }
}

#[cfg(test)]
mod tests;
