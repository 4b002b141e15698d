#![allow(clippy::unwrap_used)]

use super::marker::Marker;
use super::*;
use crate::emit;

/// A spec of this repository as a plan.
fn spec(name: &str) -> crate::plan::Plan {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("specs")
        .join(name);
    let document = crate::document::load(&path).unwrap();
    let mut diagnostics = crate::diagnostic::Diagnostics::default();
    let api = crate::openapi::read(&document, &mut diagnostics).unwrap();
    let policy = crate::policy::read(&api, &mut diagnostics).unwrap();
    crate::plan::build(&api, &policy, name, &mut diagnostics).unwrap()
}

fn wrapped(text: &str) -> Result<String, (usize, String)> {
    instrumented(text, "crate::switch", &mut Steps::new())
}

/// What is shipped, out of what is instrumented.
fn shipped(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.ends_with(ADDED));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn instrumented_without_the_wrapper_is_what_is_shipped() {
    for name in ["clinic.yaml", "users.yaml"] {
        let plan = spec(name);
        for files in [emit::project(&plan, "service"), emit::library(&plan)] {
            let mut changed = files.clone();
            instrument(&mut changed).unwrap();
            for path in [SWITCH, RUNNER] {
                assert!(changed.remove(path).is_some(), "{path}");
            }
            assert_eq!(
                changed.keys().collect::<Vec<_>>(),
                files.keys().collect::<Vec<_>>()
            );
            let mut guards = 0;
            for (path, file) in &files {
                let there = changed.get(path).unwrap();
                assert_eq!(there.owner, file.owner);
                assert_eq!(shipped(&there.text), file.text, "{path}");
                guards += there.text.matches("switch::on").count();
                assert!(!file.text.contains("switch::on"), "{path}");
            }
            assert!(guards > 50, "{guards} guards");
        }
    }
}

#[test]
fn a_step_is_wrapped_as_it_stands() {
    for (text, expected) in [
        (
            "fn f() {\n    // guard: size\n    if a > b {\n        return None;\n    }\n    c()\n}\n",
            "fn f() {\n    // guard: size\n    if crate::switch::on(\"size\") { // switch\n    if a > b {\n        return None;\n    }\n    } // switch\n    c()\n}\n",
        ),
        // On several lines, with the end further in; and only where it has something to hold.
        (
            "// guard: a-b, where self.min > 0\nself\n    .check()?;\nd();\n",
            "// guard: a-b, where self.min > 0\nif crate::switch::on_where(\"a-b\", self.min > 0) { // switch\nself\n    .check()?;\n} // switch\nd();\n",
        ),
        // What has to be done all the same.
        (
            "// guard: unknown-member\nreturn None;\n",
            "// guard: unknown-member\nif crate::switch::on(\"unknown-member\") { // switch\nreturn None;\n} else { crate::switch::pass($json)?; // switch\n} // switch\n",
        ),
        // In a macro, which another crate may use.
        (
            "macro_rules! m {\n    ($a:expr) => {\n        // guard: a\n        $crate::check($a)?;\n    };\n}\n// guard: b\nc();\n",
            "macro_rules! m {\n    ($a:expr) => {\n        // guard: a\n        if $crate::switch::on(\"a\") { // switch\n        $crate::check($a)?;\n        } // switch\n    };\n}\n// guard: b\nif crate::switch::on(\"b\") { // switch\nc();\n} // switch\n",
        ),
        ("// nothing\nlet a = 1;\n", "// nothing\nlet a = 1;\n"),
    ] {
        let found = wrapped(text).unwrap();
        assert_eq!(found, expected);
        assert_eq!(shipped(&found), text);
    }
}

#[test]
fn what_cannot_be_left_out_is_refused() {
    for (text, line, why) in [
        (
            "// guard: a\nlet b = c()?;\n",
            1,
            "none that can be left out",
        ),
        ("// guard: a\nb = c;\n", 1, "none that can be left out"),
        (
            "// guard: a\nif b {\n    c();\n} else {\n    d();\n}\n",
            1,
            "has an `else`",
        ),
        (
            "// guard: a\nif b {\n    c();\n}\nelse {\n    d();\n}\n",
            1,
            "has an `else`",
        ),
        ("x();\n// guard: a\nSome(b)\n", 2, "no end"),
        ("// guard: a\n    b();\n", 1, "right below"),
        ("    // guard: a\nb();\n", 1, "right below"),
        ("// guard: a\n\nb();\n", 1, "right below"),
        ("// guard: a\n", 1, "right below"),
        ("// guard: a\n// because\nb();\n", 1, "right below"),
        ("// guard: A\nb();\n", 1, "no name"),
        ("// guard: a b\nb();\n", 1, "no name"),
        ("// guard: a-\nb();\n", 1, "no name"),
        ("// guard: a, with B\nb();\n", 1, "no name"),
        ("// guard: a, and b\nb();\n", 1, "none of"),
        ("// guard: a, where b >\nb();\n", 1, "no expression"),
        ("// guard: a, of the services\nb();\n", 1, "none of"),
        ("// guard: a, of the service, with b\nb();\n", 1, "none of"),
        ("//guard: a\nb();\n", 1, "line of its own"),
        ("// Guard : a\nb();\n", 1, "line of its own"),
        ("b(); // guard: a\n", 1, "line of its own"),
        ("} // switch\n", 1, "was added"),
        (
            "// guard: a\nb();\n// guard: a, with c\nb();\n",
            3,
            "marked otherwise",
        ),
    ] {
        let (at, said) = wrapped(text).unwrap_err();
        assert_eq!((at, said.contains(why)), (line, true), "{text}: {said}");
    }
}

#[test]
fn a_step_may_go_with_one_that_is_there_only() {
    let mut files = emit::project(&spec("users.yaml"), "service");
    let file = files.get_mut("shield/src/door.rs").unwrap();
    file.text
        .push_str("fn f() {\n    // guard: a, with nobody\n    g();\n}\n");
    assert_eq!(
        instrument(&mut files).unwrap_err(),
        "guard a: there is no guard nobody"
    );
}

#[test]
fn marks_are_read() {
    let marker = |name, with, used, of_the_service| Marker {
        indent: "  ",
        name,
        with,
        used,
        of_the_service,
    };
    assert_eq!(
        Marker::read("  // guard: token-exp").unwrap(),
        Some(marker("token-exp", None, None, false))
    );
    assert_eq!(
        Marker::read("  // guard: a1, with b").unwrap(),
        Some(marker("a1", Some("b"), None, false))
    );
    assert_eq!(
        Marker::read("  // guard: a, where x.is_some()").unwrap(),
        Some(marker("a", None, Some("x.is_some()"), false))
    );
    assert_eq!(
        Marker::read("  // guard: a, of the service").unwrap(),
        Some(marker("a", None, None, true))
    );
    assert_eq!(
        Marker::read("  // guard: a, of the service, where f(b, c)").unwrap(),
        Some(marker("a", None, Some("f(b, c)"), true))
    );
    assert_eq!(Marker::read("    /// The guard of it: a").unwrap(), None);
}
