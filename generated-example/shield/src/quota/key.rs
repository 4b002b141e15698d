//! What a counter is kept for. A key is compared whole, so two callers cannot share a counter; one that is longer than
//! usual is replaced by its SHA-256, so that nobody fills the memory with long names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use aws_lc_rs::digest::{SHA256, digest};

use crate::auth::Identity;
use crate::spec::By;

/// Long enough for an address, an issuer and a subject of common length.
const INLINE: usize = 120;

/// An address as quotas see it: IPv6 by its /64 (P81), an IPv4-mapped one as IPv4 (ruling 102).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Address(pub IpAddr);

impl Address {
    pub(crate) fn of(ip: IpAddr) -> Self {
        Address(ip.to_canonical())
    }

    /// The network that is counted as one client.
    pub(crate) fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(ip) => IpAddr::V4(ip),
            IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX))),
        }
    }
}

/// Whom a request is counted for.
pub(crate) struct Caller<'a> {
    pub address: Option<Address>,
    /// `None`: no principal, or authentication failed; then the address stands for it (rulings 12, 15).
    pub identity: Option<&'a Identity>,
    /// The value of the input that keys the quota.
    pub input: Option<&'a str>,
    /// Authentication failed: every key is the address.
    pub failed: bool,
}

/// A key in one sequence of bytes, unambiguous: each part has a tag and a length.
#[derive(Clone)]
pub(crate) struct Key(Bytes);

#[derive(Clone)]
enum Bytes {
    Inline([u8; INLINE], usize),
    Heap(Vec<u8>),
}

impl Key {
    /// The key of a client's address alone.
    pub(crate) fn address(address: Address) -> Self {
        let mut key = Key(Bytes::Inline([0; INLINE], 0));
        key.push_address(Some(address));
        key
    }

    /// The combined key of a `by` list (ruling 13).
    pub(crate) fn of(by: &[By], caller: &Caller<'_>) -> Self {
        let mut key = Key(Bytes::Inline([0; INLINE], 0));
        if caller.failed {
            key.push_address(caller.address);
            return key;
        }
        for by in by {
            match by {
                By::All => key.push(b'*', &[]),
                By::Ip => key.push_address(caller.address),
                By::Subject => match caller.identity {
                    Some(identity) => {
                        key.push(b'i', identity.issuer.as_bytes());
                        key.push(b's', identity.subject.as_bytes());
                    }
                    None => key.push_address(caller.address),
                },
                By::Tenant => match caller
                    .identity
                    .and_then(|identity| Some((identity, identity.tenant.as_deref()?)))
                {
                    Some((identity, tenant)) => {
                        key.push(b'i', identity.issuer.as_bytes());
                        key.push(b't', tenant.as_bytes());
                    }
                    None => key.push_address(caller.address),
                },
                By::ApiKey => match caller.identity.and_then(|identity| identity.key.as_ref()) {
                    Some(name) => {
                        key.push(b'k', name.scheme.as_bytes());
                        key.push(b'n', name.id.as_bytes());
                    }
                    None => key.push_address(caller.address),
                },
                By::Input => key.push(b'v', caller.input.unwrap_or_default().as_bytes()),
            }
        }
        key.shortened()
    }

    /// No other key begins like the digest of a long one.
    fn shortened(self) -> Self {
        let Bytes::Heap(long) = &self.0 else {
            return self;
        };
        let digest = digest(&SHA256, long);
        let mut key = Key(Bytes::Inline([0; INLINE], 0));
        key.push(b'#', digest.as_ref());
        key
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Bytes::Inline(bytes, len) => bytes.get(..*len).unwrap_or_default(),
            Bytes::Heap(bytes) => bytes,
        }
    }

    fn push_address(&mut self, address: Option<Address>) {
        // The door lets nobody in without an address; if it did, they would share one counter.
        let Some(address) = address else {
            return self.push(b'?', &[]);
        };
        match address.network() {
            IpAddr::V4(ip) => self.push(b'4', &Ipv4Addr::octets(&ip)),
            IpAddr::V6(ip) => self.push(b'6', &Ipv6Addr::octets(&ip)),
        }
    }

    fn push(&mut self, tag: u8, part: &[u8]) {
        let [a, b, c, d, ..] = part.len().to_le_bytes();
        for bytes in [&[tag, a, b, c, d][..], part] {
            self.append(bytes);
        }
    }

    fn append(&mut self, more: &[u8]) {
        match &mut self.0 {
            Bytes::Heap(bytes) => bytes.extend_from_slice(more),
            Bytes::Inline(bytes, len) => {
                let end = *len + more.len();
                if let Some(room) = bytes.get_mut(*len..end) {
                    room.copy_from_slice(more);
                    *len = end;
                } else {
                    let mut heap = bytes.get(..*len).unwrap_or_default().to_vec();
                    heap.extend_from_slice(more);
                    self.0 = Bytes::Heap(heap);
                }
            }
        }
    }
}
