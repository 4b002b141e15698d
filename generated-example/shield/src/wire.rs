//! A connection as hyper reads and writes it, watched for what hyper does not look at.
//!
//! A client that takes nothing of its answer for as long as it may be silent is hung up on: hyper has no time for writing,
//! and a place among the connections is not to be had by not reading.
//!
//! hyper drops `Content-Length` where `Transfer-Encoding` is there too, so a request with both looks harmless afterwards.
//! This counts the lines that begin like the field, and requests account for those they show: what is left over in a
//! chunked request was dropped, and is refused (P78). A line of a body may be counted as well, or of a request
//! that was sent without waiting for this one's answer. That refuses more, never less, and the connection ends with that
//! answer.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;
use tokio_rustls::rustls::pki_types::CertificateDer;

use crate::stream::Stream;

const LINE: &[u8] = b"\ncontent-length:";

/// What is known of one connection: lines of `Content-Length` on it, and what the client showed.
#[derive(Default)]
pub(crate) struct Wire {
    /// The client's certificate first; only that it has its key is known. Empty: none was shown.
    pub(crate) chain: Vec<CertificateDer<'static>>,
    seen: AtomicUsize,
    shown: AtomicUsize,
}

impl Wire {
    pub(crate) fn of(chain: Vec<CertificateDer<'static>>) -> Self {
        Wire {
            chain,
            ..Wire::default()
        }
    }

    /// Takes note of the lengths that a request shows. Whether there were others.
    pub(crate) fn account(&self, lengths: usize) -> bool {
        self.shown.fetch_add(lengths, Ordering::Relaxed);
        self.is_ahead()
    }

    /// Whether something was seen that no request showed.
    pub(crate) fn is_ahead(&self) -> bool {
        self.seen.load(Ordering::Relaxed) > self.shown.load(Ordering::Relaxed)
    }
}

/// The stream of a connection, watched.
pub(crate) struct Watched {
    stream: Stream,
    wire: Arc<Wire>,
    scan: Scan,
    /// How long a write may stand still.
    patience: Duration,
    /// Runs while one does.
    stalled: Option<Pin<Box<Sleep>>>,
}

/// How many bytes of [`LINE`] matched last.
#[derive(Default)]
struct Scan(usize);

impl Scan {
    /// How many lines begin like the field in `bytes`, which follow what was given before.
    fn count(&mut self, mut bytes: &[u8]) -> usize {
        let mut found = 0;
        loop {
            if self.0 == 0 {
                let Some(line) = next_line(bytes) else {
                    return found;
                };
                bytes = line;
                self.0 = 1;
            }
            while let (Some(want), Some((byte, rest))) = (LINE.get(self.0), bytes.split_first()) {
                if !byte.eq_ignore_ascii_case(want) {
                    break;
                }
                self.0 += 1;
                bytes = rest;
            }
            if self.0 == LINE.len() {
                found += 1;
                self.0 = 0;
            } else if bytes.is_empty() {
                return found;
            } else {
                // The byte that did not match may be a line end itself: it is looked at again.
                self.0 = 0;
            }
        }
    }
}

/// What follows the first line end. Most bytes end no line, and are passed sixteen at a time, which the compiler looks at
/// with one instruction.
fn next_line(bytes: &[u8]) -> Option<&[u8]> {
    let (blocks, _) = bytes.as_chunks::<16>();
    let ends = |block: &[u8; 16]| {
        block
            .iter()
            .fold(false, |ends, byte| ends | (*byte == b'\n'))
    };
    let passed = 16 * blocks.iter().take_while(|block| !ends(block)).count();
    let rest = bytes.get(passed..)?;
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    rest.get(end + 1..)
}

impl Watched {
    pub(crate) fn new(stream: Stream, wire: Arc<Wire>, patience: Duration) -> Self {
        Watched {
            stream,
            wire,
            scan: Scan::default(),
            patience,
            stalled: None,
        }
    }

    /// Passes on what a write came to, unless nothing has gone out for too long.
    fn impatient<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let patience = self.patience;
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    pub(crate) fn into_stream(self) -> Stream {
        self.stream
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        let lines = self
            .scan
            .count(buf.filled().get(before..).unwrap_or_default());
        if lines > 0 {
            self.wire.seen.fetch_add(lines, Ordering::Relaxed);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.impatient(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Inside TLS what was written waits here until it goes out.
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.impatient(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.impatient(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::Scan;

    #[test]
    fn lines_are_found_however_they_are_cut() {
        let text = b"GET / HTTP/1.1\r\nHost: a\r\nCONTENT-length: 3\r\n\r\nabc\n\ncontent-length:\nx-content-length: 1\ncontent-lengt\ncontent-length:1";
        assert_eq!(Scan::default().count(text), 3);
        for size in 1..20 {
            let mut scan = Scan::default();
            assert_eq!(
                text.chunks(size)
                    .map(|bytes| scan.count(bytes))
                    .sum::<usize>(),
                3,
                "{size}"
            );
        }
    }
}
