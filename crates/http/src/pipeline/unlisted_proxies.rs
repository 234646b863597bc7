use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use actix_web::http::header::{HeaderMap, X_FORWARDED_FOR};

/// Detects a proxy that `TRUSTED_PROXIES` does not list: all clients behind it share one budget. The warning is logged
/// once, since any client can forge the header.
#[derive(Debug, Default)]
pub(super) struct UnlistedProxies {
    is_reported: AtomicBool,
    /// For each peer, the clients that its header names.
    seen: Mutex<HashMap<IpAddr, HashSet<IpAddr>>>,
}

/// A peer that names this number of clients is taken for a proxy.
const MANY: usize = 20;

/// Maximum number of peers that are observed. A shop has fewer proxies.
const MOST_ADDRESSES: usize = 64;

impl UnlistedProxies {
    /// Counts the client that the header of a request names. The name has no other use.
    pub(super) fn notice(&self, peer: IpAddr, headers: &HeaderMap) {
        let Some(header) = headers.get(X_FORWARDED_FOR) else {
            return;
        };
        if self.is_reported.load(Ordering::Relaxed) {
            return;
        }
        let last = header.to_str().ok().and_then(|way| way.rsplit(',').next());
        let Some(client) = last.and_then(|client| client.trim().parse().ok()) else {
            return;
        };
        if self.calls_for_many(peer, client) && !self.is_reported.swap(true, Ordering::Relaxed) {
            self.seen().clear();
            tracing::warn!(
                %peer,
                "many clients seem to come through a proxy that TRUSTED_PROXIES does not list, and share one budget"
            );
        }
    }

    fn calls_for_many(&self, peer: IpAddr, client: IpAddr) -> bool {
        let mut seen = self.seen();
        if seen.len() >= MOST_ADDRESSES && !seen.contains_key(&peer) {
            // A peer with only one client is not a proxy.
            seen.retain(|_, clients| clients.len() > 1);
            if seen.len() >= MOST_ADDRESSES {
                return false;
            }
        }
        let clients = seen.entry(peer).or_default();
        clients.insert(client);
        clients.len() >= MANY
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, HashMap<IpAddr, HashSet<IpAddr>>> {
        // No code panics while it holds the lock.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
