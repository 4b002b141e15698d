//! Whether what was emitted is what palisade meant to emit, whatever the document says: text of the document stands in
//! literals and comments, and nowhere else.

use super::texts::SENTINEL;
use palisade::diagnostic::Diagnostics;
use palisade::document::{LoadError, from_text};
use palisade::emit::{self, Files};
use palisade::{openapi, plan, policy};
use proc_macro2::{TokenStream, TokenTree};

/// The project of a document, or the codes of what is wrong with it: never neither.
pub fn generate(text: &str) -> Result<Files, Vec<u16>> {
    let document = match from_text("spec.yaml", text) {
        Ok(document) => document,
        Err(LoadError::Unplaced { .. }) => return Err(vec![1001]),
        Err(LoadError::Refused { diagnostics, .. }) => return Err(codes(&diagnostics)),
    };
    let mut diagnostics = Diagnostics::default();
    let api = openapi::read(&document, &mut diagnostics);
    let policy = api
        .as_ref()
        .and_then(|api| policy::read(api, &mut diagnostics));
    let plan = match (&api, &policy) {
        (Some(api), Some(policy)) => plan::build(api, policy, "spec.yaml", &mut diagnostics),
        _ => None,
    };
    match plan {
        Some(plan) if diagnostics.is_empty() => Ok(emit::project(&plan, "service")),
        _ => {
            assert!(!diagnostics.is_empty(), "given up without a word");
            let shown = palisade::diagnostic::render(&diagnostics, &document.sources, false);
            assert!(
                is_plain(&shown),
                "a diagnostic that a terminal would obey: {shown:?}"
            );
            Err(codes(&diagnostics))
        }
    }
}

fn codes(diagnostics: &Diagnostics) -> Vec<u16> {
    diagnostics.iter().map(|each| each.code).collect()
}

/// What is wrong with the files that are not as in `known`. The shield is the same in every project.
pub fn wrong(files: &Files, known: &Files) -> Option<String> {
    files
        .iter()
        .filter(|(path, file)| known.get(*path) != Some(*file))
        .find_map(|(path, file)| {
            let said = wrong_path(path).or_else(|| wrong_text(path, &file.text))?;
            Some(format!(
                "{path:?}: {said}\n{}",
                file.text.chars().take(4000).collect::<String>()
            ))
        })
}

/// A path that leaves the folder, or that some system reads otherwise.
fn wrong_path(path: &str) -> Option<String> {
    let good = |part: &str| {
        let stem = part.split('.').next().unwrap_or(part).to_ascii_lowercase();
        let device = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul");
        !part.is_empty()
            && part.len() <= 120
            && !matches!(part, "." | "..")
            && !device
            && !part.ends_with('.')
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    (!path.split('/').all(good)).then(|| "a path that is not one everywhere".to_owned())
}

fn wrong_text(path: &str, text: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let end = name.rsplit('.').next().unwrap_or(name);
    if let Some(bad) = text.chars().find(|c| is_harmful(*c)) {
        return Some(format!("holds {bad:?}"));
    }
    match end {
        "rs" => wrong_rust(text),
        "toml" => text
            .parse::<toml_edit::DocumentMut>()
            .err()
            .map(|error| error.to_string()),
        "yaml" | "yml" => serde_yaml::from_str::<serde_yaml::Value>(text)
            .err()
            .map(|error| error.to_string()),
        "json" => serde_json::from_str::<serde_json::Value>(text)
            .err()
            .map(|error| error.to_string()),
        "jsonl" => {
            text.lines().find_map(
                |line| match serde_json::from_str::<serde_json::Value>(line) {
                    Ok(value) if value.is_object() => None,
                    other => Some(format!("no object: {other:?}")),
                },
            )
        }
        "example" => text
            .lines()
            .find(|line| !is_setting(line))
            .map(|line| format!("no setting: {line:?}")),
        "md" => wrong_markdown(text),
        "gitignore" => text.contains(SENTINEL).then(|| "the sentinel".to_owned()),
        // Whoever emits a new kind of file says here what it must not be.
        _ => Some("a kind of file that nothing is known about".to_owned()),
    }
}

/// Ends a line where editors or compilers see an end, moves a cursor, or changes the direction of text.
fn is_harmful(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// What a terminal shows and does not obey.
fn is_plain(text: &str) -> bool {
    !text.chars().any(is_harmful)
}

/// A comment, nothing, or `NAME=` and what an env file takes for a value.
fn is_setting(line: &str) -> bool {
    let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else {
        return line.is_empty() || line.starts_with('#');
    };
    let name_is_plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    !name.is_empty()
        && name_is_plain
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b":/.".contains(&byte))
}

/// HTML, links and code of the document's own.
fn wrong_markdown(text: &str) -> Option<String> {
    let name = SENTINEL.split('_').next().unwrap_or_default();
    text.match_indices(name).find_map(|(at, _)| {
        let mut before = text[..at].chars().rev();
        let last = before.next().filter(|last| "<([`!".contains(*last))?;
        (before.next() != Some('\\')).then(|| format!("{last:?} before the sentinel"))
    })
}

fn wrong_rust(text: &str) -> Option<String> {
    if let Err(error) = syn::parse_file(text) {
        return Some(format!("is no Rust: {error}"));
    }
    let tokens = match text.parse::<TokenStream>() {
        Ok(tokens) => tokens,
        Err(error) => return Some(format!("is no Rust: {error}")),
    };
    wrong_comment(text).or_else(|| wrong_tokens(tokens))
}

/// `//` comments may say anything; no block begins, and nothing in a line of documentation is run.
fn wrong_comment(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let line = line.trim_start();
        let words = line
            .strip_prefix("///")
            .or_else(|| line.strip_prefix("//!"))?;
        let runs = words.contains("```") || words.contains("~~~") || words.starts_with("     ");
        // rustdoc puts HTML into its pages as it stands.
        let html = words.match_indices('<').any(|(at, _)| {
            let (before, after) = (&words[..at], &words[at + 1..]);
            !before.ends_with('\\')
                && after.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c))
                && before.matches('`').count() % 2 == 0
        });
        (runs || html).then(|| format!("documentation that is more than words: {line}"))
    })
}

fn wrong_tokens(tokens: TokenStream) -> Option<String> {
    let mut formats = false;
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Group(group) => {
            let format = std::mem::take(&mut formats);
            let found = format
                .then(|| group.stream().into_iter().find_map(wrong_format))
                .flatten();
            found.or_else(|| wrong_tokens(group.stream()))
        }
        TokenTree::Ident(ident) => {
            let name = ident.to_string();
            formats = name == "on_unimplemented";
            let bad = name.contains(SENTINEL) || name == "compile_error" || name == "exit";
            bad.then(|| format!("the identifier `{name}`"))
        }
        _ => None,
    })
}

/// Braces in what the compiler reads as a format name `Self` and nothing else.
fn wrong_format(token: TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else {
        return None;
    };
    let text = literal
        .to_string()
        .replace("{{", "")
        .replace("}}", "")
        .replace("{Self}", "");
    // An escape `\u{…}` is the literal's, not the format's.
    let text = text.replace("\\u{", "");
    text.contains('{')
        .then(|| format!("a format of the document's: {literal}"))
}
