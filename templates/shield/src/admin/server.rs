//! The side of the service.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream as Probe;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::AbortHandle;

use crate::config::ConfigError;
use crate::json::Value;
use crate::say::say;
use crate::shield::Shield;

use super::{DONE, Name, Order};

/// The order and its answer take no longer.
const PATIENCE: Duration = Duration::from_secs(5);
/// No order is longer.
const LONGEST: u64 = 8 << 10;

/// A socket that somebody answers; it is gone with this.
pub(crate) struct Listening {
    path: PathBuf,
    task: Option<AbortHandle>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
        let _ = fs::remove_file(&self.path);
    }
}

/// Answers orders at `path` from now on. Inside of a runtime.
///
/// # Errors
///
/// Another process answers there, or there can be no socket.
pub(crate) fn listen(shield: Shield, path: &Path) -> Result<Listening, ConfigError> {
    let wrong = |message: String| ConfigError::new("APP_ADMIN", message);
    let failed = |error: io::Error| wrong(format!("cannot be opened: {}", error.kind()));
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(failed)?;
    }
    clear(path).map_err(|taken| match taken {
        None => wrong(format!(
            "another process answers at {}; give this one a socket of its own, as `unix:PATH`",
            path.display()
        )),
        Some(error) => failed(error),
    })?;
    let listener = UnixListener::bind(path).map_err(failed)?;
    let mut listening = Listening {
        path: path.to_owned(),
        task: None,
    };
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(failed)?;
    // Whoever made the socket is the owner of this process.
    let owner = fs::metadata(path).map_err(failed)?.uid();
    let task = tokio::spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    // One after the other: there is one owner.
                    let _ = tokio::time::timeout(PATIENCE, serve(&shield, stream, owner)).await;
                }
                Err(error) => {
                    say!("admin: {}", error.kind());
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    });
    listening.task = Some(task.abort_handle());
    Ok(listening)
}

/// Removes what a process left that ended without a word. `Err(None)`: a process is still there.
fn clear(path: &Path) -> Result<(), Option<io::Error>> {
    use std::os::unix::fs::FileTypeExt as _;
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Some(error)),
        Ok(about) if !about.file_type().is_socket() => {
            Err(Some(io::ErrorKind::AlreadyExists.into()))
        }
        Ok(_) => match Probe::connect(path) {
            Ok(_) => Err(None),
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                fs::remove_file(path).map_err(Some)
            }
            Err(error) => Err(Some(error)),
        },
    }
}

async fn serve(shield: &Shield, mut stream: UnixStream, owner: u32) -> io::Result<()> {
    let peer = stream.peer_cred()?.uid();
    let answer = if peer == owner || peer == 0 {
        let mut line = Vec::new();
        (&mut stream).take(LONGEST).read_to_end(&mut line).await?;
        match order(&line) {
            Some(order) => obey(shield, &order).await,
            None => "the order cannot be read".to_owned(),
        }
    } else {
        "only the owner of the service may do this".to_owned()
    };
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

/// What is answered; [`DONE`] alone means that it was done.
async fn obey(shield: &Shield, order: &Order) -> String {
    let by = shield.spec().revocation.as_ref();
    if !by.is_some_and(|by| order.by.is_in(by)) {
        return format!("tokens cannot be revoked by {} here", order.by.word());
    }
    match shield.revoke(order).await {
        Ok(()) => DONE.to_owned(),
        Err(trouble) => match trouble {
            crate::store::StoreError::Broken => "the store cannot be written".to_owned(),
            crate::store::StoreError::Full => "the store has no room for more".to_owned(),
        },
    }
}

fn order(line: &[u8]) -> Option<Order> {
    let order = Value::parse(line, 2).ok()?;
    let by = order.get("revoke")?.as_str()?;
    let ttl = match order.get("ttl") {
        None => None,
        Some(ttl) => Some(u64::try_from(ttl.as_integer()?).ok()?),
    };
    Some(Order {
        by: Name::ALL.into_iter().find(|name| name.word() == by)?,
        name: order.get("name")?.as_str()?.to_owned(),
        ttl,
    })
}
