//! HTTP by hand: what no client library would send.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Over plain text, or over whatever else was opened.
pub struct Client<S = TcpStream>(S);

pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Client {
    pub fn to(addr: SocketAddr) -> Self {
        let stream = TcpStream::connect(addr).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        stream.set_nodelay(true).unwrap();
        Client(stream)
    }

    /// Sends `text` again and again until nobody takes it for a second or the service hangs up.
    pub fn pour(&mut self, text: &str, most: usize) -> usize {
        self.0
            .set_write_timeout(Some(Duration::from_secs(1)))
            .unwrap();
        (0..most)
            .take_while(|_| self.0.write_all(text.as_bytes()).is_ok())
            .count()
    }
}

impl<S: Read + Write> Client<S> {
    #[cfg(feature = "tls")]
    pub fn over(stream: S) -> Self {
        Client(stream)
    }

    #[cfg(feature = "tls")]
    pub fn into_inner(self) -> S {
        self.0
    }

    pub fn write(&mut self, text: &str) {
        // The service may have hung up already; what it said before is read all the same.
        let _ = self.0.write_all(text.as_bytes());
    }

    /// Whether the other end is gone, whatever it said before.
    pub fn is_gone(&mut self) -> bool {
        let mut bytes = vec![0; 1 << 16];
        loop {
            match self.0.read(&mut bytes) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) => return error.kind() == std::io::ErrorKind::ConnectionReset,
            }
        }
    }

    /// One answer; `None`: the connection ended without one. `bodiless`: to a HEAD.
    pub fn read_as(&mut self, bodiless: bool) -> Option<Answer> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            match self.0.read(&mut byte) {
                Ok(1) => head.push(byte[0]),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    panic!("no answer in time")
                }
                _ => return None,
            }
        }
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let status = lines
            .next()
            .unwrap()
            .split(' ')
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        let headers: Vec<(String, String)> = lines
            .map(|line| {
                line.split_once(": ")
                    .unwrap_or((line.trim_end_matches(':'), ""))
            })
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let mut answer = Answer {
            status,
            headers,
            body: String::new(),
        };
        let length = answer
            .header("content-length")
            .map_or(0, |text| text.parse().unwrap());
        if !bodiless {
            let mut body = vec![0; length];
            self.0.read_exact(&mut body).unwrap();
            answer.body = String::from_utf8(body).unwrap();
        }
        Some(answer)
    }

    pub fn read(&mut self) -> Answer {
        self.read_as(false).expect("an answer")
    }

    /// Whether the service hung up, with nothing more said.
    pub fn is_closed(&mut self) -> bool {
        let mut byte = [0];
        match self.0.read(&mut byte) {
            Ok(0) => true,
            Ok(_) => false,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }

    /// Whether the other end finished with nothing more said, and without a reset.
    pub fn ends_in_order(&mut self) -> bool {
        matches!(self.0.read(&mut [0]), Ok(0))
    }

    pub fn ask(&mut self, text: &str) -> Answer {
        self.write(text);
        self.read()
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter().filter(|(given, _)| given == name);
        let (_, value) = all.next()?;
        assert!(all.next().is_none(), "{name} is there twice");
        Some(value)
    }

    pub fn problem(&self) -> serde_json::Value {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        let problem: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem["status"], self.status);
        let id = problem["instance"]
            .as_str()
            .unwrap()
            .strip_prefix("urn:uuid:")
            .unwrap();
        assert_eq!((id.len(), &id[14..15]), (36, "7"));
        problem
    }
}

/// One request on a connection of its own.
pub fn ask(
    addr: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Answer {
    let mut text = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if let Some(body) = body {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    text.push_str(body.unwrap_or_default());
    let mut client = Client::to(addr);
    client.write(&text);
    client.read_as(method == "HEAD").expect("an answer")
}

pub fn get(addr: SocketAddr, target: &str) -> Answer {
    ask(addr, "GET", target, &[], None)
}
