//! How long whoever edits a handler waits: `cargo build` of the example's service, for debug, after each of five edits.

use super::page;
use super::spread::Spread;
use crate::emitted::cargo_in;
use crate::steps::{Failed, root, run};
use std::path::Path;
use std::time::Instant;

const PROJECT: &str = "generated-example";
const HANDLER: &str = "service/src/handlers/patients/get_patient.rs";
/// Of this expression, in which something is added that changes the machine code.
const BEFORE: &str = "async fn get_patient(&self, call: Call) -> Result<Reply, Fault> {";
const EDITS: usize = 5;
/// Seconds.
const BAR: f64 = 5.0;

/// Measures, prints, and writes the page; fails when the bar is missed. The handler is afterwards what it was.
pub fn edit() -> Result<(), Failed> {
    let dir = root().join(PROJECT);
    let path = dir.join(HANDLER);
    let text = std::fs::read_to_string(&path).map_err(Failed::at(HANDLER))?;
    if !text.contains(BEFORE) {
        return Err(Failed(format!(
            "{HANDLER} has no `{BEFORE}`; the bench edits it there"
        )));
    }
    build(&dir)?;
    let measured = edits(&dir, &path, &text);
    std::fs::write(&path, text).map_err(Failed::at(HANDLER))?;
    let Some(Spread { low, median, high }) = Spread::of(measured?) else {
        return Err(Failed("nothing was measured".to_owned()));
    };
    let said = format!(
        "Measured on {}; load average {} afterwards. `cargo build` of `{PROJECT}` for debug after an edit of one handler, {EDITS} times: \
         **{median:.1} s** ({low:.1}–{high:.1}).",
        page::machine(),
        page::load()
    );
    println!("{said}");
    page::write("edit", &said)?;
    match median <= BAR {
        true => Ok(()),
        false => Err(Failed(format!("{median:.1} s; the bar is {BAR} s"))),
    }
}

/// Seconds of each.
fn edits(dir: &Path, path: &Path, text: &str) -> Result<Vec<f64>, Failed> {
    let mut seconds = Vec::new();
    for edit in 0..EDITS {
        let added = format!("{BEFORE}\n        std::hint::black_box({edit});");
        std::fs::write(path, text.replace(BEFORE, &added)).map_err(Failed::at(HANDLER))?;
        let start = Instant::now();
        build(dir)?;
        seconds.push(start.elapsed().as_secs_f64());
    }
    Ok(seconds)
}

fn build(dir: &Path) -> Result<(), Failed> {
    run(
        "generated-example: build",
        cargo_in(dir).args(["build", "--quiet", "--package", PROJECT]),
    )
}
