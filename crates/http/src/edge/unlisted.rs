use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use actix_web::http::header::{HeaderMap, X_FORWARDED_FOR};

/// Looks for a proxy that `TRUSTED_PROXIES` does not list, whose clients share one budget then. It is mentioned once:
/// anybody can write this header.
#[derive(Debug, Default)]
pub(super) struct UnlistedProxies {
    is_known: AtomicBool,
    /// Whom each address says that it calls for.
    seen: Mutex<HashMap<IpAddr, HashSet<IpAddr>>>,
}

/// For how many clients an address calls that seems to be a proxy.
const MANY: usize = 20;

/// How many addresses are looked at; more are no proxies.
const MOST_ADDRESSES: usize = 64;

impl UnlistedProxies {
    /// Counts the client that the header of a request names. The name is not used for anything else.
    pub(super) fn notice(&self, peer: IpAddr, headers: &HeaderMap) {
        let Some(header) = headers.get(X_FORWARDED_FOR) else {
            return;
        };
        if self.is_known.load(Ordering::Relaxed) {
            return;
        }
        let last = header.to_str().ok().and_then(|way| way.rsplit(',').next());
        let Some(client) = last.and_then(|client| client.trim().parse().ok()) else {
            return;
        };
        if self.calls_for_many(peer, client) && !self.is_known.swap(true, Ordering::Relaxed) {
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
            // Those that call for one client alone are no proxies.
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
        // Nothing panics while it is held.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn many_clients_behind_one_address_are_noticed_once() {
        let unlisted = UnlistedProxies::default();
        let call = |peer: [u8; 4], way: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(X_FORWARDED_FOR, HeaderValue::from_str(way).unwrap());
            unlisted.notice(peer.into(), &headers);
            unlisted.is_known.load(Ordering::Relaxed)
        };
        for number in 0..MANY as u8 * 2 {
            // As many addresses, and one client that comes again and again.
            assert!(!call([10, 0, 0, number], "192.0.2.1"));
            assert!(!call([10, 0, 1, 1], "192.0.2.7, 192.0.2.1"));
            assert!(!call([10, 0, 1, 1], "no address"));
        }
        for number in 2..MANY as u8 {
            assert!(!call([10, 0, 1, 1], &format!("192.0.2.{number}")));
        }
        assert!(call([10, 0, 1, 1], "2001:db8::1"));
        assert!(unlisted.seen().is_empty());
        assert!(call([10, 0, 1, 2], "192.0.2.1"));
        assert!(unlisted.seen().is_empty());
    }

    #[test]
    fn it_remembers_so_many_addresses_and_no_more() {
        let unlisted = UnlistedProxies::default();
        for number in 0..10_000_u32 {
            let mut headers = HeaderMap::new();
            headers.insert(X_FORWARDED_FOR, HeaderValue::from_static("192.0.2.1"));
            unlisted.notice(IpAddr::V4(number.into()), &headers);
        }
        assert!(unlisted.seen().len() <= MOST_ADDRESSES);
    }
}
