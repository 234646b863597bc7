use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use sha2::{Digest, Sha256};

/// Who is counted: an address, and of IPv6 the network of 64 bits that one customer has; with a user agent where those
/// count apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Client<'a> {
    network: IpAddr,
    agent: Option<&'a [u8]>,
}

impl<'a> Client<'a> {
    /// Whoever calls from an address.
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

    /// All of them, where they share a budget.
    pub fn all() -> Self {
        Self::at(Ipv4Addr::UNSPECIFIED.into())
    }

    /// Who calls from there with this user agent.
    pub fn with_agent(self, agent: &'a [u8]) -> Self {
        Self {
            agent: Some(agent),
            ..self
        }
    }

    /// Where they call from.
    pub(crate) fn network(&self) -> IpAddr {
        self.network
    }

    /// What stands for the user agent; empty where there is none.
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
    fn customers_of_ipv6_have_a_network_each() {
        let network = |address: &str| Client::at(address.parse().unwrap()).network().to_string();
        assert_eq!(network("203.0.113.7"), "203.0.113.7");
        assert_eq!(network("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    }

    #[test]
    fn a_user_agent_of_any_length_takes_little_room() {
        let client = Client::at([203, 0, 113, 7].into());
        assert_eq!(client.agent_digest(), "");
        let of = |agent: &[u8]| client.with_agent(agent).agent_digest();
        assert_eq!(of(&[0xff; 16_000]).len(), 32);
        assert_ne!(of(b""), of(b"curl/8"));
    }
}
