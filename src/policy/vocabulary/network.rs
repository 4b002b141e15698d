//! `network`: proxies, addresses and TLS.

use super::super::gaps;
use super::Value::{Decimals, Gap, Words};
use super::{Mapping, Word, gap, second, word};

pub const TLS_WORDS: &[Word] = &[
    word(
        "terminate",
        "the service speaks TLS itself, with the pair in `APP_TLS_CERT` and `APP_TLS_KEY`",
    ),
    word(
        "upstream",
        "something before the service does; it speaks plain text, and in production on a loopback address only",
    ),
];

pub const CLIENT_ADDRESSES: &[Word] = &[
    word("peer", "the other end of the connection"),
    gap(
        "x-forwarded-for",
        &gaps::CLIENT_ADDRESS,
        "what trusted proxies say in `X-Forwarded-For`",
    ),
    gap(
        "forwarded",
        &gaps::CLIENT_ADDRESS,
        "what trusted proxies say in `Forwarded`",
    ),
];

pub static NETWORK: Mapping = Mapping {
    what: "`network`",
    name: "network",
    meaning: "How connections come in.",
    filled: true,
    keys: &[
        second("tls", Words(TLS_WORDS), "Where TLS ends.").or("upstream"),
        second(
            "minTls",
            Decimals(&[
                ("1.2", "TLS 1.2 and 1.3; older ones are never spoken"),
                ("1.3", "TLS 1.3 alone"),
            ]),
            "The oldest version that is spoken, with `tls: terminate`.",
        )
        .or("1.2"),
        second(
            "clientAddress",
            Words(CLIENT_ADDRESSES),
            "Whose address counts as the client's.",
        )
        .or("peer"),
        second(
            "trustedProxies",
            Gap(&gaps::TRUSTED_PROXIES, "a list of addresses and networks"),
            "Whose word about the client is taken.",
        ),
        second(
            "allow",
            Gap(&gaps::ADDRESSES, "a list of addresses and networks"),
            "Who may connect; all others may not.",
        ),
        second(
            "deny",
            Gap(&gaps::ADDRESSES, "a list of addresses and networks"),
            "Who may not.",
        ),
        second(
            "mount",
            Gap(&gaps::MOUNT, "a path"),
            "Where the paths of the document begin.",
        )
        .else_("the path of the first `servers` entry"),
    ],
};
