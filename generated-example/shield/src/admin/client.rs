//! The side of the person who gives an order.

use std::io::{self, Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use crate::json::Writer;

use super::{DONE, Order};

const PATIENCE: Duration = Duration::from_secs(10);

/// Gives an order to the service that answers at `path`. The error is a sentence for the person.
pub(crate) fn send(path: &Path, order: &Order) -> Result<(), String> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => format!(
            "no service answers at {}; APP_ADMIN says where",
            path.display()
        ),
        kind => format!("{}: {kind}", path.display()),
    };
    let mut stream = UnixStream::connect(path).map_err(failed)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
    stream.set_write_timeout(Some(PATIENCE)).map_err(failed)?;
    let mut w = Writer::new();
    w.open();
    w.member("revoke").text(order.by.word());
    w.member("name").text(&order.name);
    if let Some(ttl) = order.ttl {
        w.member("ttl")
            .whole(i64::try_from(ttl).unwrap_or(i64::MAX));
    }
    w.close();
    stream.write_all(&w.into_bytes()).map_err(failed)?;
    stream.shutdown(Shutdown::Write).map_err(failed)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(failed)?;
    match answer.as_str() {
        DONE => Ok(()),
        "" => Err("the service did not answer".to_owned()),
        _ => Err(answer),
    }
}
