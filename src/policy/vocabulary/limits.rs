//! `limits`: sizes, times and numbers, of the service and of an operation.

use super::super::gaps;
use super::Value::{Elsewhere, Gap, Number, Size, Syntax as Form};
use super::syntax::{DURATION, RATE};
use super::{Key, Mapping, second};

/// A body is held in memory.
pub const MOST_BODY: u64 = 1 << 30;
/// What the HTTP library reads at most of a request line (ruling 34).
pub const MOST_URI: u64 = (64 << 10) - 1;
pub const MOST_HEADER: u64 = 1 << 20;
pub const MOST_FIELDS: u64 = 1_000;
/// Deeper JSON is nobody's document and somebody's attack.
pub const MOST_DEPTH: u64 = 128;
pub const MOST: u64 = u32::MAX as u64;

pub static LIMITS: Mapping = Mapping {
    what: "`limits`",
    name: "limits",
    meaning: "Sizes, times and numbers of the whole service.",
    filled: false,
    keys: &[
        second(
            "body",
            Size { most: MOST_BODY },
            "The largest body of a request.",
        )
        .or("64KiB"),
        second(
            "uri",
            Size { most: MOST_URI },
            "The longest path and query.",
        )
        .or("8KiB"),
        second(
            "headerBytes",
            Size { most: MOST_HEADER },
            "The largest header of a request.",
        )
        .or("16KiB"),
        second(
            "headerCount",
            Number {
                least: 1,
                most: MOST_FIELDS,
            },
            "The most header fields of a request.",
        )
        .or("64"),
        second(
            "headerTimeout",
            Form(&DURATION),
            "The longest time for a header to arrive; also for a connection that sends nothing.",
        )
        .or("10s"),
        second(
            "bodyTimeout",
            Form(&DURATION),
            "The longest time for a whole body to arrive.",
        )
        .or("15s"),
        second(
            "handlerTimeout",
            Form(&DURATION),
            "The longest time for a handler.",
        )
        .or("15s"),
        second(
            "connections",
            Number {
                least: 1,
                most: MOST,
            },
            "The most connections at once.",
        )
        .or("4096"),
        second(
            "perIp",
            Number {
                least: 1,
                most: MOST,
            },
            "The most connections of one address at once.",
        )
        .or("256"),
        second(
            "ipRate",
            Form(&RATE),
            "The most requests of one address, whatever they ask for.",
        )
        .or("3000 per 1m"),
        second(
            "concurrency",
            Number {
                least: 1,
                most: MOST,
            },
            "The most requests that are worked on at once.",
        )
        .or("512"),
        second(
            "jsonDepth",
            Number {
                least: 1,
                most: MOST_DEPTH,
            },
            "How deep JSON may be nested.",
        )
        .or("32"),
        second(
            "string",
            Number {
                least: 1,
                most: MOST,
            },
            "The most characters of a string whose schema has no `maxLength`.",
        )
        .or("4096"),
        second(
            "array",
            Number {
                least: 1,
                most: MOST,
            },
            "The most items of an array whose schema has no `maxItems`.",
        )
        .or("1000"),
        second(
            "object",
            Number {
                least: 1,
                most: MOST,
            },
            "The most members of a free-form object.",
        )
        .or("256"),
        second(
            "decompression",
            Gap(&gaps::DECOMPRESSION, "how far bodies may be decompressed"),
            "Compressed bodies.",
        ),
        second(
            "http2",
            Gap(&gaps::HTTP2, "`{streams, resets}`"),
            "What an HTTP/2 connection may do.",
        ),
    ],
};

pub static OPERATION_LIMITS: Mapping = Mapping {
    what: "`limits` of an operation",
    name: "operationLimits",
    meaning: "Limits of one operation in place of those of the service, key by key.",
    filled: false,
    keys: &[
        second(
            "body",
            Size { most: MOST_BODY },
            "The largest body of a request.",
        )
        .else_("the limit of the service"),
        second(
            "bodyTimeout",
            Form(&DURATION),
            "The longest time for a whole body to arrive.",
        )
        .else_("the limit of the service"),
        second(
            "handlerTimeout",
            Form(&DURATION),
            "The longest time for the handler.",
        )
        .else_("the limit of the service"),
        of_service("uri"),
        of_service("headerBytes"),
        of_service("headerCount"),
        of_service("headerTimeout"),
        of_service("connections"),
        of_service("perIp"),
        of_service("ipRate"),
        of_service("jsonDepth"),
        of_service("decompression"),
        of_service("http2"),
        not_yet("concurrency"),
        not_yet("string"),
        not_yet("array"),
        not_yet("object"),
    ],
};

/// Known only to be refused with a better word than "unknown".
const fn of_service(name: &'static str) -> Key {
    second(
        name,
        Elsewhere(
            "is a limit of the whole service",
            "move it to `limits` at the root",
        ),
        "A limit of the whole service.",
    )
}

const fn not_yet(name: &'static str) -> Key {
    second(
        name,
        Gap(&gaps::OPERATION_LIMIT, "as at the root"),
        "As at the root, for one operation.",
    )
}
