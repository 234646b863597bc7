use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

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
}

impl fmt::Display for Client<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.network {
            IpAddr::V4(address) => write!(f, "{address}")?,
            IpAddr::V6(network) => write!(f, "{network}/64")?,
        }
        match self.agent {
            Some(agent) => write!(f, " {}", agent.escape_ascii()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_of_ipv6_have_a_network_each() {
        let shown = |address: &str| Client::at(address.parse().unwrap()).to_string();
        assert_eq!(shown("203.0.113.7"), "203.0.113.7");
        assert_eq!(shown("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(shown("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        let client = Client::at([203, 0, 113, 7].into()).with_agent(b"curl/8 \xff");
        assert_eq!(client.to_string(), "203.0.113.7 curl/8 \\xff");
    }
}
