//! The table that the runner of the attacks prints, read back.

/// A kind of attack in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub kind: String,
    pub cases: usize,
    pub failed: usize,
}

/// A row a kind, in order; nothing when the attacks did not run.
pub fn table(text: &str) -> Vec<Sent> {
    let mut found = Vec::new();
    let mut in_kinds = false;
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["kind", "cases", "failed", ..] => in_kinds = true,
            ["operation", "cases", "failed"] | [] => in_kinds = false,
            [kind, cases, failed, ..] if in_kinds => {
                if let (Ok(cases), Ok(failed)) = (cases.parse(), failed.parse()) {
                    found.push(Sent {
                        kind: (*kind).to_owned(),
                        cases,
                        failed,
                    });
                }
            }
            _ => {}
        }
    }
    found
}
