//! The generated folders of this repository are what palisade generates today.

use crate::emitted::{PROJECTS, palisade};
use crate::steps::{Failed, run};

pub fn compare() -> Result<(), Failed> {
    let mut drifted = Vec::new();
    for project in PROJECTS {
        let done = run(
            &format!("palisade check {} -o {}", project.spec, project.dir),
            palisade(false).args(["check", project.spec, "-o", project.dir]),
        );
        if let Err(Failed(why)) = done {
            eprintln!("    {why}");
            drifted.push(project.dir);
        }
    }
    match drifted.is_empty() {
        true => Ok(()),
        false => Err(Failed(format!(
            "not what palisade generates: {}; `palisade generate -o DIR` puts them right",
            drifted.join(", ")
        ))),
    }
}
