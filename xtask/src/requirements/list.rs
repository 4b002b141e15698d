//! What is required: `list.txt`, a line each.

use palisade::reference::gaps;

pub const TEXT: &str = include_str!("list.txt");

#[derive(Debug, PartialEq, Eq)]
pub struct Requirement {
    /// `P39`.
    pub number: String,
    /// Seen on a running generated service, or else on palisade itself.
    pub of_service: bool,
    pub title: String,
    pub source: String,
    /// What the marks do not show, or why there are none.
    pub lacks: String,
}

/// All of them in their order, each once.
pub fn read(text: &str) -> Result<Vec<Requirement>, String> {
    let mut list = Vec::new();
    for line in text.lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |why: &str| format!("list.txt: {why}: {line}");
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [number, place, title, source, lacks] = parts.as_slice() else {
            return Err(wrong("not five columns"));
        };
        let of_service = match *place {
            "service" => true,
            "palisade" => false,
            _ => return Err(wrong("neither `service` nor `palisade`")),
        };
        if *number != format!("P{}", list.len() + 1) || title.is_empty() || source.is_empty() {
            return Err(wrong("not the next number, or without title or source"));
        }
        for code in codes(lacks) {
            if !gaps::all().iter().any(|gap| gap.code == code) {
                return Err(wrong(&format!(
                    "{code} is no gap any more, so what is still missing?"
                )));
            }
        }
        list.push(Requirement {
            number: (*number).to_owned(),
            of_service,
            title: (*title).to_owned(),
            source: (*source).to_owned(),
            lacks: (*lacks).to_owned(),
        });
    }
    Ok(list)
}

/// `PAL-4305`, wherever it stands.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("PAL-")
        .filter_map(|(at, _)| text.get(at..at + 8))
}
