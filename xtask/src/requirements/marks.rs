//! Marks: `// requirement: P39, P40` above a test, `# requirement: P6` in a document that must be refused,
//! `<!-- requirement: P45 -->` in a page whose commands are run, and as the first line of a case that must not compile.

use crate::docs_test;
use crate::emitted::{PROJECTS, files};
use crate::proofs;
use crate::steps::Failed;
use std::path::Path;

/// What is marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A test by its function, with what cargo calls the binary it is in and the log in which that is found.
    Test {
        function: String,
        binary: String,
        log: String,
    },
    /// A document that must be refused: shown when the test that refuses all of them passed.
    Refused,
    /// A page whose commands are run.
    Page,
    /// A handler that must not compile: shown when the compiler refused it for the reason written in it.
    Case,
}

/// What a mark shows something on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// A generated service that runs.
    Service,
    /// The shield as a crate.
    Shield,
    /// palisade itself.
    Palisade,
}

#[derive(Debug, Clone)]
pub struct Mark {
    /// From the root of the repository, with slashes.
    pub path: String,
    pub what: What,
    pub on: On,
    pub numbers: Vec<String>,
}

const MARK: &str = "requirement: ";

/// The logs of `cargo xtask test` by what they are of.
pub const WORKSPACE: &str = "workspace";
const GYM: &str = "gym";

/// All marks below `root`.
pub fn read(root: &Path) -> Result<Vec<Mark>, Failed> {
    let mut marks = Vec::new();
    let mut folders = vec![
        "src".to_owned(),
        "tests".to_owned(),
        "templates/shield".to_owned(),
        "xtask/src".to_owned(),
    ];
    folders.extend(PROJECTS.map(|project| format!("{}/service", project.dir)));
    for folder in folders {
        for file in files(&root.join(folder), ".rs")? {
            let path = from_root(root, &file);
            // What is expected to be emitted has copies of marks, and runs elsewhere; cases are no tests.
            if path.starts_with(proofs::CASES) {
                marks.extend(of_case(&path, &text(&file)?));
            } else if !path.starts_with("tests/golden/") {
                marks.extend(of_tests(&path, &text(&file)?).map_err(Failed)?);
            }
        }
    }
    for file in files(&root.join("tests/golden"), ".yaml")? {
        let path = from_root(root, &file);
        let numbers = numbers_of(&text(&file)?, "# ", "");
        if !numbers.is_empty() {
            if !path.contains("/negative/") {
                return Err(Failed(format!("{path}: only refused documents are marked")));
            }
            marks.push(Mark {
                path,
                what: What::Refused,
                on: On::Palisade,
                numbers,
            });
        }
    }
    for page in docs_test::pages() {
        let numbers = numbers_of(&text(&root.join(page))?, "<!-- ", " -->");
        if !numbers.is_empty() {
            marks.push(Mark {
                path: page.to_owned(),
                what: What::Page,
                on: On::Service,
                numbers,
            });
        }
    }
    Ok(marks)
}

/// The mark of a case stands in its first line.
fn of_case(path: &str, text: &str) -> Option<Mark> {
    let numbers = numbers(text.lines().next()?, "// ", "")?;
    Some(Mark {
        path: path.to_owned(),
        what: What::Case,
        on: On::Palisade,
        numbers,
    })
}

fn from_root(root: &Path, file: &Path) -> String {
    let path = file.strip_prefix(root).unwrap_or(file);
    path.to_string_lossy().replace('\\', "/")
}

/// Some of the documents that must be refused are not UTF-8.
fn text(path: &Path) -> Result<String, Failed> {
    let bytes = std::fs::read(path).map_err(Failed::at(path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The numbers of a line that is a mark.
fn numbers(line: &str, before: &str, behind: &str) -> Option<Vec<String>> {
    let rest = line.trim().strip_prefix(before)?.strip_prefix(MARK)?;
    let rest = rest.strip_suffix(behind)?;
    Some(rest.split(", ").map(str::to_owned).collect())
}

fn numbers_of(text: &str, before: &str, behind: &str) -> Vec<String> {
    let marks = text
        .lines()
        .filter_map(|line| numbers(line, before, behind));
    marks.flatten().collect()
}

/// The marks of a Rust file. A mark that stands above anything else than a test is an error: it would show nothing.
pub fn of_tests(path: &str, text: &str) -> Result<Vec<Mark>, String> {
    let mut marks = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some(numbers) = numbers(line, "// ", "") else {
            continue;
        };
        let attribute = lines
            .next()
            .map(|(_, line)| line.trim())
            .unwrap_or_default();
        let mut function = None;
        if attribute == "#[test]" || attribute.starts_with("#[tokio::test") {
            let rest = lines.by_ref().take(5);
            function = rest.map(|(_, line)| line.trim()).find_map(|line| {
                let line = line.strip_prefix("async ").unwrap_or(line);
                let (name, _) = line.strip_prefix("fn ")?.split_once('(')?;
                Some(name.to_owned())
            });
        }
        let Some(function) = function else {
            return Err(format!("{path}:{}: this mark is above no test", at + 1));
        };
        let (binary, log, on) = home(path)
            .ok_or_else(|| format!("{path}:{}: nothing runs the tests of this file", at + 1))?;
        marks.push(Mark {
            path: path.to_owned(),
            what: What::Test {
                function,
                binary,
                log,
            },
            on,
            numbers,
        });
    }
    Ok(marks)
}

/// The binary in which the tests of a file are, in which log it is found, and what they show something on.
fn home(path: &str) -> Option<(String, String, On)> {
    // `tests/door/quotas.rs` and `tests/door.rs` are both in `door`.
    let binary = |rest: &str| {
        let first = rest.split('/').next().unwrap_or(rest);
        first.trim_end_matches(".rs").to_owned()
    };
    if let Some(rest) = path.strip_prefix("templates/shield/") {
        let name = match rest.strip_prefix("tests/") {
            Some(rest) => binary(rest),
            None => "shield".to_owned(),
        };
        return Some((name, WORKSPACE.to_owned(), On::Shield));
    }
    for project in &PROJECTS {
        let rest = path.strip_prefix(project.dir);
        if let Some(rest) = rest.and_then(|rest| rest.strip_prefix("/service/tests/")) {
            return Some((binary(rest), project.log(), On::Service));
        }
    }
    // Its services run, each generated from a document of its own.
    if path == "tests/gym/conformance.rs" {
        return Some(("conformance".to_owned(), GYM.to_owned(), On::Service));
    }
    let (name, log) = if path.starts_with("tests/gym/") {
        (binary(path.strip_prefix("tests/gym/")?), GYM)
    } else if let Some(rest) = path.strip_prefix("tests/") {
        (binary(rest), WORKSPACE)
    } else if path.starts_with("xtask/") {
        ("xtask".to_owned(), WORKSPACE)
    } else if path.starts_with("src/") {
        ("palisade".to_owned(), WORKSPACE)
    } else {
        return None;
    };
    Some((name, log.to_owned(), On::Palisade))
}
