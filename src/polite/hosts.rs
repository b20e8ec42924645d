//! Which hosts are private: part of this machine or of a network of one's own.
//!
//! What a redirect from a public host may never reach. Names other than `localhost` say nothing
//! here; their addresses do, once they are resolved.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Where a host is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// On the internet, or unknown.
    Public,
    /// On this machine or on a network of one's own.
    Private,
}

/// Whether the host of an address is private by what is written there: a literal address, or
/// `localhost`.
pub fn is_private_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => is_private_v4(address),
        Some(Host::Ipv6(address)) => is_private_v6(address),
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            let last = name.rsplit('.').next().unwrap_or(name);
            last.eq_ignore_ascii_case("localhost")
        }
        None => false,
    }
}

/// Whether an address belongs to this machine or to a network of one's own, or is none that a
/// server on the internet can have.
///
/// The IANA special-purpose registries, without the ranges for documentation (nothing is there) and
/// for benchmarks (some VPNs give their addresses to public names).
pub fn is_private_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    match address.octets() {
        // This network, private use, loopback; multicast, reserved and broadcast.
        [0 | 10 | 127 | 224..=255, ..] => true,
        // Carrier-grade NAT (RFC 6598).
        [100, second, ..] => (64..128).contains(&second),
        // Link-local, also where clouds keep their metadata.
        [169, second, ..] => second == 254,
        [172, second, ..] => (16..32).contains(&second),
        // Private use, and protocol assignments.
        [192, second, third, _] => second == 168 || (second, third) == (0, 0),
        _ => false,
    }
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // Unspecified and loopback; NAT64 of a network of one's own (RFC 8215).
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] | [0x64, 0xff9b, 1, ..] => true,
        // An IPv4 address in another dress: mapped, compatible, NAT64 (RFC 6052), 6to4 (RFC 3056).
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => is_private_v4(v4(high, low)),
        // Unique local, link-local, the old site-local, multicast.
        [first, ..] => matches!(first, 0xfc00..=0xfdff | 0xfe80..=0xfeff | 0xff00..),
    }
}

/// Returns the IPv4 address that two groups of an IPv6 address hold.
fn v4(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(host: &str, expected: Reach) {
        let url = Url::parse(&format!("http://{host}/")).unwrap();
        let private = is_private_host(&url);
        assert_eq!(private, expected == Reach::Private, "{host}");
    }

    #[test]
    fn private_addresses_are_known_in_every_dress() {
        for host in [
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.8",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "0.0.0.0",
            "0.1.2.3",
            "224.0.0.1",
            "255.255.255.255",
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:10.1.2.3]",
            "[::10.1.2.3]",
            "[64:ff9b::192.168.0.1]",
            "[64:ff9b:1::1]",
            "[2002:7f00:1::]",
            "[fe80::1]",
            "[fec0::1]",
            "[fc00::1]",
            "[fdff::1]",
            "[ff02::1]",
            "localhost",
            "LOCALHOST.",
            "feeds.localhost",
        ] {
            check(host, Reach::Private);
        }
    }

    #[test]
    fn public_addresses_and_names_are_not_private() {
        for host in [
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.169.0.1",
            "203.0.113.9",
            "198.18.0.1",
            "223.255.255.255",
            "[2606:4700::1]",
            "[::ffff:8.8.8.8]",
            "[64:ff9b::8.8.8.8]",
            "[2002:808:808::]",
            "www.gov.uk",
            "localhost.example",
            "notlocalhost",
        ] {
            check(host, Reach::Public);
        }
    }
}
