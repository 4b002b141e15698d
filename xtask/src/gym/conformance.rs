//! Failures of other generators: each document of `tests/gym/conformance/` as a module, and the test that asks it.

use crate::emitted::files;
use crate::gathered::{Crate, planned};
use crate::steps::{Failed, root};
use palisade::document::from_text;
use palisade::plan::Plan;
use palisade::unsupported;

/// What this version refuses by name, by which code. With `--deny-unsupported` it is generated all the same.
const REFUSED: [(&str, u16); 0] = [];

/// Adds the modules and the test; tells how many there are.
pub fn write(crate_: &mut Crate) -> Result<usize, Failed> {
    let found = files(&root().join("tests/gym/conformance"), ".yaml")?;
    for path in &found {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = std::fs::read_to_string(path).map_err(Failed::at(path.display()))?;
        let plan =
            plan(&name, &text).map_err(|why| Failed(format!("conformance, {name}: {why}")))?;
        crate_.module(&format!("conformance_{name}"), &plan);
    }
    crate_.files.insert(
        "tests/conformance.rs".to_owned(),
        include_str!("../../../tests/gym/conformance.rs").to_owned(),
    );
    match found.len() {
        0 => Err(Failed("no documents in tests/gym/conformance".to_owned())),
        count => Ok(count),
    }
}

fn plan(name: &str, text: &str) -> Result<Plan, String> {
    let refused = REFUSED.iter().find(|(refused, _)| *refused == name);
    match (planned("spec.yaml", text), refused) {
        (Ok(plan), None) => Ok(plan),
        (Err(wrong), None) => Err(format!("{wrong:?}")),
        (Ok(_), Some(_)) => {
            Err("this is enforced now: say in tests/gym/conformance.rs what it answers".to_owned())
        }
        (Err(wrong), Some((_, code))) if wrong.iter().all(|(found, _)| found == code) => {
            let document = from_text("spec.yaml", text).map_err(|error| format!("{error:?}"))?;
            let narrowed = unsupported::plan(&document, "spec.yaml");
            Ok(narrowed
                .map_err(|_| "not even with --deny-unsupported")?
                .plan)
        }
        (Err(wrong), Some((_, code))) => Err(format!("refused, but not by PAL-{code}: {wrong:?}")),
    }
}
