use std::net::IpAddr;

/// How much of a client's address is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AddressDetail {
    /// The whole address.
    Full,
    /// Only the network: 24 bits of an IPv4 address, 48 bits of an IPv6 address.
    #[default]
    Truncated,
    /// Nothing.
    Off,
}

impl AddressDetail {
    /// The part of an address that is recorded.
    pub fn of(self, address: IpAddr) -> Option<IpAddr> {
        match (self, address) {
            (Self::Off, _) => None,
            (Self::Full, _) => Some(address),
            (Self::Truncated, IpAddr::V4(address)) => {
                let network = u32::from(address) & u32::MAX << 8;
                Some(IpAddr::V4(network.into()))
            }
            (Self::Truncated, IpAddr::V6(address)) => {
                let network = u128::from(address) & u128::MAX << 80;
                Some(IpAddr::V6(network.into()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_truncated_to_their_network() {
        let cut = |address: &str| {
            let kept = AddressDetail::Truncated.of(address.parse().unwrap());
            kept.unwrap().to_string()
        };
        assert_eq!(cut("203.0.113.77"), "203.0.113.0");
        assert_eq!(cut("2001:db8:1:2:3:4:5:6"), "2001:db8:1::");
        let address = "203.0.113.77".parse().unwrap();
        assert_eq!(AddressDetail::Off.of(address), None);
        assert_eq!(AddressDetail::Full.of(address), Some(address));
    }
}
