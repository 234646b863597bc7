use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use sha2::{Digest, Sha256};

/// A client that a rate limit counts: an IPv4 address or an IPv6 /64 network, which one customer usually has. With a
/// user agent if user agents are counted separately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Client<'a> {
    network: IpAddr,
    agent: Option<&'a [u8]>,
}

impl<'a> Client<'a> {
    /// All clients at an address.
    pub fn at(address: IpAddr) -> Self {
        let network = match address.to_canonical() {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
        };
        Self {
            network,
            agent: None,
        }
    }

    /// All clients together, for a shared budget.
    pub fn all() -> Self {
        Self::at(Ipv4Addr::UNSPECIFIED.into())
    }

    /// The client at the same address with this user agent.
    pub fn with_agent(self, agent: &'a [u8]) -> Self {
        Self {
            agent: Some(agent),
            ..self
        }
    }

    /// The IPv4 address or the IPv6 network.
    pub(crate) fn network(&self) -> IpAddr {
        self.network
    }

    /// A digest of the user agent in hexadecimal digits; empty without a user agent.
    pub(crate) fn agent_digest(&self) -> String {
        let digest = self.agent.map(Sha256::digest);
        let bytes = digest.iter().flatten().take(16);
        bytes.map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv6_clients_are_counted_by_network() {
        let network = |address: &str| Client::at(address.parse().unwrap()).network().to_string();
        assert_eq!(network("203.0.113.7"), "203.0.113.7");
        assert_eq!(network("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    }

    #[test]
    fn a_user_agent_of_any_length_has_a_short_digest() {
        let client = Client::at([203, 0, 113, 7].into());
        assert_eq!(client.agent_digest(), "");
        let of = |agent: &[u8]| client.with_agent(agent).agent_digest();
        assert_eq!(of(&[0xff; 16_000]).len(), 32);
        assert_ne!(of(b""), of(b"curl/8"));
    }
}
