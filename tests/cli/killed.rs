//! `kill -9` at any moment: what is left is the old project, the new one, or what a plain `generate` heals. The person's
//! files and the document are as they were.
#![cfg(unix)]

use super::support::{Place, finish};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;
use std::sync::Mutex;
use std::time::{Duration, Instant};

type Tree = BTreeMap<String, Vec<u8>>;

/// Processes that must have died by our hand; one that was faster does not count.
const KILLS: usize = 50;
/// Runs that may be tried for that.
const MOST: usize = 400;
/// Kills between the first file that is written and the last one that is moved.
const WHILE_WRITING: usize = 20;
/// Of those, kills that left a mixture of old and new.
const WHILE_MOVING: usize = 5;

const SPEC: &str = "notes.yaml";

const PING: &str = "paths:
  /v1/ping:
    get:
      operationId: ping
      security: []
      x-security: { access: public, reason: There is nothing to protect. }
      responses: { '204': { description: Here. } }
";

/// What a killed run left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    /// Not a byte was written.
    Old,
    /// Files were being written beside their places.
    Filling,
    /// All of them were, and none was moved.
    Filled,
    /// Some were moved.
    Moving,
    /// All were moved, the folder they waited in was not gone.
    Moved,
    /// The run had done its work and not ended.
    New,
}

/// What a kill waits for before its own time begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Since {
    Start,
    /// The folder in which files wait is there.
    Staging,
    /// All files are in it, the lock last.
    Staged,
}

/// The documents, the project that is there before, and what each document makes of it.
struct Scene {
    spec: String,
    before: Tree,
    after: Tree,
    /// After the person changed the document once more.
    third: Tree,
    third_spec: String,
    persons: Vec<String>,
}

impl Scene {
    fn new() -> Scene {
        let place = Place::new();
        let notes = include_str!("library/notes.yaml");
        let made = |spec: &str| {
            place.set(SPEC, spec);
            let _ = fs::remove_dir_all(place.path("out"));
            place.run(&["generate", SPEC, "-o", "out"]).exits(0);
            place.tree("out")
        };
        let spec = notes.replace("paths:\n", PING);
        let third_spec = notes.replace("title: Notes", "title: Leaflets");
        let (before, after, third) = (made(notes), made(&spec), made(&third_spec));
        let lock = String::from_utf8(before["palisade.lock"].clone()).unwrap();
        let persons: Vec<String> = before
            .keys()
            .filter(|path| !lock.contains(&format!("\"{path}\"")) && *path != "palisade.lock")
            .cloned()
            .collect();
        assert!(persons.len() > 8, "{persons:?}");
        let mut scene = Scene {
            before: older(before, &persons),
            spec,
            after,
            third,
            third_spec,
            persons,
        };
        for path in &scene.persons {
            let mine = scene.before[path].clone();
            scene.after.insert(path.clone(), mine.clone());
            scene.third.insert(path.clone(), mine);
        }
        scene
    }

    /// What stands after a plain `generate`: stubs that an earlier run has made stay.
    fn healed(&self, third: bool, left: &Tree) -> Tree {
        let mut tree = if third { &self.third } else { &self.after }.clone();
        let ping = "service/src/handlers/v1/ping.rs";
        if let Some(stub) = left.get(ping) {
            tree.insert(ping.to_owned(), stub.clone());
        }
        tree
    }
}

/// The project as a palisade left it that wrote every owned file differently, and two that are not needed any more; with
/// handlers that a person wrote.
fn older(mut tree: Tree, persons: &[String]) -> Tree {
    let mut lock = String::from_utf8(tree.remove("palisade.lock").unwrap()).unwrap();
    lock.truncate(lock.find("files:\n").unwrap() + "files:\n".len());
    for gone in ["api/src/gone.rs", "shield/src/gone/deep.rs"] {
        tree.insert(gone.to_owned(), b"// gone\n".to_vec());
    }
    for (path, text) in &mut tree {
        if persons.contains(path) {
            text.extend(b"\n// mine\n");
            continue;
        }
        text.extend(b"\n// as it was then\n");
        let mut hash = String::new();
        for byte in Sha256::digest(&text[..]) {
            let _ = write!(hash, "{byte:02x}");
        }
        let _ = writeln!(lock, "  \"{path}\": \"{hash}\"");
    }
    tree.insert("palisade.lock".to_owned(), lock.into_bytes());
    tree
}

/// A folder in which one process after the other is killed.
struct Lane<'s> {
    scene: &'s Scene,
    place: Place,
}

