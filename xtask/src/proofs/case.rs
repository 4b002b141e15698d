//! A case, and what the compiler says of it.
//!
//! `//~ E0277: part | part` behind a line: an error of this code begins on it, and all parts are in its text. `//~^` is
//! about the line above. Codes and names stay from one compiler to the next; how it draws them does not, and is not held.

use serde_json::Value;

/// An error that must be found.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    line: usize,
    code: String,
    parts: Vec<String>,
}

/// An error that was found.
#[derive(Debug)]
pub struct Told {
    pub line: usize,
    pub code: String,
    /// The message with its labels and notes.
    pub text: String,
}

pub struct Case {
    pub name: String,
    /// From the root.
    pub path: String,
    wanted: Vec<Wanted>,
}

impl Case {
    pub fn read(name: &str, text: &str) -> Result<Self, String> {
        let path = format!("{}/{name}.rs", super::CASES);
        let mut wanted = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let Some((_, mark)) = line.split_once("//~") else {
                continue;
            };
            let (line, mark) = match mark.strip_prefix('^') {
                Some(mark) => (at, mark),
                None => (at + 1, mark),
            };
            let (code, parts) = mark
                .split_once(": ")
                .ok_or_else(|| format!("{path}:{}: not `//~ CODE: part | part`", at + 1))?;
            wanted.push(Wanted {
                line,
                code: code.trim().to_owned(),
                parts: parts
                    .split(" | ")
                    .map(|part| part.trim().to_owned())
                    .collect(),
            });
        }
        match wanted.is_empty() {
            true => Err(format!("{path}: nothing is refused in it")),
            false => Ok(Case {
                name: name.to_owned(),
                path,
                wanted,
            }),
        }
    }

    /// What is wrong with the case: what was not refused, and what was refused for another reason.
    pub fn judge(&self, told: &[Told]) -> Vec<String> {
        let path = &self.path;
        let missed = self
            .wanted
            .iter()
            .filter(|wanted| !told.iter().any(|told| wanted.is(told)));
        let other = told
            .iter()
            .filter(|told| !self.wanted.iter().any(|wanted| wanted.is(told)));
        let missed = missed.map(|each| {
            let (line, code, parts) = (each.line, &each.code, each.parts.join(" | "));
            format!("{path}:{line}: the compiler does not say {code}: {parts}")
        });
        let other = other.map(|each| {
            let (line, code, text) = (each.line, &each.code, &each.text);
            format!("{path}:{line}: refused for another reason, {code}:\n{text}")
        });
        missed.chain(other).collect()
    }
}

impl Wanted {
    fn is(&self, told: &Told) -> bool {
        let said = |part: &String| told.text.contains(part.as_str());
        told.line == self.line && told.code == self.code && self.parts.iter().all(said)
    }
}

impl Told {
    /// An error among the messages of cargo, with the example it is in.
    pub fn read(line: &Value) -> Option<(String, Told)> {
        let message = line.get("message")?;
        let target = line.pointer("/target/name")?.as_str()?;
        if message.get("level")?.as_str()? != "error" {
            return None;
        }
        let spans = message.get("spans").and_then(Value::as_array);
        let first = spans
            .into_iter()
            .flatten()
            .find(|span| span["is_primary"] == true);
        // A sentence that only counts errors has neither.
        let code = message.pointer("/code/code").and_then(Value::as_str);
        if first.is_none() && code.is_none() {
            return None;
        }
        let line = first.and_then(|span| span["line_start"].as_u64());
        let mut text = String::new();
        words(message, &mut text);
        let told = Told {
            line: line.unwrap_or_default() as usize,
            code: code.unwrap_or("no code").to_owned(),
            text,
        };
        Some((target.to_owned(), told))
    }
}

/// The message, the labels in the source and what to write there instead, and the same of its notes. Never the source:
/// what is wanted stands in it.
fn words(message: &Value, text: &mut String) {
    let spans = message.get("spans").and_then(Value::as_array);
    let spans = spans.into_iter().flatten();
    let labels = spans.flat_map(|span| [&span["label"], &span["suggested_replacement"]]);
    for word in std::iter::once(&message["message"]).chain(labels) {
        if let Some(word) = word.as_str() {
            text.push_str(word);
            text.push('\n');
        }
    }
    let notes = message.get("children").and_then(Value::as_array);
    for note in notes.into_iter().flatten() {
        words(note, text);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::{Case, Told};

    fn case() -> Case {
        Case::read(
            "a",
            "one\ntwo //~ E0001: first | second\n//~^ E0002: third\n",
        )
        .unwrap()
    }

    fn told(line: usize, code: &str, text: &str) -> Told {
        let (code, text) = (code.to_owned(), text.to_owned());
        Told { line, code, text }
    }

    #[test]
    fn only_what_is_written_is_right() {
        let both = || {
            vec![
                told(2, "E0001", "the second, the first"),
                told(2, "E0002", "third"),
            ]
        };
        assert_eq!(case().judge(&both()), [""; 0]);
        // It compiles.
        assert_eq!(case().judge(&[]).len(), 2);
        // On another line, by another code, with other words: missed, and another reason.
        for other in [
            told(3, "E0001", "first second"),
            told(2, "E0003", "first second"),
            told(2, "E0001", "first"),
        ] {
            let mut found = both();
            found[0] = other;
            assert_eq!(case().judge(&found).len(), 2);
        }
        // What is wanted, and one more.
        let mut more = both();
        more.push(told(1, "no code", "expected one of"));
        assert_eq!(case().judge(&more).len(), 1);
    }

    #[test]
    fn a_case_refuses_something() {
        assert!(Case::read("a", "fn main() {}\n").is_err());
        assert!(Case::read("a", "x //~ E0001\n").is_err());
    }

    #[test]
    fn labels_and_notes_are_part_of_what_is_said() {
        let line = serde_json::json!({
            "target": { "name": "a" },
            "message": {
                "level": "error",
                "code": { "code": "E0277" },
                "message": "head",
                "spans": [
                    { "is_primary": false, "line_start": 1, "label": "beside" },
                    { "is_primary": true, "line_start": 7, "label": "label" },
                ],
                "children": [{ "message": "note", "spans": [{ "suggested_replacement": "instead" }] }],
            },
        });
        let (name, told) = Told::read(&line).unwrap();
        assert_eq!(
            (name.as_str(), told.line, told.code.as_str()),
            ("a", 7, "E0277")
        );
        assert_eq!(told.text, "head\nbeside\nlabel\nnote\ninstead\n");
    }
}
