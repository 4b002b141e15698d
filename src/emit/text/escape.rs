//! What a document says, inside files of other formats: shown, never obeyed.

use crate::emit::unseen::unseen;

/// On one line, and of bearable length: the rest of a comment line in an env file or in TOML.
pub(super) fn line(text: &str) -> String {
    const MAX: usize = 200;
    let seen: String = text
        .chars()
        .map(|c| if unseen(c) { ' ' } else { c })
        .collect();
    let words = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(MAX) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words,
    }
}

/// A basic string of TOML, quotes included.
pub(super) fn toml(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if unseen(c) => quoted.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Plain words in a paragraph or heading of Markdown.
pub(super) fn markdown(text: &str) -> String {
    let mut escaped = String::new();
    for c in line(text).chars() {
        if c.is_ascii_punctuation() && !",'?;/%".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// The name of an environment variable; `None` when it is not one that every shell accepts.
pub(super) fn variable(name: &str) -> Option<&str> {
    let good = !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    good.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(line("a\nb\r\n c\u{2028}d\u{0}e\u{85}"), "a b c d e");
        assert_eq!(line("\u{202e}evil\u{200b}"), "evil");
        assert_eq!(line(&"x".repeat(201)).chars().count(), 201);
        assert_eq!(line(&"x".repeat(200)), "x".repeat(200));
    }

    #[test]
    fn toml_stays_one_string() {
        assert_eq!(toml("a\"b\\c"), r#""a\"b\\c""#);
        assert_eq!(toml("a\nb"), r#""a\U0000000ab""#);
    }

    #[test]
    fn markdown_is_words() {
        assert_eq!(
            markdown("<img src=x> [a](b) `c`\n# d"),
            r"\<img src\=x\> \[a\]\(b\) \`c\` \# d"
        );
    }

    #[test]
    fn a_variable_has_a_name_that_shells_take() {
        for good in ["A", "_a1", "USERS_KEYS"] {
            assert_eq!(variable(good), Some(good));
        }
        for bad in ["", "1A", "A B", "A=B", "A\nB", "$(x)", "É"] {
            assert_eq!(variable(bad), None, "{bad}");
        }
    }
}
