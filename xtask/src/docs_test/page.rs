//! What a page tells its reader to do.

/// One thing to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Act {
    Run {
        command: String,
        expected: String,
    },
    Write {
        path: String,
        text: String,
    },
    Change {
        path: String,
        from: String,
        to: String,
    },
}

/// A fenced block, its language, and the mark before it.
struct Block {
    mark: Option<(String, String)>,
    language: String,
    lines: Vec<String>,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut mark = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            found.push(Block {
                mark: mark.take(),
                language: language.to_owned(),
                lines: lines
                    .by_ref()
                    .take_while(|line| *line != "```")
                    .map(str::to_owned)
                    .collect(),
            });
        } else if let Some((kind, path)) = line
            .strip_prefix("<!-- ")
            .and_then(|rest| rest.strip_suffix(" -->"))
            .and_then(|rest| rest.split_once(": "))
        {
            mark = Some((kind.to_owned(), path.to_owned()));
        } else if !line.is_empty() {
            mark = None;
        }
    }
    found
}

/// Path and text of every quotation.
pub fn quotations(text: &str) -> Vec<(String, String)> {
    blocks(text)
        .into_iter()
        .filter_map(|block| match block.mark {
            Some((kind, path)) if kind == "from" => Some((path, block.lines.join("\n"))),
            _ => None,
        })
        .collect()
}

/// Everything to do, in order.
pub fn acts(text: &str) -> Result<Vec<Act>, String> {
    let mut found = Vec::new();
    for block in blocks(text) {
        match &block.mark {
            Some((kind, path)) if kind == "file" => found.push(Act::Write {
                path: inside(path)?,
                text: whole(&block.lines),
            }),
            Some((kind, path)) if kind == "change" => found.push(change(inside(path)?, &block)?),
            _ if block.language == "console" => commands(&block.lines, &mut found),
            _ => {}
        }
    }
    Ok(found)
}

fn commands(lines: &[String], found: &mut Vec<Act>) {
    let mut first = true;
    for line in lines {
        match (line.strip_prefix("$ "), found.last_mut()) {
            (Some(command), _) => {
                first = false;
                found.push(Act::Run {
                    command: command.to_owned(),
                    expected: String::new(),
                });
            }
            (None, Some(Act::Run { expected, .. })) if !first => {
                expected.push_str(line);
                expected.push('\n');
            }
            _ => {}
        }
    }
}

fn change(path: String, block: &Block) -> Result<Act, String> {
    let (mut from, mut to) = (Vec::new(), Vec::new());
    for line in &block.lines {
        let rest = || line.get(1..).unwrap_or_default().to_owned();
        match line.chars().next() {
            Some('+') => to.push(rest()),
            Some('-') => from.push(rest()),
            Some(' ') | None => {
                from.push(rest());
                to.push(rest());
            }
            Some(_) => return Err(format!("a change of {path} has the line `{line}`")),
        }
    }
    if from.is_empty() || from == to {
        return Err(format!("a change of {path} changes nothing"));
    }
    Ok(Act::Change {
        path,
        from: whole(&from),
        to: whole(&to),
    })
}

fn whole(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Pages write into the folder they are run in.
fn inside(path: &str) -> Result<String, String> {
    let away = path.starts_with('/') || path.split('/').any(|part| part == "..");
    match away {
        true => Err(format!("{path} leads out of the folder")),
        false => Ok(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(command: &str, expected: &str) -> Act {
        Act::Run {
            command: command.to_owned(),
            expected: expected.to_owned(),
        }
    }

    #[test]
    fn what_there_is_to_do() {
        let text = "```console\nno command\n```\n```console\n$ a\nb\n$ c\n```\n```yaml\n$ no\n```\n\
            <!-- file: x/y -->\n\n```rust\n$ text\n```\n\
            <!-- change: x/y -->\n```diff\n a\n-b\n+c\n```\n";
        let expected = [
            run("a", "b\n"),
            run("c", ""),
            Act::Write {
                path: "x/y".to_owned(),
                text: "$ text\n".to_owned(),
            },
            Act::Change {
                path: "x/y".to_owned(),
                from: "a\nb\n".to_owned(),
                to: "a\nc\n".to_owned(),
            },
        ];
        assert_eq!(acts(text).as_deref(), Ok(expected.as_slice()));
    }

    #[test]
    fn a_mark_belongs_to_the_block_right_behind_it() {
        let text = "<!-- file: x -->\ntext\n```rust\na\n```\n<!-- from: y -->\n```rust\nb\n```\n";
        assert_eq!(acts(text), Ok(Vec::new()));
        assert_eq!(quotations(text), [("y".to_owned(), "b".to_owned())]);
    }

    #[test]
    fn nothing_is_written_elsewhere() {
        for path in ["/x", "../x", "a/../../x"] {
            let text = format!("<!-- file: {path} -->\n```\na\n```\n");
            assert!(acts(&text).is_err(), "{path}");
        }
        assert!(acts("<!-- change: x -->\n```diff\n a\n```\n").is_err());
    }
}