impl Lane<'_> {
    fn restore(&self, tree: &Tree) {
        let _ = fs::remove_dir_all(self.place.path("out"));
        for (path, bytes) in tree {
            let path = self.place.path(&format!("out/{path}"));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        self.place.set(SPEC, &self.scene.spec);
    }

    /// Nobody wrote to these: same file, same time.
    fn stamps(&self) -> Vec<(u64, i64, i64)> {
        let persons = self.scene.persons.iter().map(|path| format!("out/{path}"));
        persons
            .chain([SPEC.to_owned()])
            .map(|path| fs::metadata(self.place.path(&path)).unwrap())
            .map(|found| (found.ino(), found.mtime(), found.mtime_nsec()))
            .collect()
    }

    fn staging(&self) -> Option<String> {
        let entries = fs::read_dir(self.place.path("out")).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .find(|name| name.starts_with(".palisade-"))
    }

    fn reached(&self, since: Since) -> bool {
        match (since, self.staging()) {
            (Since::Start, _) => true,
            (_, None) => false,
            (Since::Staging, Some(_)) => true,
            (Since::Staged, Some(name)) => self.staged(&name),
        }
    }

    fn staged(&self, staging: &str) -> bool {
        self.place
            .path(&format!("out/{staging}/palisade.lock"))
            .exists()
    }

    /// One run, killed `wait` after that. `None`: it was faster.
    fn kill(&self, since: Since, wait: Duration) -> Option<Left> {
        self.restore(&self.scene.before);
        let stamps = self.stamps();
        let mut child = self
            .place
            .command("", &["generate", "-o", "out"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while !self.reached(since) && child.try_wait().unwrap().is_none() {
            std::thread::sleep(GLANCE);
        }
        pause(wait);
        let _ = child.kill();
        let killed = child.wait().unwrap().signal() == Some(9);
        let left = self.left();
        assert_eq!(stamps, self.stamps(), "{left:?}");
        killed.then_some(left)
    }

    fn left(&self) -> Left {
        let tree = self.project();
        let staging = self.staging();
        match (
            &staging,
            tree == self.scene.before,
            tree == self.scene.after,
        ) {
            (None, true, _) => Left::Old,
            (None, _, true) => Left::New,
            (Some(name), true, _) if self.staged(name) => Left::Filled,
            (Some(_), true, _) => Left::Filling,
            (Some(_), _, true) => Left::Moved,
            (Some(_), ..) => Left::Moving,
            (None, false, false) => panic!("a mixture, and no trace of how it came about"),
        }
    }

    /// Without what waits to be moved.
    fn project(&self) -> Tree {
        let mut tree = self.place.tree("out");
        tree.retain(|path, _| !path.starts_with(".palisade-"));
        tree
    }

    /// `check` says what is so, and a plain `generate` puts it right, even when the document has changed again.
    fn heal(&self, left: Left, third: bool) {
        let tree = self.project();
        let run = self.place.run(&["check", "-o", "out"]);
        let same = matches!(left, Left::Moved | Left::New);
        assert_eq!(
            run.code,
            i32::from(!same),
            "{left:?}: {}{}",
            run.stdout,
            run.stderr
        );
        if third {
            self.place.set(SPEC, &self.scene.third_spec);
        }
        let stamps = self.stamps();
        let run = self.place.run(&["generate", "-o", "out"]);
        assert_eq!(run.code, 0, "{left:?}, {third}: {}", run.stderr);
        assert_eq!(stamps, self.stamps(), "{left:?}");
        assert_eq!(self.staging(), None, "{left:?}");
        let (found, wanted) = (self.project(), self.scene.healed(third, &tree));
        let differ = |path: &&String| found.get(*path) != wanted.get(*path);
        let paths: Vec<&String> = found.keys().chain(wanted.keys()).filter(differ).collect();
        assert!(paths.is_empty(), "{left:?}, {third}: {paths:?}");
    }
}

/// How often the folder is looked at.
const GLANCE: Duration = Duration::from_micros(100);

/// More exact than sleeping.
fn pause(wait: Duration) {
    let until = Instant::now() + wait;
    if let Some(most) = wait.checked_sub(Duration::from_millis(2)) {
        std::thread::sleep(most);
    }
    while Instant::now() < until {
        std::hint::spin_loop();
    }
}

/// How long a whole run takes, how long of that from the first file to the end, and how long the moving.
fn measure(lane: &Lane<'_>) -> [Duration; 3] {
    lane.restore(&lane.scene.before);
    let start = Instant::now();
    let mut child = lane
        .place
        .command("", &["generate", "-o", "out"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let [mut staging, mut staged] = [None, None];
    while child.try_wait().unwrap().is_none() {
        for (since, moment) in [(Since::Staging, &mut staging), (Since::Staged, &mut staged)] {
            if moment.is_none() && lane.reached(since) {
                *moment = Some(Instant::now());
            }
        }
        std::thread::sleep(GLANCE);
    }
    assert!(staging.is_some(), "nothing was written");
    let end = Instant::now();
    [Some(start), staging, staged].map(|moment| end - moment.unwrap_or(end))
}

#[test]
fn a_run_that_is_killed_leaves_nothing_that_a_plain_one_does_not_heal() {
    let scene = Scene::new();
    let killed: Mutex<Vec<Left>> = Mutex::default();
    let tried = Mutex::new(0);
    let work = |number: usize| {
        let lane = Lane {
            scene: &scene,
            place: Place::new(),
        };
        let mut lengths = measure(&lane);
        for turn in 0.. {
            let enough = {
                let killed = killed.lock().unwrap();
                let of =
                    |wanted: fn(Left) -> bool| killed.iter().filter(|left| wanted(**left)).count();
                killed.len() >= KILLS && of(writing) >= WHILE_WRITING && of(moving) >= WHILE_MOVING
            };
            let mut tried = tried.lock().unwrap();
            if enough || *tried >= MOST {
                break;
            }
            *tried += 1;
            drop(tried);
            // Spread out over the run, the writing and the moving, in steps that fall elsewhere every time round.
            let kind = turn % 3;
            let part = f64::from(u32::try_from((turn * 2 + number) * 31 % 97).unwrap()) / 97.0;
            let since = [Since::Start, Since::Staging, Since::Staged][kind];
            let Some(left) = lane.kill(since, lengths[kind].mul_f64(part)) else {
                // The machine is faster than it was.
                lengths = lengths.map(|length| length.mul_f64(0.9));
                continue;
            };
            lane.heal(left, turn % 2 == 0);
            killed.lock().unwrap().push(left);
        }
    };
    std::thread::scope(|scope| {
        for number in 0..2 {
            scope.spawn(move || work(number));
        }
    });
    let killed = killed.into_inner().unwrap();
    let mut counts: BTreeMap<Left, usize> = BTreeMap::new();
    for left in &killed {
        *counts.entry(*left).or_default() += 1;
    }
    println!(
        "{} kills: {counts:?}, of {} runs",
        killed.len(),
        tried.into_inner().unwrap()
    );
    let of = |wanted: fn(Left) -> bool| killed.iter().filter(|left| wanted(**left)).count();
    assert!(killed.len() >= KILLS, "{counts:?}");
    assert!(of(writing) >= WHILE_WRITING, "{counts:?}");
    assert!(of(moving) >= WHILE_MOVING, "{counts:?}");
    assert!(of(|left| left == Left::Filling) > 0, "{counts:?}");
    assert!(of(|left| left == Left::Old) > 0, "{counts:?}");
}

fn writing(left: Left) -> bool {
    !matches!(left, Left::Old | Left::New)
}

fn moving(left: Left) -> bool {
    left == Left::Moving
}

#[test]
fn a_first_run_that_is_killed_is_healed_by_the_same_command() {
    let place = Place::generated();
    let whole = place.tree("out");
    let mut partly = 0;
    for turn in 0..40_u32 {
        let dir = format!("{turn}/out");
        fs::create_dir(place.path(&turn.to_string())).unwrap();
        let arguments = ["generate", "specs/users.yaml", "-o", &dir];
        let mut child = place
            .command("", &arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while !place.path(&dir).exists() && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        pause(Duration::from_micros(u64::from(turn) * 400));
        let _ = child.kill();
        if child.wait().unwrap().signal() != Some(9) {
            continue;
        }
        partly += usize::from(files(&place.path(&dir)) < whole.len());
        finish(place.command("", &arguments), "").exits(0);
        let mut found = place.tree(&dir);
        // It names the document as seen from there.
        let lock = String::from_utf8(found["palisade.lock"].clone()).unwrap();
        let lock = lock.replace("../../specs", "../specs").into_bytes();
        found.insert("palisade.lock".to_owned(), lock);
        assert!(found == whole, "{turn}");
        if partly >= 5 {
            return;
        }
    }
    panic!("only {partly} kills came in time");
}

fn files(dir: &Path) -> usize {
    let entries = fs::read_dir(dir).map(|entries| entries.flatten().collect::<Vec<_>>());
    entries
        .unwrap_or_default()
        .iter()
        .filter(|entry| {
            !entry
                .file_name()
                .to_string_lossy()
                .starts_with(".palisade-")
        })
        .map(|entry| match entry.path().is_dir() {
            true => files(&entry.path()),
            false => 1,
        })
        .sum()
}
