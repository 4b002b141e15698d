//! What `cargo xtask test` printed when it ran last: which tests passed, and how many attacks of each kind.

use crate::attacked::{self, Sent};
use crate::emitted::PROJECTS;
use crate::steps::Failed;
use std::collections::BTreeMap;
use std::path::Path;

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Passed,
    Failed,
    /// Ignored, or in no log at all.
    NotRun,
}

#[derive(Debug, Default)]
pub struct LastRun {
    /// By log and binary: tests by their path, and how they ended.
    tests: BTreeMap<(String, String), Vec<(String, Ended)>>,
    /// By folder of a project, in their order.
    pub attacks: Vec<(&'static str, Vec<Sent>)>,
    pages: Vec<String>,
    /// Cases that must not compile, and how they ended.
    cases: BTreeMap<String, Ended>,
}

impl LastRun {
    pub fn read(logs: &Path) -> Result<Self, Failed> {
        let mut run = LastRun::default();
        let Ok(entries) = std::fs::read_dir(logs) else {
            return Err(Failed(format!(
                "there is no last run ({} is missing): `cargo xtask test` first",
                logs.display()
            )));
        };
        for entry in entries {
            let path = entry.map_err(Failed::at(logs.display()))?.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let bytes = std::fs::read(&path).map_err(Failed::at(path.display()))?;
            run.add(&name, &String::from_utf8_lossy(&bytes));
        }
        run.attacks
            .sort_by_key(|(dir, _)| PROJECTS.iter().position(|project| project.dir == *dir));
        Ok(run)
    }

    /// What a log says.
    pub fn add(&mut self, log: &str, text: &str) {
        if let Some(project) = PROJECTS.iter().find(|project| project.log() == log) {
            self.attacks.push((project.dir, attacked::table(text)));
        }
        let mut binary = String::new();
        for line in text.lines() {
            let line = line.trim();
            if let Some(rest) = line.strip_prefix("Running ") {
                binary = named(rest);
            } else if let Some(name) = line.strip_prefix("Doc-tests ") {
                binary = format!("doc {name}");
            } else if let Some(page) = line.strip_prefix("page ") {
                self.pages
                    .extend(page.strip_suffix(" ... ok").map(str::to_owned));
            } else if let Some((case, ended)) = line
                .strip_prefix("case ")
                .and_then(|rest| rest.split_once(" ... "))
            {
                let ended = match ended {
                    "ok" => Ended::Passed,
                    _ => Ended::Failed,
                };
                self.cases.insert(case.to_owned(), ended);
            } else if let Some((test, ended)) = line
                .strip_prefix("test ")
                .and_then(|rest| rest.split_once(" ... "))
            {
                let ended = match ended {
                    "ok" => Ended::Passed,
                    _ if ended.starts_with("FAILED") => Ended::Failed,
                    _ => Ended::NotRun,
                };
                self.tests
                    .entry((log.to_owned(), binary.clone()))
                    .or_default()
                    .push((test.to_owned(), ended));
            }
        }
    }

    pub fn page(&self, path: &str) -> Ended {
        match self.pages.iter().any(|page| page == path) {
            true => Ended::Passed,
            false => Ended::NotRun,
        }
    }

    pub fn case(&self, path: &str) -> Ended {
        self.cases.get(path).copied().unwrap_or(Ended::NotRun)
    }

    /// How the test `function` of the file `path` ended. Of several with its name it is the one whose modules are those of
    /// the path.
    pub fn test(
        &self,
        log: &str,
        binary: &str,
        path: &str,
        function: &str,
    ) -> Result<Ended, String> {
        let key = (log.to_owned(), binary.to_owned());
        let all = self.tests.get(&key).map(Vec::as_slice).unwrap_or_default();
        let mut named: Vec<_> = all
            .iter()
            .filter(|(test, _)| test.rsplit("::").next() == Some(function))
            .collect();
        if named.len() > 1 {
            let modules = path.trim_end_matches(".rs").rsplit('/');
            let own: Vec<&str> = modules
                .take_while(|part| !matches!(*part, "src" | "tests"))
                .filter(|part| !matches!(*part, "mod" | "main" | "lib"))
                .collect();
            named.retain(|(test, _)| {
                let parts: Vec<&str> = test.split("::").collect();
                own.iter()
                    .all(|part| *part == binary || parts.contains(part))
            });
        }
        match named.as_slice() {
            [] => Ok(Ended::NotRun),
            [(_, ended)] => Ok(*ended),
            _ => Err(format!("{} tests are called {function}", named.len())),
        }
    }
}

/// `door`, of `tests/door/main.rs (target/debug/deps/door-0123456789abcdef)`.
fn named(running: &str) -> String {
    let path = running.rsplit('(').next().unwrap_or_default();
    let file = path.trim_end_matches(')').rsplit('/').next();
    let file = file.unwrap_or_default();
    let name = file.rsplit_once('-').map_or(file, |(name, _)| name);
    name.to_owned()
}
