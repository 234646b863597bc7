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
pub use self::policy::{CountedRequests, Policy};
use self::shared::Shared;

/// The budget of one client under one policy.
#[derive(Debug, Clone, Copy)]
pub struct Budget<'a> {
    /// The policy.
    pub policy: Policy,
    /// The client.
    pub client: Client<'a>,
}

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Whether all budgets allow the request.
    pub is_allowed: bool,
    /// The limit of the first budget.
    pub limit: u64,
    /// The rest of the first budget; 0 if any budget is exhausted.
    pub remaining: u64,
    /// Time until the window of the first budget ends.
    pub reset: Duration,
}

/// Counts requests against budgets.
#[derive(Debug)]
pub struct Limiter {
    memory: Memory,
    shared: Option<Shared>,
}

impl Limiter {
    /// Counts in this process only.
    pub fn in_memory() -> Self {
        Self {
            memory: Memory::default(),
            shared: None,
        }
    }

    /// Counts in Redis, together with all processes that use the same prefix. While Redis is unavailable, the process
    /// counts in memory.
    pub fn shared(redis: Redis, prefix: &str) -> Self {
        Self {
            memory: Memory::default(),
            shared: Some(Shared::new(redis, prefix)),
        }
    }

    /// Whether counts are shared through Redis, so that a check may have to wait for it.
    pub fn is_shared(&self) -> bool {
        self.shared.is_some()
    }

    /// Spends one request of each budget and returns whether all budgets allow it. Starts with the last budget and
    /// stops at the first exhausted one: a request that a ceiling refuses does not spend the budgets before it. `now`
    /// is the time since the Unix epoch.
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

    /// Spends in Redis, whose counts are first raised to the local ones from the time when Redis was unavailable. `None` if
    /// Redis is unavailable.
    async fn spend_shared<const N: usize>(
        &self,
        shared: &Shared,
        budgets: &[Budget<'_>; N],
        now: Duration,
    ) -> Option<[u64; N]> {
        let floors = budgets.each_ref();
        let floors = floors.map(|budget| self.memory.ahead(budget, now));
        let counts = shared.add(budgets, &floors, now).await?;
        // The local counts continue from here if Redis fails or runs out of memory.
        for (budget, count) in budgets.iter().zip(counts) {
            self.memory.raise(budget, count, now);
        }
        Some(counts)
    }

    /// Like [`Limiter::spend`], without waiting; `None` if [counts are shared](Self::is_shared).
    pub fn try_spend_in_memory<const N: usize>(
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

    /// The spent part of a budget in the current window.
    pub async fn spent(&self, budget: Budget<'_>, now: Duration) -> u64 {
        let shared = match &self.shared {
            Some(shared) => shared.get(&budget, now).await,
            None => None,
        };
        match shared {
            // What this process counted while Redis was unavailable still holds.
            Some(count) => count.max(self.memory.ahead(&budget, now)),
            None => self.memory.get(&budget, now),
        }
    }

    /// Gives one request back to each budget, for a request whose outcome [does not count](CountedRequests).
    pub async fn give_back(&self, budgets: &[Budget<'_>], now: Duration) {
        if let Some(shared) = &self.shared {
            shared.subtract(budgets, now).await;
        }
        self.give_back_in_memory(budgets, now);
    }

    /// Like [`Limiter::give_back`], in this process only; the counterpart of [`Limiter::try_spend_in_memory`].
    pub fn give_back_in_memory(&self, budgets: &[Budget<'_>], now: Duration) {
        for budget in budgets {
            self.memory.subtract(budget, now);
        }
    }

    /// Restores the full budget for the current window.
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
