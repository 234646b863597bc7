use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use eggypro_domain::metrics::RequestKind;
use foldhash::quality::RandomState;

/// Size of a row without its user agent, with its entries in three indexes, in bytes.
const ROW: u64 = 288;

/// Size of a record in a row, in bytes: its time, duration and address, and its part of a page's unused space.
const RECORD: u64 = 28;

/// Additional size of a record with an IPv6 address, in bytes.
const LONG_ADDRESS: u64 = 12;

/// The budget holds at most a day's bytes divided by this, which can be used at once.
const AT_ONCE: u64 = 8;

/// A client may use a day's bytes divided by this in an hour.
const CLIENT: u64 = 64;
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Maximum number of clients with a share of their own in an hour. All others together have one share.
const MAX_CLIENTS: usize = 10_000;

const DAY: f64 = 24.0 * 60.0 * 60.0;

/// How many bytes of the database's disk request records may still take. The budget is refilled steadily up to a part
/// of a day's bytes. Each client has a share, so that no client uses up the budget of all.
#[derive(Debug)]
pub(crate) struct DiskBudget {
    a_day: u64,
    left: f64,
    refilled: Instant,
    hour: Instant,
    clients: HashMap<IpAddr, u64, RandomState>,
    overflow_clients: u64,
}

impl DiskBudget {
    /// A budget of so many bytes a day, starting now.
    pub(crate) fn new(a_day: u64, now: Instant) -> Self {
        Self {
            a_day,
            left: (a_day / AT_ONCE) as f64,
            refilled: now,
            hour: now,
            clients: HashMap::default(),
            overflow_clients: 0,
        }
    }

    /// Adds the bytes for the time since the last call.
    pub(super) fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.refilled).as_secs_f64();
        let most = (self.a_day / AT_ONCE) as f64;
        self.left = (self.left + passed / DAY * self.a_day as f64).min(most);
        self.refilled = now;
        if now.saturating_duration_since(self.hour) >= HOUR {
            self.hour = now;
            self.clients.clear();
            self.overflow_clients = 0;
        }
    }

    /// Spends the bytes of up to `count` records of this kind, in a new row or an existing one. Returns how many of
    /// them may be stored.
    pub(super) fn spend(
        &mut self,
        kind: &RequestKind<'_>,
        is_new_row: bool,
        count: usize,
    ) -> usize {
        let agent = kind.user_agent.as_deref().map_or(0, str::len) as u64;
        let row = if is_new_row { ROW + agent } else { 0 };
        let share = self.a_day / CLIENT;
        let spent = kind.address.map(|address| {
            if self.clients.len() < MAX_CLIENTS {
                self.clients.entry(address).or_default()
            } else {
                self.clients
                    .get_mut(&address)
                    .unwrap_or(&mut self.overflow_clients)
            }
        });
        let left = self.left as u64;
        let left = spent
            .as_ref()
            .map_or(left, |spent| left.min(share.saturating_sub(**spent)));
        let record = match kind.address {
            Some(IpAddr::V6(_)) => RECORD + LONG_ADDRESS,
            _ => RECORD,
        };
        let most = left.saturating_sub(row) / record;
        let kept = count.min(usize::try_from(most).unwrap_or(usize::MAX));
        if kept > 0 {
            let taken = row + kept as u64 * record;
            self.left -= taken as f64;
            if let Some(spent) = spent {
                *spent += taken;
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests;
