//! Values as they are written into a document: YAML in block or flow style, JSON on one line or on many.

use crate::document::{Node, Value};

/// A value that is proposed.
#[derive(Debug, Clone)]
pub(super) enum Written {
    Number(u32),
    Text(String),
    Words(Vec<String>),
    Map(Vec<Member>),
    /// A mapping that is short enough for one line.
    Short(Vec<Member>),
}

/// A member of a mapping, with what a person should know before they read it.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub comments: Vec<String>,
    pub key: String,
    /// `None`: there is only the comment.
    pub value: Option<Written>,
}

impl Member {
    pub(super) fn new(key: &str, value: Written) -> Member {
        Member {
            comments: Vec::new(),
            key: key.to_owned(),
            value: Some(value),
        }
    }

    pub(super) fn comment(text: impl Into<String>) -> Member {
        Member {
            comments: vec![text.into()],
            key: String::new(),
            value: None,
        }
    }

    pub(super) fn under(mut self, comment: impl Into<String>) -> Member {
        self.comments.push(comment.into());
        self
    }
}

/// How the file is written.
#[derive(Debug, Clone)]
pub(super) struct Style {
    /// What one level is indented by.
    pub unit: String,
    pub end_of_line: &'static str,
}

/// `member` as lines of block style YAML, each indented by `indent` and ended.
pub(super) fn block(member: &Member, indent: &str, style: &Style, out: &mut String) {
    let end = style.end_of_line;
    for comment in &member.comments {
        out.push_str(&format!("{indent}# {}{end}", one_line(comment)));
    }
    let Some(value) = &member.value else {
        return;
    };
    let key = plain(&member.key);
    match value {
        Written::Map(members) => {
            out.push_str(&format!("{indent}{key}:{end}"));
            let inner = format!("{indent}{}", style.unit);
            for member in members {
                block(member, &inner, style, out);
            }
        }
        value => out.push_str(&format!("{indent}{key}: {}{end}", flow(value))),
    }
}

/// A value on one line of YAML.
pub(super) fn flow(value: &Written) -> String {
    match value {
        Written::Number(number) => number.to_string(),
        Written::Text(text) => plain(text),
        Written::Words(words) => {
            let words: Vec<String> = words.iter().map(|word| plain(word)).collect();
            format!("[{}]", words.join(", "))
        }
        Written::Map(members) | Written::Short(members) => {
            let members = members.iter().filter_map(|member| {
                let value = member.value.as_ref()?;
                Some(format!("{}: {}", plain(&member.key), flow(value)))
            });
            let members: Vec<String> = members.collect();
            match members.is_empty() {
                true => "{}".to_owned(),
                false => format!("{{ {} }}", members.join(", ")),
            }
        }
    }
}

/// A value of JSON. `lines` is the indentation of the line it begins on, where the file has lines.
pub(super) fn json(value: &Written, lines: Option<&str>, style: &Style) -> String {
    match value {
        Written::Number(number) => number.to_string(),
        Written::Text(text) => quoted(text),
        Written::Words(words) => {
            let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
            let comma = if lines.is_some() { ", " } else { "," };
            format!("[{}]", words.join(comma))
        }
        Written::Map(members) | Written::Short(members) => {
            let inner = lines.map(|indent| format!("{indent}{}", style.unit));
            let members = members.iter().filter_map(|member| {
                let value = json(member.value.as_ref()?, inner.as_deref(), style);
                let colon = if lines.is_some() { ": " } else { ":" };
                Some(format!("{}{colon}{value}", quoted(&member.key)))
            });
            let members: Vec<String> = members.collect();
            match (&inner, lines) {
                (Some(inner), Some(indent)) if !members.is_empty() => {
                    let end = style.end_of_line;
                    let between = format!(",{end}{inner}");
                    format!("{{{end}{inner}{}{end}{indent}}}", members.join(&between))
                }
                _ => format!("{{{}}}", members.join(",")),
            }
        }
    }
}

/// A scalar of YAML: without quotes only when nobody could take it for anything but a text.
fn plain(text: &str) -> String {
    const WORDS: [&str; 10] = [
        "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan",
    ];
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':');
    let letter = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let word = WORDS.contains(&text.to_ascii_lowercase().as_str());
    match letter && text.chars().all(safe) && !text.ends_with(':') && !word {
        true => text.to_owned(),
        false => quoted(text),
    }
}

pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Nothing of the document can end a comment.
fn one_line(text: &str) -> String {
    crate::diagnostic::escape(text).into_owned()
}

/// Whether two trees hold the same, whatever stands in the `x-security` of the second.
pub(super) fn same(old: &Node, new: &Node) -> bool {
    match (&old.value, &new.value) {
        (Value::Map(old), Value::Map(new)) => {
            let entries = new
                .entries
                .iter()
                .filter(|(key, _)| key.text != crate::outline::EXTENSION);
            let mut count = 0_usize;
            let equal = entries
                .zip(&old.entries)
                .all(|((new_key, new), (key, old))| {
                    count = count.saturating_add(1);
                    new_key.text == key.text && same(old, new)
                });
            let all = new
                .entries
                .iter()
                .filter(|(key, _)| key.text != crate::outline::EXTENSION)
                .count();
            equal && count == old.entries.len() && all == count
        }
        (Value::List(old), Value::List(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new))
        }
        (Value::String(old), Value::String(new)) | (Value::Number(old), Value::Number(new)) => {
            old == new
        }
        (Value::Bool(old), Value::Bool(new)) => old == new,
        (Value::Null, Value::Null) => true,
        _ => false,
    }
}
