//! The addresses that are not public: the special-purpose registries of IANA for IPv4 and IPv6, as updated on
//! 2025-10-09, the rest of the IPv6 space that is not global unicast, multicast, and the metadata services of clouds.
//!
//! A few blocks of the registries are globally reachable, such as the anycast addresses of port mapping and AS112. They
//! are refused as well, since no receiver of webhooks is there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

use super::Range;

/// Metadata services. That of Azure looks public, and those of AWS and Alibaba Cloud have other addresses than usual.
const METADATA: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// The first block that contains an address decides.
const IPV4: [(Ipv4Net, Range); 20] = [
    v4([0, 0, 0, 0], 32, Range::Unspecified),
    v4([0, 0, 0, 0], 8, Range::Reserved),
    v4([10, 0, 0, 0], 8, Range::Private),
    v4([100, 64, 0, 0], 10, Range::Shared),
    v4([127, 0, 0, 0], 8, Range::Loopback),
    v4([169, 254, 0, 0], 16, Range::LinkLocal),
    v4([172, 16, 0, 0], 12, Range::Private),
    v4([192, 0, 0, 0], 24, Range::Reserved),
    v4([192, 0, 2, 0], 24, Range::Documentation),
    v4([192, 31, 196, 0], 24, Range::Reserved),
    v4([192, 52, 193, 0], 24, Range::Reserved),
    v4([192, 88, 99, 0], 24, Range::Tunnel),
    v4([192, 168, 0, 0], 16, Range::Private),
    v4([192, 175, 48, 0], 24, Range::Reserved),
    v4([198, 18, 0, 0], 15, Range::Benchmarking),
    v4([198, 51, 100, 0], 24, Range::Documentation),
    v4([203, 0, 113, 0], 24, Range::Documentation),
    v4([224, 0, 0, 0], 4, Range::Multicast),
    v4([255, 255, 255, 255], 32, Range::Broadcast),
    v4([240, 0, 0, 0], 4, Range::Reserved),
];

/// The first block that contains an address decides. Of the rest, [`GLOBAL_UNICAST`] is public.
const IPV6: [(Ipv6Net, Range); 11] = [
    v6([0x2001, 0, 0], 32, Range::Tunnel),
    v6([0x2001, 2, 0], 48, Range::Benchmarking),
    v6([0x2001, 0, 0], 23, Range::Reserved),
    v6([0x2001, 0xdb8, 0], 32, Range::Documentation),
    v6([0x2002, 0, 0], 16, Range::Tunnel),
    v6([0x2620, 0x4f, 0x8000], 48, Range::Reserved),
    v6([0x3fff, 0, 0], 20, Range::Documentation),
    v6([0xfc00, 0, 0], 7, Range::Private),
    v6([0xfe80, 0, 0], 10, Range::LinkLocal),
    v6([0xfec0, 0, 0], 10, Range::Private),
    v6([0xff00, 0, 0], 8, Range::Multicast),
];

/// The only part of the IPv6 space that has public addresses.
const GLOBAL_UNICAST: Ipv6Net = v6([0x2000, 0, 0], 3, Range::Reserved).0;

/// IPv4 addresses in the last 32 bits, for machines that only have IPv6. Networks without IPv4 need it.
const NAT64: Ipv6Net = v6([0x64, 0xff9b, 0], 96, Range::Reserved).0;

const fn v4([a, b, c, d]: [u8; 4], length: u8, range: Range) -> (Ipv4Net, Range) {
    (
        Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length),
        range,
    )
}

const fn v6([a, b, c]: [u16; 3], length: u8, range: Range) -> (Ipv6Net, Range) {
    let address = Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0);
    (Ipv6Net::new_assert(address, length), range)
}

/// Where an address belongs, or `None` if it is public.
pub(super) fn range_of(address: IpAddr) -> Option<Range> {
    if METADATA.contains(&address) {
        return Some(Range::Metadata);
    }
    match address {
        IpAddr::V4(address) => {
            let block = IPV4.iter().find(|(block, _)| block.contains(&address));
            block.map(|(_, range)| *range)
        }
        IpAddr::V6(address) => match embedded(address) {
            Some(embedded) => range_of(embedded.into()),
            None => range_of_ipv6(address),
        },
    }
}

/// The IPv4 address that a connection to an IPv4-mapped or a NAT64 address reaches.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [.., a, b, c, d] = address.octets();
    let nat64 = NAT64.contains(&address);
    let nat64 = nat64.then(|| Ipv4Addr::new(a, b, c, d));
    address.to_ipv4_mapped().or(nat64)
}

fn range_of_ipv6(address: Ipv6Addr) -> Option<Range> {
    if address.is_unspecified() {
        return Some(Range::Unspecified);
    }
    if address.is_loopback() {
        return Some(Range::Loopback);
    }
    let block = IPV6.iter().find(|(block, _)| block.contains(&address));
    let is_public = GLOBAL_UNICAST.contains(&address);
    let rest = (!is_public).then_some(Range::Reserved);
    block.map(|(_, range)| *range).or(rest)
}
