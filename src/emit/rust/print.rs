//! Tokens to the text of an owned file: header, prettyplease's format, comments.

use crate::emit::unseen::unseen;
use crate::emit::{Emitted, Files, Owner, header};
use crate::plan::Plan;
use proc_macro2::TokenStream;
use quote::quote;

/// Adds an owned Rust file.
pub fn owned(plan: &Plan, files: &mut Files, path: &str, tokens: TokenStream) {
    let text = format!("{}{}", header(plan, "//"), format(tokens));
    files.insert(
        path.to_owned(),
        Emitted {
            text,
            owner: Owner::Palisade,
        },
    );
}

/// Adds a file that is the person's once it is written.
pub fn person(files: &mut Files, path: &str, tokens: TokenStream) {
    files.insert(
        path.to_owned(),
        Emitted {
            text: format(tokens),
            owner: Owner::Person,
        },
    );
}

/// A comment line inside a function: `quote!` carries none, so it travels as a macro statement until [`format`].
pub fn note(text: &str) -> TokenStream {
    quote!(note!(#text);)
}

/// Items that a macro of the shield makes: `shield::words! { … }`. They are items by their grammar, so they travel as a
/// module until [`format`], and have prettyplease's format.
pub fn declared(name: &str, items: TokenStream) -> TokenStream {
    let module = super::names::ident(&format!("{DECLARED}{name}"));
    quote!(mod #module { #items })
}

/// No module of the document is called so: names of the document hold no two `_` in a row.
const DECLARED: &str = "declared__";

/// Says that the statement that follows is a guard step, by its name (see `emit::instrument`).
pub fn guard(name: &str) -> TokenStream {
    note(&format!("guard: {name}"))
}

/// A `///` line made of the document's words.
///
/// One line, without control and bidirectional characters, without anything that rustdoc would take for code to run.
pub fn doc(text: &str) -> TokenStream {
    let line = unmarked(&plain(text));
    if line.is_empty() {
        return TokenStream::new();
    }
    let line = format!(" {line}");
    quote!(#[doc = #line])
}

/// The `//!` line of a file.
pub fn about(text: &str) -> TokenStream {
    let line = format!(" {}", unmarked(&plain(text)));
    quote!(#![doc = #line])
}

/// Untrusted text in an attribute that the compiler reads as a format.
pub fn braces(text: &str) -> String {
    plain(text).replace('{', "{{").replace('}', "}}")
}

/// A line without HTML and without links: rustdoc would put both into its pages. In code spans they are letters.
fn unmarked(line: &str) -> String {
    let spans = !line.contains("``") && line.matches('`').count().is_multiple_of(2);
    let mut out = String::with_capacity(line.len());
    let (mut code, mut escaped) = (false, false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let tag = |next: &char| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?');
        let marks = c == '[' || c == '<' && chars.peek().is_some_and(tag);
        if c == '`' && spans && !escaped {
            code = !code;
        } else if marks && !code && !escaped {
            out.push('\\');
        }
        escaped = c == '\\' && !escaped && !code;
        out.push(c);
    }
    out
}

/// Untrusted text as one harmless line of at most 200 characters.
pub fn plain(text: &str) -> String {
    let mut line = String::new();
    let mut count = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        let word: String = word.chars().filter(|c| !unseen(*c)).collect();
        if word.is_empty() {
            continue;
        }
        count += word.chars().count() + 1;
        if count > 200 {
            line.push_str(" …");
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    // A fence would be compiled as a test by rustdoc, `*/` or `//` could end or begin a comment where the format changes.
    line.replace("```", "'''")
        .replace("~~~", "'''")
        .replace("*/", "* /")
        .replace("/*", "/ *")
}

fn format(tokens: TokenStream) -> String {
    let file = match syn::parse2::<syn::File>(tokens) {
        Ok(file) => prettyplease::unparse(&file),
        // Not reachable from a document: names and literals are checked before. Were it reached, the project would not
        // compile, and say why.
        Err(error) => format!("compile_error!({:?});\n", error.to_string()),
    };
    let mut text = String::with_capacity(file.len());
    let mut before = "";
    for line in file.lines() {
        if apart(before, line) {
            text.push('\n');
        }
        if let Some((indent, words)) = comment(line) {
            text.extend([indent, "// ", words]);
        } else if let Some(name) = macro_of(line) {
            text.extend(["shield::", name, "! {"]);
        } else {
            text.push_str(line);
        }
        text.push('\n');
        before = line;
    }
    text
}

/// Whether a blank line stands between two lines: around imports, after an item of several lines, before documentation.
/// prettyplease leaves none.
fn apart(before: &str, line: &str) -> bool {
    let import = |line: &str| line.starts_with("use ") || line.starts_with("pub use ");
    let head = |line: &str| line.starts_with("//!") || line.starts_with("#![");
    if before.is_empty() || line.starts_with([' ', '}', ')', ']']) || head(line) {
        return false;
    }
    if import(line) {
        return head(before);
    }
    if macro_of(line).is_some() {
        return true;
    }
    let ended = before.starts_with('}') || before == ");";
    let documented =
        line.starts_with("///") && !before.starts_with("///") && !before.starts_with("#[");
    ended || documented || import(before) || head(before)
}

/// `    note!("words");` → indentation and words.
fn comment(line: &str) -> Option<(&str, &str)> {
    let words = line
        .trim_start()
        .strip_prefix("note!(\"")?
        .strip_suffix("\");")?;
    let indent = line.get(..line.len() - line.trim_start().len())?;
    Some((indent, words))
}

/// `mod declared__words {` → `words`.
fn macro_of(line: &str) -> Option<&str> {
    line.strip_prefix("mod ")?
        .strip_prefix(DECLARED)?
        .strip_suffix(" {")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_cannot_become_anything_but_one_line() {
        assert_eq!(plain("a\r\nb\tc\u{202e}d"), "a b cd");
        assert_eq!(
            plain("```rust\nfn main() {}\n```"),
            "'''rust fn main() {} '''"
        );
        assert_eq!(plain("*/ x /*"), "* / x / *");
        assert_eq!(plain("\u{1b}[31m"), "[31m");
    }

    #[test]
    fn documentation_is_words() {
        for (text, shown) in [
            ("a < b, 1<2", "a < b, 1<2"),
            ("`Vec<u8>` and `[a]`", "`Vec<u8>` and `[a]`"),
            ("<script>x</script>", r"\<script>x\</script>"),
            ("[a](javascript:b)", r"\[a](javascript:b)"),
            ("a ` <b>", r"a ` \<b>"),
            ("``<b>``", r"``\<b>``"),
            ("`a` <b> `c`", r"`a` \<b> `c`"),
            // Escaped already, and not escaped though it looks so.
            (r"\<b>", r"\<b>"),
            (r"\\<b>", r"\\\<b>"),
            (r"\` <b> `", r"\` \<b> `"),
        ] {
            assert_eq!(unmarked(text), shown);
        }
        assert_eq!(braces("{Self} {}"), "{{Self}} {{}}");
    }

    #[test]
    fn notes_become_comments() {
        let why = note("Why: 4 of 5.");
        let text = format(quote!(fn f() { #why g(); }));
        assert_eq!(text, "fn f() {\n    // Why: 4 of 5.\n    g();\n}\n");
    }
}
