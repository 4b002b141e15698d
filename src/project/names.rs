//! Names that a folder and a crate can have everywhere (ruling 73).

use heck::ToKebabCase;

/// Crates the workspace has already, or that every crate sees without being asked.
const TAKEN: [&str; 9] = [
    "shield",
    "api",
    "attacks",
    "alloc",
    "core",
    "proc-macro",
    "std",
    "test",
    "build",
];

/// What cargo refuses as the name of a package: keywords, and the names of its own folders.
const KEYWORDS: [&str; 57] = [
    "abstract",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "union",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
    "deps",
    "examples",
    "incremental",
    "cargo",
    "main",
];

/// Longer names are refused by registries, and by people.
const MAX: usize = 64;

/// The name of a folder and a crate for a service with this title; `None` when it gives none.
pub fn of_title(title: &str) -> Option<String> {
    let name = title.to_kebab_case();
    is_package(&name).then_some(name)
}

/// Whether a package may have this name: kebab case, and nobody else's.
pub fn is_package(name: &str) -> bool {
    name.len() <= MAX
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && !name.ends_with('-')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !TAKEN.contains(&name)
        && !KEYWORDS.contains(&name)
        && !is_device(name)
}

/// Whether Windows takes a file of this name for a device, whatever its extension.
pub fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let is = |device: &str| stem.eq_ignore_ascii_case(device);
    let numbered = |port: &str| {
        stem.get(..port.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(port))
            && stem
                .get(port.len()..)
                .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
        .into_iter()
        .any(is)
        || ["com", "lpt"].into_iter().any(numbered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_gives_a_name() {
        assert_eq!(of_title("Clinic API").as_deref(), Some("clinic-api"));
        assert_eq!(
            of_title("  Users & Roles 2 ").as_deref(),
            Some("users-roles-2")
        );
        assert_eq!(of_title("../../etc/passwd").as_deref(), Some("etc-passwd"));
    }

    #[test]
    fn a_title_that_gives_none() {
        let long = "a".repeat(65);
        for title in [
            "",
            "..",
            ".",
            "/",
            "宠物店",
            "Übung",
            "API",
            "Core",
            "std",
            "Test",
            "shield",
            "CON",
            "com1",
            "3 bears",
            "self",
            "proc macro",
            &long,
        ] {
            assert_eq!(of_title(title), None, "{title}");
        }
    }

    #[test]
    fn devices_keep_their_name_with_an_extension() {
        for name in ["con", "NUL.rs", "Com1.txt", "lpt9", "aux.tar.gz"] {
            assert!(is_device(name), "{name}");
        }
        for name in ["console", "com", "com10", "lpt", "icon.rs", "null"] {
            assert!(!is_device(name), "{name}");
        }
    }
}
