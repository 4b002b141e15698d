//! The words of an expression (langdef.md, Syntax).

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    /// Without its sign, which may make it the least integer.
    Number(u64),
    Sign(&'static str),
}

/// The longest first.
const SIGNS: [&str; 22] = [
    "&&", "||", "<=", ">=", "==", "!=", "<", ">", "!", "-", "+", "*", "/", "%", "?", ":", ".", ",",
    "(", ")", "[", "]",
];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let raw = matches!(first, 'r' | 'R');
        let quoted = match raw {
            true => rest.get(1..).unwrap_or_default(),
            false => rest,
        };
        if first.is_ascii_whitespace() {
            rest = rest.get(1..).unwrap_or_default();
        } else if rest.starts_with("//") {
            rest = rest.find('\n').and_then(|at| rest.get(at..)).unwrap_or("");
        } else if quoted.starts_with(['"', '\'']) {
            let (token, after) = quote(quoted, raw)?;
            all.push(Token::Text(token));
            rest = after;
        } else if first.is_ascii_digit() {
            let end = |each: char| !each.is_ascii_alphanumeric();
            let (word, after) = rest.split_at(rest.find(end).unwrap_or(rest.len()));
            all.push(Token::Number(number(word).ok_or(word)?));
            rest = after;
        } else if first.is_ascii_alphabetic() || first == '_' {
            let end = |each: char| !each.is_ascii_alphanumeric() && each != '_';
            let (word, after) = rest.split_at(rest.find(end).unwrap_or(rest.len()));
            // `b'…'` is bytes, which the vocabulary does not have.
            if after.starts_with(['"', '\'']) {
                return Err(format!("{word} before a quote"));
            }
            all.push(Token::Name(word.to_owned()));
            rest = after;
        } else {
            let mut signs = SIGNS.into_iter();
            let sign = signs.find(|sign| rest.starts_with(sign)).ok_or(rest)?;
            all.push(Token::Sign(sign));
            rest = rest.get(sign.len()..).unwrap_or_default();
        }
    }
    Ok(all)
}

fn number(word: &str) -> Option<u64> {
    match word.strip_prefix("0x").or(word.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => word.parse().ok(),
    }
}

/// A text in quotes, one or three, and what follows.
fn quote(text: &str, raw: bool) -> Result<(String, &str), String> {
    let three = ["\"\"\"", "'''"]
        .into_iter()
        .find(|end| text.starts_with(end));
    let end = three.or(text.get(..1)).unwrap_or_default();
    let mut rest = text.get(end.len()..).unwrap_or_default();
    let mut found = String::new();
    loop {
        if let Some(after) = rest.strip_prefix(end) {
            return Ok((found, after));
        }
        let next = rest.chars().next().ok_or("a text without end")?;
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
        match next {
            '\\' if raw => {
                // The character behind stands for itself, a quote too.
                found.push('\\');
                let behind = rest.chars().next().ok_or("a text without end")?;
                found.push(behind);
                rest = rest.get(behind.len_utf8()..).unwrap_or_default();
            }
            '\\' => {
                let (each, length) = escaped(rest)?;
                found.push(each);
                rest = rest.get(length..).unwrap_or_default();
            }
            '\n' | '\r' if three.is_none() => return Err("a line that ends in a text".to_owned()),
            each => found.push(each),
        }
    }
}

/// What stands behind a backslash, and how long it is.
fn escaped(rest: &str) -> Result<(char, usize), String> {
    let first = rest.chars().next().ok_or("a text without end")?;
    let plain = match first {
        'a' => Some('\u{7}'),
        'b' => Some('\u{8}'),
        'f' => Some('\u{c}'),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'v' => Some('\u{b}'),
        '\\' | '?' | '"' | '\'' | '`' => Some(first),
        _ => None,
    };
    if let Some(plain) = plain {
        return Ok((plain, 1));
    }
    let (from, digits, base) = match first {
        'x' | 'X' => (1, 2, 16),
        'u' => (1, 4, 16),
        'U' => (1, 8, 16),
        '0'..='3' => (0, 3, 8),
        other => return Err(format!("\\{other}")),
    };
    let digits = rest.get(from..from + digits).ok_or("an escape too short")?;
    let code = u32::from_str_radix(digits, base).map_err(|error| error.to_string())?;
    let each = char::from_u32(code).ok_or("no character")?;
    Ok((each, from + digits.len()))
}
