//! Somebody who listens at an address of this machine: a token points there, and nobody may follow it (P7).

use serde_json::{Value, json};
use std::net::TcpListener;
use std::time::Duration;

/// How long whoever follows an address after the answer has for it.
const LATER: Duration = Duration::from_millis(20);

pub struct Away(TcpListener);

impl Away {
    /// Fills in the address where the header of the token holds `@away`; `None`: it points nowhere.
    pub fn of(case: &mut Value) -> Option<Self> {
        let header = case["token"]["header"].as_object_mut()?;
        let points = |value: &&mut Value| value.as_str().is_some_and(|text| text.contains("@away"));
        let value = header.values_mut().find(points)?;
        let listener = TcpListener::bind("127.0.0.1:0").ok()?;
        let address = listener.local_addr().ok()?.to_string();
        *value = json!(value.as_str()?.replace("@away", &address));
        Some(Away(listener))
    }

    /// Whether anybody came.
    pub fn visited(&self) -> Option<String> {
        std::thread::sleep(LATER);
        let waiting = self.0.set_nonblocking(true).is_ok();
        match self.0.accept() {
            Err(_) if waiting => None,
            _ => Some("somebody went where the token points".to_owned()),
        }
    }
}
