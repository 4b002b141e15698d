//! Values of the vocabulary in words.

use crate::policy::vocabulary::{Value, Word};

/// The first line of a page that nobody should edit.
pub(super) fn made(by: &str) -> String {
    format!("<!-- Made by `{by}`; edit the tables it is made from. -->\n\n")
}

/// A text inside a table.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// Bytes, as they would be written.
pub(super) fn size(bytes: u64) -> String {
    let units = [("GiB", 1_u64 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    for (unit, factor) in units {
        if bytes >= factor && bytes.is_multiple_of(factor) {
            return format!("{}{unit}", bytes / factor);
        }
    }
    format!("{bytes}B")
}

/// All words of a value, whatever they stand in.
pub(super) fn of<'v>(value: &'v Value) -> Box<dyn Iterator<Item = &'v Word> + 'v> {
    match value {
        Value::Words(words) => Box::new(words.iter()),
        Value::Either(all) => Box::new(all.iter().flat_map(of)),
        Value::List(inner) | Value::Set(inner) | Value::OneOrMore(inner) => of(inner),
        _ => Box::new(std::iter::empty()),
    }
}

/// What a value may be, a line each.
pub(super) fn describe(value: &Value) -> Vec<String> {
    match value {
        Value::Flag => vec!["`true` or `false`".to_owned()],
        Value::True => vec!["`true`".to_owned()],
        Value::Text => vec!["a text".to_owned()],
        Value::Number { least, most } if *most == u64::from(u32::MAX) => {
            vec![format!("a whole number, at least {least}")]
        }
        Value::Number { least, most } => vec![format!("a whole number from {least} to {most}")],
        Value::Numbers(numbers) => numbers
            .iter()
            .map(|(number, meaning)| format!("`{number}`: {meaning}"))
            .collect(),
        Value::Decimals(numbers) => numbers
            .iter()
            .map(|(number, meaning)| format!("`{number}`: {meaning}"))
            .collect(),
        Value::Words(words) => {
            let (enforced, later): (Vec<&Word>, Vec<&Word>) =
                words.iter().partition(|word| word.is_enforced());
            let mut lines: Vec<String> = enforced
                .iter()
                .map(|word| format!("`{}`: {}", word.word, word.meaning))
                .collect();
            if let Some(gap) = later.iter().find_map(|word| word.gap) {
                let names: Vec<String> = later
                    .iter()
                    .map(|word| format!("`{}`", word.word))
                    .collect();
                lines.push(later_line(&names.join(", "), gap.code));
            }
            lines
        }
        Value::Syntax(syntax) => vec![format!("{}, like `{}`", syntax.what, syntax.example)],
        Value::Size { most } => vec![format!("a size, at most `{}`", size(*most))],
        Value::List(item) => vec![format!("a list: each {}", describe(item).join("; "))],
        Value::Set(item) => vec![format!(
            "a list, may be empty: each {}",
            describe(item).join("; ")
        )],
        Value::OneOrMore(item) => {
            let mut lines = describe(item);
            lines.push("or a list of them".to_owned());
            lines
        }
        Value::Named { of, to, .. } => vec![format!(
            "names of {}, each with {}",
            plural(of.what),
            describe(to).join("; ")
        )],
        Value::Mapping(mapping) => vec![format!("[a mapping](#{})", anchor(mapping.what))],
        Value::Either(all) => all.iter().flat_map(describe).collect(),
        Value::Gap(gap, holds) => vec![later_line(holds, gap.code)],
        Value::Elsewhere(why, instead) => vec![format!("it {why}: {instead}")],
    }
}

fn later_line(what: &str, code: crate::diagnostic::Code) -> String {
    format!("*not yet ({}):* {what}", super::gaps::shown(code))
}

fn plural(what: &str) -> String {
    let noun = what
        .split_once(' ')
        .filter(|(word, _)| matches!(*word, "a" | "an"));
    let noun = noun.map_or(what, |(_, noun)| noun);
    match (noun.strip_suffix('y'), noun.ends_with('s')) {
        (Some(stem), _) => format!("{stem}ies"),
        (None, true) => format!("{noun}es"),
        (None, false) => format!("{noun}s"),
    }
}

/// As Markdown makes it of a heading.
pub(super) fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}
