//! The file of a [`super::Folder`]: frames, each written and synced in one go, one behind the other.
//!
//! A frame is a mark, the length of what it holds, and a piece of the SHA-256 of both. A process that is killed, or a
//! machine that loses power, leaves at most the last frame unfinished: it was never acknowledged, and is cut off. A frame
//! that is damaged while a good one stands behind it is another matter: something that was acknowledged is gone, perhaps
//! a revocation, so the service does not start.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};

/// Says what the file is, and in which form.
const HEAD: &[u8] = b"palisade store 2\n";
const MARK: [u8; 4] = [0xf5, b'p', b's', 0xfa];
const SUM: usize = 8;
/// Mark, length, sum.
const BEFORE: usize = MARK.len() + 4 + SUM;

/// Below this, a log is not worth writing anew.
const SMALL: u64 = 1 << 20;

pub(super) struct Log {
    file: File,
    folder: PathBuf,
    /// Bytes that were acknowledged: where the next frame begins.
    good: u64,
    /// Bytes when it was written anew last.
    anew: u64,
}

/// Why a log cannot be used; holds nothing of it.
#[derive(Debug)]
pub(super) enum Unusable {
    Io(io::Error),
    /// A sentence without its subject.
    Content(&'static str),
}

impl From<io::Error> for Unusable {
    fn from(error: io::Error) -> Self {
        Unusable::Io(error)
    }
}

impl Log {
    /// Opens the log in `folder`, or begins one, and hands over what its frames hold, in their order.
    pub fn open(
        folder: &Path,
        mut each: impl FnMut(&[u8]) -> Result<(), Unusable>,
    ) -> Result<Self, Unusable> {
        let path = folder.join(NAME);
        // What a process left that was killed while it wrote the log anew.
        match fs::remove_file(folder.join(NEW)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let mut file = match open(&path, false) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                replace(folder, &[])?;
                open(&path, false)?
            }
            other => other?,
        };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let mut rest = bytes
            .strip_prefix(HEAD)
            .ok_or(Unusable::Content("is no store of this version"))?;
        while !rest.is_empty() {
            let Some((held, behind)) = frame(rest) else {
                break;
            };
            each(held)?;
            rest = behind;
        }
        let torn = rest.len();
        if (1..torn).any(|at| rest.get(at..).is_some_and(|rest| frame(rest).is_some())) {
            return Err(Unusable::Content(
                "is damaged before its end, so revocations may be lost; restore it, or move it away to begin without any",
            ));
        }
        let good = u64::try_from(bytes.len() - torn).unwrap_or(u64::MAX);
        if torn > 0 {
            file.set_len(good)?;
            file.sync_all()?;
        }
        Ok(Log {
            file,
            folder: folder.to_owned(),
            good,
            anew: good,
        })
    }

    /// Adds a frame that holds `held`. When this is an error, the log may end in part of it, and must be opened again.
    pub fn append(&mut self, held: &[u8]) -> io::Result<()> {
        let frame = framed(held)?;
        self.file.write_all(&frame)?;
        self.file.sync_data()?;
        self.good += u64::try_from(frame.len()).unwrap_or(u64::MAX);
        Ok(())
    }

    /// What a full disk does.
    #[cfg(any(test, feature = "testing"))]
    pub fn append_half(&mut self, held: &[u8]) -> io::Result<()> {
        let frame = framed(held)?;
        self.file
            .write_all(frame.get(..frame.len() / 2).unwrap_or_default())?;
        Err(io::ErrorKind::StorageFull.into())
    }

    /// Whether most of it may be about what is over.
    pub fn is_long(&self) -> bool {
        self.good > SMALL && self.good > self.anew.saturating_mul(2)
    }

    /// Puts a log in its place whose one frame holds `held`.
    pub fn rewrite(&mut self, held: &[u8]) -> io::Result<()> {
        replace(&self.folder, held)?;
        self.file = open(&self.folder.join(NAME), false)?;
        self.good = self.file.metadata()?.len();
        self.anew = self.good;
        Ok(())
    }
}

const NAME: &str = "revocations.log";
const NEW: &str = "revocations.new";

/// A log through a second file, so that there is always a whole one.
fn replace(folder: &Path, held: &[u8]) -> io::Result<()> {
    let new = folder.join(NEW);
    let mut file = open(&new, true)?;
    file.write_all(HEAD)?;
    if !held.is_empty() {
        file.write_all(&framed(held)?)?;
    }
    file.sync_all()?;
    fs::rename(&new, folder.join(NAME))?;
    // The name is part of the folder, which is synced by itself.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn open(path: &Path, create: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(create);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

fn framed(held: &[u8]) -> io::Result<Vec<u8>> {
    let length = u32::try_from(held.len())
        .map_err(|_| io::Error::new(io::ErrorKind::FileTooLarge, "too much for one frame"))?
        .to_le_bytes();
    let mut frame = Vec::with_capacity(BEFORE + held.len());
    frame.extend(MARK);
    frame.extend(length);
    frame.extend(sum(length, held));
    frame.extend(held);
    Ok(frame)
}

/// What the first frame holds, and what stands behind it. `None`: there is no whole frame at the beginning.
fn frame(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = bytes.strip_prefix(&MARK)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (stated, rest) = rest.split_first_chunk::<SUM>()?;
    let size = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (held, rest) = rest.split_at_checked(size)?;
    (sum(*length, held) == *stated).then_some((held, rest))
}

fn sum(length: [u8; 4], held: &[u8]) -> [u8; SUM] {
    let whole = digest(&SHA256, &[&length, held].concat());
    let mut sum = [0; SUM];
    sum.iter_mut()
        .zip(whole.as_ref())
        .for_each(|(to, from)| *to = *from);
    sum
}
