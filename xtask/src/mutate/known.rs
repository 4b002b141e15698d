//! What no generated attack can notice, and what holds it instead. Held to be true: what is noticed after all fails.

use super::told::Pair;
use std::path::Path;

/// Steps that no spec has a use for.
pub const ZERO: &[(&str, &str)] = &[
    (
        "certificate-chain",
        "no spec asks for certificates; tests/door/certificates.rs of the shield and the golden case `mutual-tls` do",
    ),
    (
        "claim-required",
        "no spec has an attribute of callers that is required",
    ),
    ("header-duplicate", "no spec has a header parameter"),
    ("object-max", "no spec has `maxProperties`"),
];

/// A step that can be off for some operations.
pub struct Unseen {
    pub step: &'static str,
    /// Of which spec; empty: of each.
    pub spec: &'static str,
    /// Empty: all.
    pub operations: &'static [&'static str],
    /// Why no request shows it.
    pub why: &'static str,
    /// What holds it instead: a file below `templates/shield`, and a test in it.
    pub test: (&'static str, &'static str),
}

pub const UNSEEN: &[Unseen] = &[
    Unseen {
        step: "concurrency",
        spec: "",
        operations: &[],
        why: "an attack sends few requests at a time",
        test: (
            "tests/door/connections.rs",
            "requests_at_the_same_time_are_counted",
        ),
    },
    Unseen {
        step: "connections-per-ip",
        spec: "",
        operations: &[],
        why: "an attack opens few connections",
        test: ("tests/door/connections.rs", "connections_are_counted"),
    },
    Unseen {
        step: "inside-tls",
        spec: "",
        operations: &[],
        why: "TLS ends before the services of the specs; and attacks come in by the shield's own loop",
        test: (
            "tests/door/tls.rs",
            "what_did_not_come_through_our_own_loop_did_not_come_inside_tls",
        ),
    },
    Unseen {
        step: "token-key-algorithm",
        spec: "specs/clinic.yaml",
        operations: &[],
        why: ONE_ALGORITHM,
        test: KEY_ALGORITHM,
    },
    Unseen {
        step: "token-key-algorithm",
        spec: "specs/users.yaml",
        operations: &[],
        why: ONE_ALGORITHM,
        test: KEY_ALGORITHM,
    },
    Unseen {
        step: "token-key-algorithm",
        spec: "specs/sign-in.yaml",
        operations: &[],
        why: ONE_ALGORITHM,
        test: KEY_ALGORITHM,
    },
    Unseen {
        step: "token-key-algorithm",
        spec: "specs/receipts.yaml",
        operations: &[],
        why: ONE_ALGORITHM,
        test: KEY_ALGORITHM,
    },
    Unseen {
        step: "text-max",
        spec: "specs/receipts.yaml",
        operations: &["getReceipt", "listReceipts", "withdrawReceipts"],
        why: UUIDS,
        test: LENGTHS,
    },
    Unseen {
        step: "text-max",
        spec: "specs/clinic.yaml",
        operations: &[
            "getPatient",
            "deletePatient",
            "getAppointment",
            "updateAppointment",
            "listAppointments",
            "exportPatients",
            "listNotes",
            "readNote",
            "deleteNote",
            "cancelAppointments",
        ],
        why: UUIDS,
        test: LENGTHS,
    },
    Unseen {
        step: "text-max",
        spec: "specs/users.yaml",
        operations: &["getUser", "deleteUser", "listUsers"],
        why: UUIDS,
        test: LENGTHS,
    },
    Unseen {
        step: "text-format",
        spec: "",
        operations: &[
            "listPatients",
            "listAppointments",
            "listUsers",
            "listReceipts",
            "exportPatients",
        ],
        why: "only the ids of the probe's own rows come to it",
        test: ("src/schema/format.rs", "uuids"),
    },
    Unseen {
        step: "quota-by-input",
        spec: "specs/sign-in.yaml",
        operations: &["signUp", "login"],
        why: "`auth` counts the same guesses by address, and all attacks come from one",
        test: (
            "tests/door/quotas.rs",
            "only_failures_are_counted_and_guesses_at_once_are_too",
        ),
    },
    Unseen {
        step: "token-key-algorithm",
        spec: "specs/library.yaml",
        operations: &["listTitles", "listShelves"],
        why: ONE_ALGORITHM,
        test: KEY_ALGORITHM,
    },
    Unseen {
        step: "text-max",
        spec: "specs/library.yaml",
        operations: &["borrow"],
        why: "the only text has a pattern that says how long it is",
        test: LENGTHS,
    },
    Unseen {
        step: "quota-by-input",
        spec: "specs/clinic.yaml",
        operations: &["login"],
        why: "`auth` counts the same guesses by address, and all attacks come from one",
        test: (
            "tests/door/quotas.rs",
            "only_failures_are_counted_and_guesses_at_once_are_too",
        ),
    },
    Unseen {
        step: "json-depth",
        spec: "specs/library.yaml",
        operations: &["listOverdue"],
        why: DENIED,
        test: ("src/json/cases.rs", "depth_counts_containers"),
    },
    Unseen {
        step: "json-duplicate",
        spec: "specs/library.yaml",
        operations: &["listOverdue"],
        why: DENIED,
        test: (
            "src/json/cases.rs",
            "names_twice_are_found_at_any_depth_and_named",
        ),
    },
    Unseen {
        step: "json-end",
        spec: "specs/library.yaml",
        operations: &["listOverdue"],
        why: DENIED,
        test: ("src/json/cases.rs", "strict_where_others_are_lenient"),
    },
];

const DENIED: &str = "everyone is denied it before anything is read: what comes to it are the key sets, at the start";
const ONE_ALGORITHM: &str =
    "the spec allows one algorithm, and `token-algorithm` refuses all others before";
const KEY_ALGORITHM: (&str, &str) = (
    "src/auth/tests/header.rs",
    "an_algorithm_of_the_list_but_not_of_the_key",
);
const UUIDS: &str = "the only texts are UUIDs, whose format is of one length";
const LENGTHS: (&str, &str) = ("src/schema/text.rs", "lengths_are_code_points");

/// Tests that are named here and are not there.
pub fn lost(root: &Path) -> Vec<String> {
    let mut lost = Vec::new();
    for Unseen { step, test, .. } in UNSEEN {
        let path = root.join("templates/shield").join(test.0);
        let text = std::fs::read_to_string(path).unwrap_or_default();
        if !text.contains(&format!("#[test]\nfn {}()", test.1))
            && !text.contains(&format!("#[test]\n    fn {}()", test.1))
        {
            lost.push(format!("{step}: there is no test {} in {}", test.1, test.0));
        }
    }
    lost
}

/// What is said of the pair, if it is known not to be noticed.
pub fn unseen(spec: &str, pair: &Pair) -> Option<&'static Unseen> {
    UNSEEN.iter().find(|known| {
        known.step == pair.step
            && (known.spec.is_empty() || known.spec == spec)
            && (known.operations.is_empty() || known.operations.contains(&&*pair.operation))
    })
}

/// Why no attack comes to the step, if that is known.
pub fn at_zero(step: &str) -> Option<&'static str> {
    ZERO.iter()
        .find(|(name, _)| *name == step)
        .map(|(_, why)| *why)
}
