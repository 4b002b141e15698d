//! The `use` lines of an emitted file, found from what stands in it: nothing is imported that is not used.

use super::context::Context;
use super::names::ident;
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use std::collections::{BTreeMap, BTreeSet};

/// Types and traits by the path they come from.
const TYPES: &[(&str, &[&str])] = &[
    (
        "shield::schema",
        &[
            "List", "Pattern", "Read", "Schema", "Text", "Whole", "Write",
        ],
    ),
    ("shield", &["Secret"]),
    ("shield::decide", &["Rule", "Undecided"]),
];

/// Modules of the api: imported when something inside them is named.
const MODULES: &[(&str, &[&str])] = &[
    ("", &["access", "replies", "requests", "words"]),
    ("access", &["roles"]),
];

/// `use` lines for `body`, one a module, sorted.
pub fn uses(cx: &Context, body: &TokenStream) -> TokenStream {
    let mut seen = Seen::default();
    seen.walk(body.clone());
    // What the file declares itself hides what could be imported.
    seen.words.retain(|name| !seen.declared.contains(name));
    let mut lines = Lines::default();
    for (path, names) in MODULES {
        lines.ours(path, pick(names, &seen.paths));
    }
    for (path, names) in TYPES {
        lines.outside(path, pick(names, &seen.all()));
    }
    lines.tokens(cx)
}

fn pick<'a>(names: &[&'a str], seen: &BTreeSet<String>) -> Vec<&'a str> {
    names
        .iter()
        .copied()
        .filter(|name| seen.contains(*name))
        .collect()
}

/// Names by the module they come from; whether it is below the root of the api comes first.
#[derive(Default)]
struct Lines<'a>(BTreeMap<(bool, &'a str), BTreeSet<&'a str>>);

impl<'a> Lines<'a> {
    fn ours(&mut self, path: &'a str, names: Vec<&'a str>) {
        self.0.entry((false, path)).or_default().extend(names);
    }

    fn outside(&mut self, path: &'a str, names: Vec<&'a str>) {
        self.0.entry((true, path)).or_default().extend(names);
    }

    fn tokens(self, cx: &Context) -> TokenStream {
        let root = &cx.root;
        let lines = self.0.into_iter().map(|((outside, path), names)| {
            let parts: Vec<_> = path
                .split("::")
                .filter(|part| !part.is_empty())
                .map(ident)
                .collect();
            let path = match (outside, parts.as_slice()) {
                (true, parts) => quote!(#(#parts)::*),
                (false, []) => root.clone(),
                (false, parts) => quote!(#root::#(#parts)::*),
            };
            let names: Vec<_> = names.into_iter().map(ident).collect();
            match names.as_slice() {
                [] => TokenStream::new(),
                [one] => quote!(use #path::#one;),
                many => quote!(use #path::{#(#many),*};),
            }
        });
        quote!(#(#lines)*)
    }
}

#[derive(Default)]
struct Seen {
    /// Every identifier that begins with a capital and is not reached through a path or as a variant.
    words: BTreeSet<String>,
    /// Identifiers before `::`.
    paths: BTreeSet<String>,
    /// Identifiers before `(`, not after `.`.
    calls: BTreeSet<String>,
    /// Identifiers behind `struct`, `enum` or `trait`.
    declared: BTreeSet<String>,
}

impl Seen {
    fn all(&self) -> BTreeSet<String> {
        self.words.union(&self.paths).cloned().collect()
    }

    fn walk(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.walk(group.stream()),
                TokenTree::Ident(ident) => {
                    let name = ident.to_string();
                    let colons = |at: Option<usize>| {
                        at.and_then(|at| tokens.get(at))
                            .is_some_and(|t| matches!(t, TokenTree::Punct(p) if p.as_char() == ':'))
                    };
                    let behind_path = colons(index.checked_sub(1)) && colons(index.checked_sub(2));
                    let before_path = colons(Some(index + 1)) && colons(Some(index + 2));
                    let behind_dot = index
                        .checked_sub(1)
                        .and_then(|at| tokens.get(at))
                        .is_some_and(|t| matches!(t, TokenTree::Punct(p) if p.as_char() == '.'));
                    if behind_path || behind_dot {
                        continue;
                    }
                    let before = index.checked_sub(1).and_then(|at| tokens.get(at));
                    if let Some(TokenTree::Ident(keyword)) = before
                        && ["struct", "enum", "trait"]
                            .iter()
                            .any(|word| keyword == word)
                    {
                        self.declared.insert(name.clone());
                    }
                    if before_path {
                        self.paths.insert(name.clone());
                    }
                    if matches!(tokens.get(index + 1), Some(TokenTree::Group(_))) {
                        self.calls.insert(name.clone());
                    }
                    if name.starts_with(|c: char| c.is_ascii_uppercase()) {
                        self.words.insert(name);
                    }
                }
                _ => {}
            }
        }
    }
}
