//! The page that says how fast things are: what is measured stands between markers, and is written by whoever measured it.

use crate::steps::{Failed, root};

const PAGE: &str = "docs/explanation/performance.md";

/// Replaces what stands between `<!-- measured: NAME -->` and `<!-- end: NAME -->`.
pub fn write(name: &str, text: &str) -> Result<(), Failed> {
    let path = root().join(PAGE);
    let page = std::fs::read_to_string(&path).map_err(Failed::at(PAGE))?;
    let page = between(&page, name, text)
        .ok_or_else(|| Failed(format!("{PAGE} has no markers for `{name}`")))?;
    std::fs::write(&path, page).map_err(Failed::at(PAGE))?;
    println!("==> written to {PAGE}");
    Ok(())
}

fn between(page: &str, name: &str, text: &str) -> Option<String> {
    let (begin, end) = (
        format!("<!-- measured: {name} -->"),
        format!("<!-- end: {name} -->"),
    );
    let (before, rest) = page.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!(
        "{before}{begin}\n\n{}\n\n{end}{after}",
        text.trim()
    ))
}

/// The machine, for whoever compares figures.
pub fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("an unknown processor", |rest| {
            rest.trim_start_matches([' ', '\t', ':']).trim()
        });
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let rustc = std::process::Command::new("rustc")
        .arg("--version")
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default();
    let rustc = rustc.split_whitespace().nth(1).unwrap_or("unknown");
    format!(
        "{threads} hardware threads of {model}, {}, Rust {rustc}",
        std::env::consts::OS
    )
}

/// What else the machine has to do, where it says so.
pub fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn only_what_is_measured_is_replaced() {
        let page = "a\n<!-- measured: x -->\nold\n<!-- end: x -->\nb\n<!-- measured: y -->\n<!-- end: y -->\n";
        assert_eq!(
            between(page, "x", "new\n").as_deref(),
            Some(
                "a\n<!-- measured: x -->\n\nnew\n\n<!-- end: x -->\nb\n<!-- measured: y -->\n<!-- end: y -->\n"
            )
        );
        assert_eq!(between(page, "z", "new"), None);
    }
}
