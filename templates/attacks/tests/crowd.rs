//! Others who are there already: connections in which nothing is said, and requests whose handlers do not end.

use crate::cases::word;
use crate::client;
use crate::target::{Settings, Target};
use crate::{made, send};
use serde_json::Value;
use shield::testing::Talk;
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long the others may take to come, and a place to be free again. Nobody waits so long where all is well.
const PATIENCE: Duration = Duration::from_secs(10);

/// Between two looks.
const LOOK: Duration = Duration::from_millis(2);

/// They are there until it is dropped.
pub struct Crowd {
    /// Connections are taken in the order in which they were made: whoever comes next is one too many.
    idle: Vec<TcpStream>,
    busy: Vec<Box<dyn Talk>>,
}

impl Crowd {
    /// Those of the case, if it is about any.
    pub fn gather(
        case: &Value,
        target: &Target,
        settings: &Settings,
    ) -> Result<Option<Self>, String> {
        let mut crowd = Crowd {
            idle: Vec::new(),
            busy: Vec::new(),
        };
        for _ in 0..case["open"].as_u64().unwrap_or_default() {
            let stream = TcpStream::connect(target.address().0);
            crowd.idle.push(stream.map_err(|error| error.to_string())?);
        }
        if let Some(others) = case.get("crowd") {
            crowd.keep_busy(others, target, settings)?;
        }
        let nobody = crowd.idle.is_empty() && crowd.busy.is_empty();
        Ok((!nobody).then_some(crowd))
    }

    /// Returns when all handlers were reached.
    fn keep_busy(
        &mut self,
        others: &Value,
        target: &Target,
        settings: &Settings,
    ) -> Result<(), String> {
        let number = |name: &str| others[name].as_u64().unwrap_or_default() as usize;
        target.occupy(number("besides"));
        target.misbehave("hang");
        let (request, token) = made(others, settings, 0)?;
        for _ in 0..number("times") {
            let stream = client::begin(target.address(), &request, token.as_deref());
            self.busy.push(stream.map_err(|error| error.to_string())?);
        }
        let (begun, mut there) = (Instant::now(), 0);
        while there < number("times") {
            if begun.elapsed() > PATIENCE {
                return Err(format!(
                    "{there} handlers of {} were reached",
                    word(others, "of")
                ));
            }
            std::thread::sleep(LOOK);
            there += target.reached().len();
        }
        target.misbehave("");
        Ok(())
    }

    /// They leave, and then there is room for the request of the case. What is wrong, if anything is.
    pub fn leave(self, case: &Value, target: &Target, settings: &Settings) -> Option<String> {
        drop(self);
        let begun = Instant::now();
        loop {
            let full = match send(case, target, settings, 0) {
                Ok(answer) if answer.status != 503 => return None,
                Ok(_) => "503".to_owned(),
                Err(why) => why,
            };
            if begun.elapsed() > PATIENCE {
                return Some(format!("when the others have left: {full}"));
            }
            std::thread::sleep(LOOK);
        }
    }
}
