//! What documents can say and palisade refuses by name: the tables of the stages as one list, and as a page.

use crate::diagnostic::Code;
use crate::{openapi, policy};
use serde::Serialize;
use std::fmt::Write as _;

/// One gap, whichever stage it belongs to.
#[derive(Debug, Serialize)]
pub struct Gap {
    /// As diagnostics show it: `PAL-4001`.
    pub code: String,
    /// What is refused.
    pub what: String,
    /// The way out.
    pub instead: String,
}

/// All of them, by code.
pub fn all() -> Vec<Gap> {
    let openapi = openapi::gaps::ALL.iter().map(|gap| Gap {
        code: shown(gap.code),
        what: gap.name.to_owned(),
        instead: gap.way_out.to_owned(),
    });
    let policy = policy::gaps::GAPS.iter().map(|gap| Gap {
        code: shown(gap.code),
        what: format!("{}: {}", gap.construct, gap.why),
        instead: gap.instead.to_owned(),
    });
    let mut gaps: Vec<Gap> = openapi.chain(policy).collect();
    gaps.sort_by(|a, b| a.code.cmp(&b.code));
    gaps
}

/// `PAL-4001`.
pub(super) fn shown(code: Code) -> String {
    format!("PAL-{code:04}")
}

/// Hundreds of codes belong together.
const PARTS: &[(&str, &str)] = &[
    ("PAL-40", "OpenAPI and JSON Schema"),
    ("PAL-43", "x-security"),
    ("PAL-44", "Schemas, parameters, bodies and replies"),
];

pub(super) fn page() -> String {
    let gaps = all();
    let mut page = format!(
        "{}# What this version refuses\n\n\
         palisade enforces what a document says, or refuses the document by name; nothing is dropped. These {} constructs \
         are understood and not enforced yet. Each stops `generate` at the place where it stands, with its code; \
         `palisade gaps` prints the same list (`--format json` for scripts).\n",
        super::words::made("cargo xtask docs"),
        gaps.len()
    );
    for (begin, title) in PARTS {
        let _ = write!(
            page,
            "\n## {title}\n\n| code | refused | instead |\n|---|---|---|\n"
        );
        for gap in gaps.iter().filter(|gap| gap.code.starts_with(begin)) {
            let _ = writeln!(
                page,
                "| {} | {} | {} |",
                gap.code,
                super::words::cell(&gap.what),
                super::words::cell(&gap.instead)
            );
        }
    }
    page
}
