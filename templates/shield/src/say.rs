//! What the service tells the person who runs it. Nobody may be listening any more: a terminal that was closed, a pipe
//! whose reader ended. `println!` and `eprintln!` panic then, and a panic would end a request, or the thread that writes
//! the events.

use std::fmt::Arguments;
use std::io::{self, Write};

/// A line on stderr, as `eprintln!` writes it.
macro_rules! say {
    ($($argument:tt)*) => {
        $crate::say::to_stderr(format_args!($($argument)*))
    };
}

pub(crate) use say;

pub(crate) fn to_stderr(text: Arguments<'_>) {
    line(&mut io::stderr(), text);
}

/// For what the person asked to see and nothing else: stdout belongs to the events while the service serves (ruling 67).
pub(crate) fn to_stdout(text: Arguments<'_>) {
    line(&mut io::stdout(), text);
}

fn line(to: &mut impl Write, text: Arguments<'_>) {
    let _ = writeln!(to, "{text}").and_then(|()| to.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a pipe without a reader does.
    struct Gone;

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }

    #[test]
    fn nobody_listening_is_no_panic() {
        line(&mut Gone, format_args!("a"));
        let mut heard = Vec::new();
        line(&mut heard, format_args!("a {}", 1));
        assert_eq!(heard, b"a 1\n");
    }

    /// Every word of the crate goes through here; the macros of the standard library are not for it.
    #[test]
    fn nothing_prints_past_this() {
        fn below(folder: &std::path::Path, sources: &mut Vec<(String, String)>) -> io::Result<()> {
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    below(&path, sources)?;
                } else {
                    sources.push((path.display().to_string(), std::fs::read_to_string(&path)?));
                }
            }
            Ok(())
        }
        let mut sources = Vec::new();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert!(below(&folder, &mut sources).is_ok() && sources.len() > 30);
        for (path, source) in sources {
            for print in ["println", "print"] {
                assert!(!source.contains(&format!("{print}!(")), "{print} in {path}");
            }
        }
    }
}
