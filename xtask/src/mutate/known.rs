//! What no generated attack can notice, and what holds it instead. Held to be true: what is noticed after all fails.

use super::told::Pair;
use std::path::Path;

/// Steps that neither a spec nor a golden case has a use for, and why.
pub const ZERO: &[(&str, &str)] = &[];

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
        step: "password-last",
        spec: PASSWORDS,
        operations: &[],
        why: "the answer is the same, and the probe does not tell whether its hook was asked",
        test: (
            "tests/door/passwords.rs",
            "what_is_needed_beside_a_password_comes_first",
        ),
    },
    Unseen {
        step: "password-empty",
        spec: PASSWORDS,
        operations: &["passwordOrToken"],
        why: TOKEN,
        test: ("src/basic.rs", "what_is_no_pair_is_nothing"),
    },
    Unseen {
        step: "password-text",
        spec: PASSWORDS,
        operations: &["passwordOrToken"],
        why: TOKEN,
        test: ("src/basic.rs", "what_is_no_pair_is_nothing"),
    },
    Unseen {
        step: "password-size",
        spec: PASSWORDS,
        operations: &["passwordOrToken"],
        why: TOKEN,
        test: ("src/basic.rs", "it_is_at_most_a_kibibyte"),
    },
];

const PASSWORDS: &str = "tests/golden/passwords/spec.yaml";
const TOKEN: &str = "the hook refuses it all the same, and a token is looked for in the same field: either may say why";

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
