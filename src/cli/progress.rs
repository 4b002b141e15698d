//! One line on a terminal that says what takes so long. Nobody sees it when nothing does.

use std::io::Write;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What is over sooner needs no line.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the line is drawn anew.
const PACE: Duration = Duration::from_millis(200);

/// Shows a stage from the moment the whole run takes long; its line is gone when it is dropped.
pub struct Progress {
    stage: Option<Sender<Stage>>,
    line: Option<JoinHandle<()>>,
}

/// What is being done, or (`None`) that others are about to write to the terminal.
struct Stage {
    what: Option<&'static str>,
    /// Tells that the line is gone.
    done: Sender<()>,
}

impl Progress {
    pub fn new() -> Progress {
        let (stage, stages) = channel();
        let line = std::thread::Builder::new()
            .name("progress".to_owned())
            .spawn(move || draw(&stages, &mut std::io::stderr()));
        Progress {
            stage: Some(stage),
            // Without a thread there is no line; that is no reason not to go on.
            line: line.ok(),
        }
    }

    pub fn begin(&self, stage: &'static str) {
        self.tell(Some(stage));
    }

    /// Returns when the terminal is as it was.
    pub fn end(&self) {
        self.tell(None);
    }

    fn tell(&self, what: Option<&'static str>) {
        let (done, gone) = channel();
        if let Some(stage) = &self.stage
            && stage.send(Stage { what, done }).is_ok()
        {
            let _ = gone.recv();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.stage = None;
        if let Some(line) = self.line.take() {
            let _ = line.join();
        }
    }
}

fn draw(stages: &Receiver<Stage>, out: &mut impl Write) {
    let start = Instant::now();
    let mut now: Option<&str> = None;
    let mut drawn = false;
    loop {
        let wait = match now {
            Some(_) => PATIENCE.saturating_sub(start.elapsed()).max(PACE),
            None => Duration::from_secs(3600),
        };
        match stages.recv_timeout(wait) {
            Ok(stage) => {
                if std::mem::take(&mut drawn) {
                    let _ = write!(out, "\r\x1b[K").and_then(|()| out.flush());
                }
                now = stage.what;
                let _ = stage.done.send(());
            }
            Err(RecvTimeoutError::Timeout) => {
                if let Some(what) = now.filter(|_| start.elapsed() >= PATIENCE) {
                    let seconds = start.elapsed().as_secs();
                    let _ = write!(out, "\r\x1b[K{what} … {seconds} s").and_then(|()| out.flush());
                    drawn = true;
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn drawn(stages: &[(Option<&'static str>, u64)]) -> String {
        let (send, receive) = channel();
        let stages: Vec<_> = stages.to_vec();
        let teller = std::thread::spawn(move || {
            for (what, ms) in stages {
                let (done, gone) = channel();
                send.send(Stage { what, done }).unwrap();
                gone.recv().unwrap();
                std::thread::sleep(Duration::from_millis(ms));
            }
        });
        let mut out = Vec::new();
        draw(&receive, &mut out);
        teller.join().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_is_quick_is_not_told() {
        assert_eq!(drawn(&[(Some("reading"), 20), (None, 0)]), "");
    }

    #[test]
    fn what_is_slow_is_told_on_one_line_that_goes_away() {
        let told = drawn(&[
            (Some("reading"), 900),
            (None, 300),
            (Some("writing"), 500),
            (None, 0),
        ]);
        assert!(told.contains("\r\x1b[Kreading … 0 s"), "{told:?}");
        assert!(told.contains("\r\x1b[Kwriting … 1 s"), "{told:?}");
        assert!(told.ends_with("\r\x1b[K"), "{told:?}");
        assert!(!told.contains('\n'), "{told:?}");
        // Between the stages others write: nothing is drawn then.
        let between = told.split_once("reading").unwrap().1;
        assert!(
            between
                .split("writing")
                .next()
                .unwrap()
                .ends_with("\r\x1b[K\r\x1b[K"),
            "{told:?}"
        );
    }
}
