#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod memory;
mod shared;

use std::time::Duration;

use secrecy::SecretString;

use self::memory::Memory;
use self::shared::Shared;

/// How often something may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// What it is called; policies of different names count apart.
    pub name: &'static str,
    /// How often in a window.
    pub limit: u64,
    /// How long a window is; at least a second.
    pub window: Duration,
}

/// What one client may spend under one policy.
#[derive(Debug, Clone, Copy)]
pub struct Budget<'a> {
    /// The policy.
    pub policy: Policy,
    /// Who spends.
    pub client: &'a str,
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

/// A Redis can't be used as it is named.
#[derive(Debug, thiserror::Error)]
#[error("the address of Redis can't be used")]
pub struct InvalidAddress;

impl Limiter {
    /// Counts in this process alone.
    pub fn in_memory() -> Self {
        Self {
            memory: Memory::default(),
            shared: None,
        }
    }

    /// Counts in Redis, together with every process that does so under the same prefix. Redis need not be there yet.
    ///
    /// # Errors
    /// When the address is none.
    pub fn shared(redis: &SecretString, prefix: &str) -> Result<Self, InvalidAddress> {
        Ok(Self {
            memory: Memory::default(),
            shared: Some(Shared::new(redis, prefix)?),
        })
    }

    /// Waits so long for Redis instead of 50 ms.
    pub fn with_patience(self, patience: Duration) -> Self {
        let shared = self.shared.map(|shared| shared.with_patience(patience));
        Self { shared, ..self }
    }

    /// Spends one of each budget, and tells whether all of them had it. `now` is the time since the Unix epoch.
    pub async fn spend(&self, budgets: &[Budget<'_>], now: Duration) -> Decision {
        let counts = match &self.shared {
            Some(shared) => shared.add(budgets, now).await,
            None => None,
        };
        let counts = counts.unwrap_or_else(|| {
            let count = |budget: &Budget<'_>| self.memory.add(budget, now);
            budgets.iter().map(count).collect()
        });
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

    /// Gives back all that is spent of a budget in the window that runs now.
    pub async fn restore(&self, budget: Budget<'_>, now: Duration) {
        if let Some(shared) = &self.shared {
            shared.remove(&budget, now).await;
        }
        self.memory.remove(&budget, now);
    }
}

impl Policy {
    /// How long until the window that runs at a time ends.
    pub fn reset(self, now: Duration) -> Duration {
        self.window_end(now) - now
    }

    /// When the window that runs at a time ends, since the Unix epoch.
    fn window_end(self, now: Duration) -> Duration {
        let window = self.window.max(Duration::from_secs(1)).as_millis();
        let end = (now.as_millis() / window + 1) * window;
        Duration::from_millis(u64::try_from(end).unwrap_or(u64::MAX))
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
