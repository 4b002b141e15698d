//! Connections that are kept alive, each sending its next request when the answer to the last one is there.

use crate::Failure;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Client(Vec<Connection>);

struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

/// What one call of [`Client::send`] is to send; shared by its connections.
struct Work {
    requests: Arc<[Vec<u8>]>,
    next: AtomicUsize,
    count: usize,
    status: u16,
}

impl Client {
    pub async fn connect(address: SocketAddr, connections: usize) -> Result<Self, Failure> {
        let mut open = Vec::with_capacity(connections);
        for _ in 0..connections {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            open.push(Connection {
                stream,
                read: Vec::with_capacity(16 << 10),
            });
        }
        Ok(Client(open))
    }

    /// Sends so many requests, over all connections together, each of which must be answered with `status`.
    pub async fn send(
        &mut self,
        requests: &Arc<[Vec<u8>]>,
        count: usize,
        status: u16,
    ) -> Result<(), Failure> {
        let work = Arc::new(Work {
            requests: requests.clone(),
            next: AtomicUsize::new(0),
            count,
            status,
        });
        let running: Vec<_> = self
            .0
            .drain(..)
            .map(|connection| tokio::spawn(connection.work(work.clone())))
            .collect();
        for task in running {
            self.0.push(task.await??);
        }
        Ok(())
    }
}

impl Connection {
    async fn work(mut self, work: Arc<Work>) -> Result<Self, Failure> {
        loop {
            let number = work.next.fetch_add(1, Ordering::Relaxed);
            if number >= work.count {
                return Ok(self);
            }
            let request = work.requests.get(number % work.requests.len().max(1));
            self.exchange(request.ok_or("there is nothing to send")?, work.status)
                .await?;
        }
    }

    async fn exchange(&mut self, request: &[u8], wanted: u16) -> Result<(), Failure> {
        self.stream.write_all(request).await?;
        self.read.clear();
        loop {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err("the server hung up".into());
            }
            let Some(answer) = Answer::of(&self.read)? else {
                continue;
            };
            if answer.status != wanted {
                let text = String::from_utf8_lossy(&self.read);
                return Err(format!("{wanted} was wanted, not\n{text}").into());
            }
            if self.read.len() >= answer.length {
                return Ok(());
            }
        }
    }
}

/// The head of an answer, as far as it matters here.
struct Answer {
    status: u16,
    /// Of head and body.
    length: usize,
}

impl Answer {
    /// `None`: the head is not there as a whole.
    fn of(bytes: &[u8]) -> Result<Option<Self>, Failure> {
        let Some(end) = find(bytes, b"\r\n\r\n") else {
            return Ok(None);
        };
        let head = std::str::from_utf8(bytes.get(..end).unwrap_or_default())?;
        let status = head.get(9..12).ok_or("no status")?.parse()?;
        let length = head
            .split("\r\n")
            .find_map(|line| line.strip_prefix("content-length: "))
            .ok_or_else(|| format!("no content-length in\n{head}"))?;
        Ok(Some(Answer {
            status,
            length: end + 4 + length.parse::<usize>()?,
        }))
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}
