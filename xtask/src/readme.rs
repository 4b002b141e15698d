//! `cargo xtask readme`: runs the commands of the README and compares what they print with what it says.
//!
//! In a `console` block a line that begins with `$ ` is a command; the lines after it, up to the next one, are its output, in
//! which `…` stands for anything. All blocks below the heading share one shell, started at the root of the repository.
//!
//! A block behind `<!-- from: PATH -->` must stand in that file, to the letter.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Commands below this heading are run; it ends at the next heading of its level.
const HEADING: &str = "## A service in five minutes";

/// Printed by the shell after each command, with its exit code.
const DONE: &str = "\u{1e}done ";

/// A command and what it should print.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    command: String,
    expected: String,
}

/// Runs every command; `Err` names the first that printed something else.
pub fn run(root: &Path) -> Result<(), String> {
    let path = root.join("README.md");
    let text =
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    quotes(root, &text)?;
    let steps = steps(&text);
    if steps.is_empty() {
        return Err(format!("README.md has no commands below `{HEADING}`"));
    }
    let mut shell = Shell::start(root)?;
    for step in &steps {
        println!("$ {}", step.command);
        let printed = shell.run(&step.command)?;
        if !matches(&step.expected, &printed) {
            return Err(format!(
                "`{}` printed\n{printed}\nbut README.md says\n{}",
                step.command, step.expected
            ));
        }
    }
    println!("readme: {} commands passed", steps.len());
    Ok(())
}

/// Compares every block that is quoted from a file with that file.
fn quotes(root: &Path, text: &str) -> Result<(), String> {
    let mut lines = text.lines();
    let mut count = 0;
    while let Some(line) = lines.next() {
        let Some(path) = line
            .strip_prefix("<!-- from: ")
            .and_then(|rest| rest.strip_suffix(" -->"))
        else {
            continue;
        };
        let block: Vec<&str> = lines
            .by_ref()
            .skip_while(|line| line.is_empty())
            .skip(1)
            .take_while(|line| *line != "```")
            .collect();
        let file =
            std::fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}"))?;
        if block.is_empty() || !file.contains(&block.join("\n")) {
            return Err(format!(
                "README.md quotes from {path} what does not stand there"
            ));
        }
        count += 1;
    }
    println!("readme: {count} quotations are right");
    Ok(())
}

fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let (mut below, mut console) = (false, false);
    for line in text.lines() {
        if line.starts_with("## ") {
            below = line == HEADING;
        } else if line.starts_with("```") {
            console = below && line == "```console";
        } else if console {
            match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(command), _) => steps.push(Step {
                    command: command.to_owned(),
                    expected: String::new(),
                }),
                (None, Some(step)) => {
                    step.expected.push_str(line);
                    step.expected.push('\n');
                }
                (None, None) => {}
            }
        }
    }
    steps
}

/// Whether `printed` is `expected`, in which `…` stands for anything. Trailing blanks of lines do not count.
fn matches(expected: &str, printed: &str) -> bool {
    let clean = |text: &str| {
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        lines.join("\n").trim_end().to_owned()
    };
    let (expected, printed) = (clean(expected), clean(printed));
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

struct Shell {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Shell {
    fn start(root: &Path) -> Result<Self, String> {
        let mut child = Command::new("bash")
            .current_dir(root)
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

    fn run(&mut self, command: &str) -> Result<String, String> {
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
    fn only_console_blocks_below_the_heading_count() {
        let text = format!(
            "```console\n$ no\n```\n{HEADING}\n```console\n$ a\nb\n$ c\n```\n```yaml\n$ no\n```\n## Next\n```console\n$ no\n```\n"
        );
        let expected = [("a", "b\n"), ("c", "")].map(|(command, expected)| Step {
            command: command.to_owned(),
            expected: expected.to_owned(),
        });
        assert_eq!(steps(&text), expected);
    }

    #[test]
    fn dots_stand_for_anything_and_nothing_else_does() {
        assert!(matches("a…c\n", "a b c\n"));
        assert!(matches("", "\n"));
        assert!(matches("…", "anything"));
        assert!(!matches("", "x"));
        assert!(!matches("a…c", "a b d"));
        assert!(!matches("a", "ab"));
        assert!(matches("x…y…z", "x1y2z"));
        assert!(!matches("x…y…z", "x1z"));
    }
}
