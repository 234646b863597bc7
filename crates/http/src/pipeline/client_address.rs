use std::net::IpAddr;

use actix_web::http::header::{self, HeaderMap};
use ipnet::IpNet;

/// The proxies whose forwarding headers are trusted.
#[derive(Debug, Default)]
pub(crate) struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    pub(crate) fn new(networks: &[IpNet]) -> Self {
        Self(networks.to_vec())
    }

    /// The client's address: the peer or, if the peer is a trusted proxy, the last address of the forwarding header
    /// that is not a trusted proxy. Clients can forge everything to the left of it.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.contains(peer) {
            return peer;
        }
        match (forwarded_for(headers), forwarded(headers)) {
            (None, None) => peer,
            (Some(hops), None) | (None, Some(hops)) => self.last_untrusted(peer, &hops),
            // A proxy writes one of the headers and may pass on the other one, which a client can forge.
            (Some(one), Some(other)) => {
                let client = self.last_untrusted(peer, &one);
                let is_agreed = client == self.last_untrusted(peer, &other);
                if is_agreed { client } else { peer }
            }
        }
    }

    /// The last address that is not a trusted proxy.
    fn last_untrusted(&self, peer: IpAddr, hops: &[String]) -> IpAddr {
        let mut client = peer;
        for hop in hops.iter().rev() {
            if !self.contains(client) {
                break;
            }
            // If a proxy wrote no address, use the proxy's address.
            let Some(address) = address(hop) else { break };
            client = address;
        }
        client
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// The hops in `X-Forwarded-For`.
fn forwarded_for(headers: &HeaderMap) -> Option<Vec<String>> {
    list(headers, &header::X_FORWARDED_FOR)
}

/// The hops in `Forwarded` (RFC 7239).
fn forwarded(headers: &HeaderMap) -> Option<Vec<String>> {
    let parameter = |hop: &String| {
        let mut parameters = hop
            .split(';')
            .filter_map(|parameter| parameter.trim().split_once('='));
        let given = parameters.find(|(name, _)| name.eq_ignore_ascii_case("for"));
        given.map(|(_, value)| value.to_owned()).unwrap_or_default()
    };
    let hops = list(headers, &header::FORWARDED)?;
    Some(hops.iter().map(parameter).collect())
}

/// The comma-separated items of all headers with this name.
fn list(headers: &HeaderMap, name: &header::HeaderName) -> Option<Vec<String>> {
    let values = headers
        .get_all(name)
        .map(|value| value.to_str().unwrap_or("unreadable"));
    let items: Vec<_> = values
        .flat_map(|value| value.split(','))
        .map(|item| item.trim().to_owned())
        .collect();
    (!items.is_empty()).then_some(items)
}

/// Parses an address with or without quotes, brackets and port.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim_matches('"');
    let bare = match hop.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None if hop.matches(':').count() == 1 => hop.split(':').next()?,
        None => hop,
    };
    bare.parse::<IpAddr>()
        .ok()
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests;
