//! What a person sees. Text of the document comes here escaped or is escaped here.

use super::format::Format;
use super::progress::Progress;
use crate::diagnostic::escape;
use std::cell::{OnceCell, RefCell};
use std::io::{ErrorKind, IsTerminal, Write};
use std::time::{Duration, Instant};

/// stdout and stderr.
pub struct Screen {
    quiet: bool,
    verbose: bool,
    /// Of diagnostics.
    pub format: Format,
    /// Why a result did not reach stdout.
    lost: RefCell<Option<std::io::Error>>,
    progress: OnceCell<Option<Progress>>,
}

impl Screen {
    pub fn new(quiet: bool, verbose: bool, format: Format) -> Screen {
        Screen {
            quiet,
            verbose,
            format,
            lost: RefCell::new(None),
            progress: OnceCell::new(),
        }
    }

    /// Whether stderr may be coloured.
    pub fn color(&self) -> bool {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        terminal() && !set("NO_COLOR")
    }

    /// A result: to stdout, whatever the flags.
    pub fn result(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            self.lost.borrow_mut().get_or_insert(error);
        }
    }

    /// Why results did not arrive. A reader that has gone away is none of our business; a full disk is.
    pub fn lost(&self) -> Option<String> {
        self.lost.borrow().as_ref().and_then(lost)
    }

    /// What was done: to stdout, unless quiet.
    pub fn told(&self, text: &str) {
        if !self.quiet {
            self.result(text);
        }
    }

    /// Something to know: to stderr, unless quiet.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.stderr("note", text);
        }
    }

    /// Why it ended.
    pub fn error(&self, text: &str) {
        self.stderr("error", text);
    }

    /// Diagnostics, rendered.
    pub fn diagnostics(&self, text: &str) {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        let _ = write!(std::io::stderr().lock(), "{text}{end}");
    }

    /// Runs a stage; says how long it took when that was asked for, and on a terminal what is being done while it takes long.
    pub fn timed<T>(&self, stage: &str, run: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let progress = self
            .progress
            .get_or_init(|| (terminal() && !self.quiet && !self.verbose).then(Progress::new));
        if let Some(progress) = progress {
            progress.begin(doing(stage));
        }
        let done = run();
        if let Some(progress) = progress {
            progress.end();
        }
        if self.verbose {
            self.time(stage, start.elapsed());
        }
        done
    }

    /// The most memory this process held, where the system tells.
    pub fn peak(&self) {
        if self.verbose
            && let Ok(status) = std::fs::read_to_string("/proc/self/status")
            && let Some(peak) = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))
        {
            let _ = writeln!(
                std::io::stderr().lock(),
                "{:<10} {:>12}",
                "memory",
                peak.trim()
            );
        }
    }

    fn time(&self, stage: &str, took: Duration) {
        let ms = took.as_secs_f64() * 1000.0;
        let _ = writeln!(std::io::stderr().lock(), "{stage:<10} {ms:>9.1} ms");
    }

    fn stderr(&self, kind: &str, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{kind}: {}", lines(text));
    }
}

/// Whether stderr is a terminal that obeys.
fn terminal() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// As [`Screen::lost`], for what others wrote.
pub fn lost(error: &std::io::Error) -> Option<String> {
    (error.kind() != ErrorKind::BrokenPipe).then(|| format!("cannot write to stdout: {error}"))
}

/// What a stage does, for people.
fn doing(stage: &str) -> &'static str {
    match stage {
        "document" => "reading the document",
        "openapi" | "policy" | "plan" => "making sense of the document",
        "emit" => "making the files",
        "write" => "writing the files",
        "compare" => "comparing the files",
        _ => "working",
    }
}

/// `text` of several lines with nothing in it that a terminal would obey, but for tabs.
pub fn lines(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for piece in text.split_inclusive(['\n', '\t']) {
        let body = piece.trim_end_matches(['\n', '\t']);
        seen.push_str(&escape(body));
        seen.push_str(piece.get(body.len()..).unwrap_or_default());
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn only_line_ends_and_tabs_come_through() {
        assert_eq!(lines("a\tb\n\tc \"d\"\n"), "a\tb\n\tc \"d\"\n");
        for bad in ["\u{1b}[2J", "\u{7}", "\r", "\u{202e}", "\u{9b}"] {
            let seen = lines(&format!("a{bad}b\n"));
            assert!(!seen.contains(bad), "{seen}");
            assert!(seen.starts_with('a') && seen.ends_with("b\n"), "{seen}");
        }
    }
}
