//! A set of keys whose issuer has fallen silent counts for a while and no longer (P26): each line `start` of the kind
//! `stale-keys` is a variable that holds the address of such a set, and for how many seconds it counts.

use crate::cases::list;
use crate::expand::Lines;
use crate::target::{Settings, Target};
use crate::{REACHED, send};
use serde_json::{Map, Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// So many seconds less are surely within that time.
const WITHIN: u64 = 10;

pub const KIND: &str = "stale-keys";

/// What goes wrong, if anything does.
pub fn try_on(line: &Value, all: &Lines, settings: &Settings) -> Result<(), String> {
    let [variable, counts] = list(line, "set") else {
        return Err("nothing is set".to_owned());
    };
    let variable = variable.as_str().unwrap_or_default();
    let counts = counts.as_u64().ok_or("no time is said")?;
    let within = counts.saturating_sub(WITHIN);
    let case = control(all, variable).ok_or("no operation takes these tokens alone")?;
    let change = Map::from_iter([("~key".to_owned(), json!({}))]);
    let set = settings.keys_with(variable, &change);
    let issuer = Issuer::start(set.ok_or("there is no such key")?)?;
    // Only development asks in plain text, and only this machine.
    let settings = settings
        .with(variable, Some(&issuer.address))
        .with("APP_ENV", Some("development"));
    let target = Target::start(&settings)?;
    let ask = |later| send(&case, &target, &settings, later).map(|answer| answer.status);
    let is = |when: &str, status: u16, wanted: u16| match status == wanted {
        true => Ok(()),
        false => Err(format!("{when}: {status}, not {wanted}")),
    };
    is("with its issuer", ask(0)?, REACHED)?;
    issuer.silent.store(true, Ordering::SeqCst);
    target.wait(within);
    is("without it, in time", ask(within)?, REACHED)?;
    target.wait(WITHIN);
    is("without it, too long", ask(counts)?, 503)
}

/// A request that gets in with a token of this variable's keys and nothing else.
fn control(all: &Lines, variable: &str) -> Option<Value> {
    let of = |scheme: &&Value| {
        let at = scheme.as_u64().and_then(|at| usize::try_from(at).ok());
        let scheme = at.and_then(|at| list(&all.manifest, "schemes").get(at));
        scheme.is_some_and(|scheme| scheme["keys"]["env"] == variable)
    };
    let cases = all.cases().into_iter();
    let cases = cases.filter(|case| case.kind() == "control" && case.skipped().is_none());
    cases.map(|case| case.whole()).find(|case| {
        case["token"].get("scheme").filter(of).is_some()
            && list(&case["token"], "keys").is_empty()
            && case.get("before").is_none()
            && list(&case["expect"], "status")
                .iter()
                .any(|status| *status == REACHED)
    })
}

/// Who publishes the set, until it answers failures only.
struct Issuer {
    address: String,
    silent: Arc<AtomicBool>,
}

impl Issuer {
    fn start(set: String) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let at = listener.local_addr().map_err(|error| error.to_string())?;
        let silent = Arc::new(AtomicBool::new(false));
        let seen = silent.clone();
        // It ends with the process.
        std::thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let _ = stream.read(&mut [0; 4096]);
                let (status, body) = match seen.load(Ordering::SeqCst) {
                    true => ("500 Internal Server Error", ""),
                    false => ("200 OK", set.as_str()),
                };
                let length = body.len();
                let head =
                    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close");
                let _ = write!(stream, "{head}\r\n\r\n{body}");
            }
        });
        Ok(Issuer {
            address: format!("http://{at}/keys"),
            silent,
        })
    }
}
