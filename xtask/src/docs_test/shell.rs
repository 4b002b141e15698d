//! One shell a page, and what it printed.

use super::Runs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Printed by the shell after each command, with its exit code.
const DONE: &str = "\u{1e}done ";

/// Whether `printed` is `expected`, in which `…` stands for anything. Trailing blanks of lines do not count.
pub fn matches(expected: &str, printed: &str) -> bool {
    let clean = |text: &str| {
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        lines.join("\n").trim_end().to_owned()
    };
    let (mut expected, printed) = (clean(expected), clean(printed));
    // A last line of its own stands for no line, too.
    if let Some(rest) = expected.strip_suffix("\n…") {
        expected = format!("{rest}…");
    }
    let mut parts = expected.split('…');
    let Some(mut rest) = parts.next().and_then(|first| printed.strip_prefix(first)) else {
        return false;
    };
    let mut open = false;
    let parts: Vec<&str> = parts.collect();
    for (index, part) in parts.iter().enumerate() {
        open = true;
        if index + 1 == parts.len() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    open || rest.is_empty()
}

/// A shell that ends with everything it started.
pub struct Shell {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Shell {
    pub fn start(page: &Runs, root: &Path) -> Result<Self, String> {
        let mut bash = Command::new("bash");
        bash.current_dir(page.folder(root));
        if page.apart {
            // As after `cargo install`; dependencies are built once for all emitted projects.
            let tools = std::env::join_paths(
                std::iter::once(root.join("target/debug")).chain(
                    std::env::var_os("PATH")
                        .iter()
                        .flat_map(std::env::split_paths),
                ),
            );
            bash.env("PATH", tools.map_err(|error| format!("PATH: {error}"))?)
                .env("CARGO_TARGET_DIR", root.join("target/emitted"));
        }
        let mut child = bash
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("bash: {error}"))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(input), Some(output)) => Ok(Shell {
                child,
                input,
                output: BufReader::new(output),
            }),
            _ => Err("bash has no pipes".to_owned()),
        }
    }

    /// What the command printed on stdout.
    pub fn run(&mut self, command: &str) -> Result<String, String> {
        writeln!(self.input, "{command}\nprintf '\\n{DONE}%s\\n' $?")
            .map_err(|error| format!("bash: {error}"))?;
        let mut printed = String::new();
        loop {
            let mut line = String::new();
            match self.output.read_line(&mut line) {
                Ok(0) => return Err(format!("the shell ended in `{command}`")),
                Ok(_) if line.starts_with(DONE) => {
                    // Others say with their exit code what they found (`grep`).
                    let failed =
                        command.contains("cargo ") && line.trim_end() != format!("{DONE}0");
                    return if failed {
                        Err(format!("`{command}` failed"))
                    } else {
                        Ok(printed)
                    };
                }
                Ok(_) => printed.push_str(&line),
                Err(error) => return Err(format!("bash: {error}")),
            }
        }
    }
}

impl Drop for Shell {
    /// Whatever the commands left running ends with them.
    fn drop(&mut self) {
        let _ = writeln!(self.input, "kill $(jobs -p) 2>/dev/null; exit");
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_stand_for_anything_and_nothing_else_does() {
        assert!(matches("a…c\n", "a b c\n"));
        assert!(matches("", "\n"));
        assert!(matches("…", "anything"));
        assert!(!matches("", "x"));
        assert!(!matches("a…c", "a b d"));
        assert!(!matches("a", "ab"));
        assert!(matches("a\n…\n", "a\n\n") && matches("a\n…", "a\nb\nc"));
        assert!(matches("x…y…z", "x1y2z"));
        assert!(!matches("x…y…z", "x1z"));
    }
}
