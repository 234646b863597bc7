//! Which URLs and addresses webhooks may be sent to. An admin chooses the URLs of webhooks, and the server must not reach
//! into its own network for them (server-side request forgery).

mod ranges;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

/// Decides which URLs and addresses webhooks may be sent to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Guard {
    /// Whether any address is allowed, also one that is not public: `WEBHOOK_ALLOW_PRIVATE`.
    pub allow_private: bool,
    /// Whether `http` is allowed, for development.
    pub allow_http: bool,
}

impl Guard {
    /// Checks a URL when a webhook is created, and again before each attempt. A name is not resolved here: its addresses
    /// are checked at each connection.
    ///
    /// # Errors
    /// If no webhook may be sent to this URL.
    pub fn check_url(&self, url: &Url) -> Result<(), Blocked> {
        if !(url.scheme() == "https" || self.allow_http && url.scheme() == "http") {
            return Err(Blocked::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Blocked::Credentials);
        }
        match url.host() {
            Some(Host::Ipv4(address)) => self.check_address(address.into()),
            Some(Host::Ipv6(address)) => self.check_address(address.into()),
            Some(Host::Domain(name)) => self.check_name(name),
            None => Err(Blocked::Scheme),
        }
    }

    /// Checks an address.
    ///
    /// # Errors
    /// If it is not public, unless this guard allows it.
    pub fn check_address(&self, address: IpAddr) -> Result<(), Blocked> {
        match ranges::range_of(address) {
            Some(range) if !self.allow_private => Err(Blocked::Address { address, range }),
            _ => Ok(()),
        }
    }

    /// Of the addresses of a name, those that a connection may be made to.
    ///
    /// # Errors
    /// If there are addresses, and none is allowed.
    pub(crate) fn allowed(
        &self,
        name: &str,
        mut addresses: Vec<IpAddr>,
    ) -> Result<Vec<IpAddr>, Blocked> {
        let first = addresses.first().copied();
        addresses.retain(|address| self.check_address(*address).is_ok());
        match first.and_then(ranges::range_of) {
            Some(range) if addresses.is_empty() => Err(Blocked::name(name, range)),
            _ => Ok(addresses),
        }
    }

    /// Names of this machine are refused at once, so that the caller learns it before the first attempt.
    fn check_name(&self, name: &str) -> Result<(), Blocked> {
        let labels = name.trim_end_matches('.');
        let is_local = labels == "localhost" || labels.ends_with(".localhost");
        match is_local && !self.allow_private {
            true => Err(Blocked::name(labels, Range::Loopback)),
            false => Ok(()),
        }
    }
}

/// Why no webhook may be sent to a URL. The message is for people. Of a name, it does not contain the addresses, since
/// they are of the internal network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Blocked {
    /// The URL does not begin with `https://`.
    #[error("the URL must begin with https://")]
    Scheme,
    /// The URL contains a user name or a password.
    #[error("the URL must not contain a user name or a password")]
    Credentials,
    /// The host of the URL is an address that is not public.
    #[error("{address} is {range}")]
    Address {
        /// The address.
        address: IpAddr,
        /// Where it belongs.
        range: Range,
    },
    /// The host of the URL is a name without public addresses.
    #[error("the name {name} leads to {range}")]
    Name {
        /// The name.
        name: String,
        /// Where its first address belongs.
        range: Range,
    },
}

impl Blocked {
    fn name(name: &str, range: Range) -> Self {
        Self::Name {
            name: name.to_owned(),
            range,
        }
    }
}

/// What an address that is not public is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// This machine, by any of its addresses.
    Unspecified,
    /// This machine.
    Loopback,
    /// A private network.
    Private,
    /// The directly connected network.
    LinkLocal,
    /// A service of a cloud that hands out credentials of its machines.
    Metadata,
    /// The network between a provider and its customers (100.64.0.0/10).
    Shared,
    /// Groups of machines.
    Multicast,
    /// All machines of the network.
    Broadcast,
    /// Measurements.
    Benchmarking,
    /// Examples in texts.
    Documentation,
    /// IPv6 through IPv4, which may lead to any IPv4 address.
    Tunnel,
    /// Everything else that is not in use on the internet.
    Reserved,
}

impl fmt::Display for Range {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unspecified => "an unspecified address",
            Self::Loopback => "a loopback address",
            Self::Private => "a private address",
            Self::LinkLocal => "a link-local address",
            Self::Metadata => "the metadata service of a cloud",
            Self::Shared => "a shared address of a provider",
            Self::Multicast => "a multicast address",
            Self::Broadcast => "a broadcast address",
            Self::Benchmarking => "a benchmarking address",
            Self::Documentation => "a documentation address",
            Self::Tunnel => "a tunnel address",
            Self::Reserved => "a reserved address",
        })
    }
}
