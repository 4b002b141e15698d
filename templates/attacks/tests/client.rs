//! HTTP/1.1 by hand: what is sent is exactly what the case says, well formed or not.

use crate::cases::{list, word};
use crate::expand::{bytes, escaped};
use serde_json::Value;
use shield::testing::{Dialer, Talk};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// No answer of the service takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case, in the order in which they came.
    pub fields: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// All values of a field, joined as RFC 9110 joins them.
    pub fn field(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self
            .fields
            .iter()
            .filter(|(had, _)| had == name)
            .map(|(_, value)| value.as_str())
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// The body as JSON; `Null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// The request with API keys, each in its place; what is sent needs no escape there.
pub fn with_keys(request: &Value, keys: &[Value]) -> Value {
    let mut request = request.clone();
    for key in keys {
        let (name, value) = (&key[1], &key[2]);
        let (name, value) = (
            name.as_str().unwrap_or_default(),
            value.as_str().unwrap_or_default(),
        );
        if key[0] == "certificate" {
            request["certificate"] = serde_json::json!({ "made": name, "name": value });
            continue;
        }
        if key[0] == "query" {
            let target = request["target"].as_str().unwrap_or_default();
            let sign = if target.contains('?') { '&' } else { '?' };
            request["target"] = Value::from(format!("{target}{sign}{}={value}", escaped(name)));
            continue;
        }
        let field = match key[0].as_str() {
            Some("cookie") => serde_json::json!(["Cookie", format!("{name}={value}")]),
            _ => serde_json::json!([name, value]),
        };
        match request["headers"].as_array_mut() {
            Some(fields) => fields.push(field),
            None => request["headers"] = Value::Array(vec![field]),
        }
    }
    request
}

/// Sends the request of a case, with the token where there is one.
pub fn send(at: (SocketAddr, &Dialer), request: &Value, token: Option<&str>) -> io::Result<Answer> {
    let mut reader = Reader {
        stream: begin(at, request, token)?,
        buffer: Vec::new(),
    };
    reader.answer(word(request, "method") == "HEAD")
}

/// The same without waiting for an answer: a connection in which all is said.
pub fn begin(
    (to, dialer): (SocketAddr, &Dialer),
    request: &Value,
    token: Option<&str>,
) -> io::Result<Box<dyn Talk>> {
    let stream = TcpStream::connect(to)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    // Thousands of connections in seconds: one that is closed for good leaves its port to the next.
    socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
    // Shown before anything is sent.
    let shown = request.get("certificate");
    let shown = shown.map(|shown| (word(shown, "made"), word(shown, "name")));
    let mut stream = dialer.over(stream, shown)?;
    // A service that has refused reads no further: then writing fails, and the answer is there all the same.
    let _ = stream.write_all(&message(to, request, token));
    Ok(stream)
}

fn message(to: SocketAddr, request: &Value, token: Option<&str>) -> Vec<u8> {
    let mut head = format!(
        "{} {} HTTP/1.1\r\nConnection: close\r\n",
        word(request, "method"),
        word(request, "target")
    );
    if request.get("no_host").is_none() {
        head.push_str(&format!("Host: {to}\r\n"));
    }
    for field in list(request, "headers") {
        let part = |at: usize| field.get(at).and_then(Value::as_str).unwrap_or_default();
        head.push_str(&format!("{}: {}\r\n", part(0), part(1)));
    }
    if let Some(token) = token {
        head.push_str(&format!("Authorization: Bearer {token}\r\n"));
    }
    let mut body = match (request.get("body"), request.get("hex")) {
        (Some(text), _) => Some(text.as_str().unwrap_or_default().as_bytes().to_vec()),
        (None, Some(hex)) => Some(bytes(hex.as_str().unwrap_or_default())),
        (None, None) => None,
    };
    if let (Some(body), Some(pad)) = (&mut body, request.get("pad").and_then(Value::as_u64)) {
        let filler = word(request, "filler").bytes().next().unwrap_or(b' ');
        body.resize(body.len().max(pad as usize), filler);
    }
    if let Some(declared) = request.get("declare") {
        head.push_str(&format!("Content-Length: {declared}\r\n"));
    }
    let chunked = request.get("chunked").is_some();
    match &body {
        Some(_) if chunked => head.push_str("Transfer-Encoding: chunked\r\n"),
        Some(body) => head.push_str(&format!("Content-Length: {}\r\n", body.len())),
        None => {}
    }
    let mut message = format!("{head}\r\n").into_bytes();
    match body {
        Some(body) if chunked => {
            for part in body.chunks(4096) {
                message.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
                message.extend_from_slice(part);
                message.extend_from_slice(b"\r\n");
            }
            message.extend_from_slice(b"0\r\n\r\n");
        }
        Some(body) => message.extend_from_slice(&body),
        None => {}
    }
    message
}

struct Reader {
    stream: Box<dyn Talk>,
    buffer: Vec<u8>,
}

impl Reader {
    /// The next answer that is not an interim one.
    fn answer(&mut self, head_only: bool) -> io::Result<Answer> {
        loop {
            let status = self.line()?;
            let status: u16 = status
                .split(' ')
                .nth(1)
                .and_then(|word| word.parse().ok())
                .ok_or_else(|| broken("status line"))?;
            let mut fields = Vec::new();
            loop {
                let line = self.line()?;
                if line.is_empty() {
                    break;
                }
                let (name, value) = line.split_once(':').ok_or_else(|| broken("field"))?;
                fields.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            }
            let mut answer = Answer {
                status,
                fields,
                body: Vec::new(),
            };
            if (100..200).contains(&status) {
                continue;
            }
            if !head_only && !matches!(status, 204 | 304) {
                answer.body = self.body(&answer)?;
            }
            return Ok(answer);
        }
    }

    fn body(&mut self, answer: &Answer) -> io::Result<Vec<u8>> {
        if answer
            .field("transfer-encoding")
            .is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"))
        {
            let mut body = Vec::new();
            loop {
                let size = self.line()?;
                let size =
                    usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16)
                        .map_err(|_| broken("chunk"))?;
                let chunk = self.take(size)?;
                self.line()?;
                if size == 0 {
                    return Ok(body);
                }
                body.extend(chunk);
            }
        }
        match answer.field("content-length") {
            Some(length) => self.take(length.parse().map_err(|_| broken("Content-Length"))?),
            None => {
                let _ = self.stream.read_to_end(&mut self.buffer);
                Ok(std::mem::take(&mut self.buffer))
            }
        }
    }

    fn line(&mut self) -> io::Result<String> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\r\n") {
                let line = self.take(end)?;
                self.take(2)?;
                return String::from_utf8(line).map_err(|_| broken("head"));
            }
            self.more()?;
        }
    }

    fn take(&mut self, count: usize) -> io::Result<Vec<u8>> {
        while self.buffer.len() < count {
            self.more()?;
        }
        Ok(self.buffer.drain(..count).collect())
    }

    fn more(&mut self) -> io::Result<()> {
        let mut part = [0; 8192];
        match self.stream.read(&mut part)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                self.buffer.extend_from_slice(&part[..count]);
                Ok(())
            }
        }
    }
}

fn broken(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("the {what} of the answer is malformed"),
    )
}
