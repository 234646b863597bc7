//! Resolves the names of receivers, for each connection, so a name that changes its addresses after the check of its URL (DNS
//! rebinding) leads nowhere either. Connections that are made at the same time share a look-up.

mod shared;

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

pub(crate) use self::shared::SharedLookup;
use crate::{Failure, Guard};

/// Finds the addresses of a name.
#[async_trait]
pub(crate) trait Lookup: fmt::Debug + Send + Sync {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// Asks the operating system.
#[derive(Debug)]
pub(crate) struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let addresses = lookup_host((name, 0)).await?;
        Ok(addresses.map(|address| address.ip()).collect())
    }
}

/// Returns only addresses that the guard allows.
#[derive(Debug, Clone)]
pub(crate) struct GuardedResolver {
    pub(crate) guard: Guard,
    pub(crate) lookup: Arc<dyn Lookup>,
}

impl GuardedResolver {
    async fn allowed(&self, name: &str) -> Result<Vec<IpAddr>, Failure> {
        let addresses = self.lookup.addresses(name).await.unwrap_or_default();
        if addresses.is_empty() {
            return Err(Failure::UnknownName(name.to_owned()));
        }
        Ok(self.guard.allowed(name, addresses)?)
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let addresses = resolver.allowed(name.as_str()).await?;
            // The client replaces the port by that of the URL.
            let addresses = addresses.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests;
