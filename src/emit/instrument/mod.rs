//! A project in which every guard step can be switched off while it runs: for `cargo xtask mutate`, never to be shipped.
//!
//! The guards say where they are by a comment, `// guard: NAME`, right above a statement that can be left out as a whole.
//! Here each such statement is put into `if switch::on("NAME") { … }`, line by line: every line that is added ends in the
//! same mark, so that taking those lines out again gives what is shipped, byte for byte, and a test does.

mod marker;
mod statement;

#[cfg(test)]
mod tests;

use super::{Emitted, Files, Owner};
use marker::Marker;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How every line ends that is not shipped.
pub const ADDED: &str = " // switch";

/// The module of the switches, and the runner that turns them; both are there in instrumented projects only.
pub const SWITCH: &str = "shield/src/switch.rs";
pub const RUNNER: &str = "attacks/tests/mutate.rs";

/// Steps that are more than a refusal: what is done in their place when they are off, so that the request goes on.
const INSTEAD: &[(&str, &str)] = &[("unknown-member", "pass($json)?;")];

/// Where a module is added: the file, a line of it, and what comes before that.
const MODULES: [(&str, &str, &str); 2] = [
    ("shield/src/lib.rs", "pub mod auth;", "pub mod switch;"),
    ("attacks/tests/attacks.rs", "mod cases;", "mod mutate;"),
];

/// By name.
type Steps = BTreeMap<String, Step>;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    /// What holds the same and goes off with it.
    with: Option<String>,
    /// It stands before the operation is known.
    of_the_service: bool,
}

/// Instruments all guards of the project.
///
/// # Errors
///
/// A mark that cannot be read, or above something that cannot be left out: file, line, and what is wrong.
pub fn instrument(files: &mut Files) -> Result<(), String> {
    let mut steps = Steps::new();
    for (path, file) in files.iter_mut() {
        let switch = match path.split_once("/src/") {
            Some(("shield", _)) => "crate::switch",
            Some(("api", _)) => "shield::switch",
            _ => continue,
        };
        if path.ends_with(".rs") {
            file.text = instrumented(&file.text, switch, &mut steps)
                .map_err(|(line, why)| format!("{path}:{line}: {why}"))?;
        }
    }
    for (name, step) in &steps {
        if let Some(with) = &step.with
            && !steps.contains_key(with)
        {
            return Err(format!("guard {name}: there is no guard {with}"));
        }
    }
    for (path, before, module) in MODULES {
        add_module(files, path, before, module)?;
    }
    let owned = |text| Emitted {
        text,
        owner: Owner::Palisade,
    };
    let switch = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/templates/instrument/switch.rs"
    ));
    files.insert(
        SWITCH.to_owned(),
        owned(format!("{switch}{}", table(&steps))),
    );
    let runner = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/templates/instrument/mutate.rs"
    ));
    files.insert(RUNNER.to_owned(), owned(runner.to_owned()));
    Ok(())
}

fn add_module(files: &mut Files, path: &str, before: &str, module: &str) -> Result<(), String> {
    let file = files
        .get_mut(path)
        .ok_or_else(|| format!("{path}: there is no such file"))?;
    let line = format!("\n{before}\n");
    if file.text.matches(&line).count() != 1 {
        return Err(format!("{path}: `{before}` is not there once"));
    }
    let added = format!("\n{module}{ADDED}{line}");
    file.text = file.text.replace(&line, &added);
    Ok(())
}

/// All steps, for who turns them off.
fn table(steps: &Steps) -> String {
    let mut text = String::from(
        "\n/// Every step of this project, the one that goes off with it, and whether it stands before the operation is known.\n\
         pub static STEPS: &[(&str, Option<&str>, bool)] = &[\n",
    );
    for (name, step) in steps {
        let _ = writeln!(
            text,
            "    ({name:?}, {:?}, {}),",
            step.with, step.of_the_service
        );
    }
    text.push_str("];\n");
    text
}

/// One file with its guards in switches. The error is the line, from 1, and what is wrong there.
fn instrumented(text: &str, switch: &str, steps: &mut Steps) -> Result<String, (usize, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len());
    let mut rest = lines.iter().enumerate();
    // The blanks before a macro that is not over yet.
    let mut in_macro: Option<&str> = None;
    while let Some((at, line)) = rest.next() {
        if let Some((indent, _)) = line.split_once("macro_rules! ") {
            in_macro = Some(indent);
        } else if in_macro.is_some_and(|indent| line.strip_prefix(indent) == Some("}")) {
            in_macro = None;
        }
        let wrong = |why: String| (at + 1, why);
        if line.ends_with(ADDED.trim_start()) {
            return Err(wrong("looks like a line that was added here".to_owned()));
        }
        push(&mut out, line);
        let Some(marker) = Marker::read(line).map_err(wrong)? else {
            continue;
        };
        let behind = lines.get(at + 1..).unwrap_or_default();
        let count = statement::lines(marker.indent, behind).map_err(wrong)?;
        let on = match marker.used {
            Some(used) => format!("on_where({:?}, {used})", marker.name),
            None => format!("on({:?})", marker.name),
        };
        let indent = marker.indent;
        // Whoever uses a macro may be another crate.
        let switch = match (in_macro, switch) {
            (Some(_), "crate::switch") => "$crate::switch",
            _ => switch,
        };
        push(&mut out, &format!("{indent}if {switch}::{on} {{{ADDED}"));
        for (_, line) in rest.by_ref().take(count) {
            push(&mut out, line);
        }
        if let Some((_, instead)) = INSTEAD.iter().find(|(name, _)| *name == marker.name) {
            push(
                &mut out,
                &format!("{indent}}} else {{ {switch}::{instead}{ADDED}"),
            );
        }
        push(&mut out, &format!("{indent}}}{ADDED}"));
        let step = Step {
            with: marker.with.map(str::to_owned),
            of_the_service: marker.of_the_service,
        };
        let before = steps.insert(marker.name.to_owned(), step.clone());
        if before.is_some_and(|before| before != step) {
            let why = format!("the guard {} is marked otherwise elsewhere", marker.name);
            return Err((at + 1, why));
        }
    }
    if !text.ends_with('\n') {
        out.truncate(out.trim_end_matches('\n').len());
    }
    Ok(out)
}

fn push(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}
