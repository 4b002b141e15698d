//! Which response is the handler's where no single status of a success is declared.

use super::{MediaType, Operation, Response};

/// What a handler answers with, and the one status that it has.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    pub status: u16,
    /// `None`: the operation declares no responses, and so sends nothing.
    pub response: Option<&'a Response>,
}

impl Operation {
    /// The range of successes or, where neither a status nor a range below 400 is declared, `default`: each covers what
    /// is not declared by itself. With content it is sent as 200, without as 204; never as 201, which would promise
    /// that something was made. `None`: a status says it, or nothing does.
    pub fn answered(&self) -> Option<Answered<'_>> {
        if self.responses.is_empty() {
            let response = None;
            return Some(Answered {
                status: 204,
                response,
            });
        }
        let mut below = self.responses.iter().filter(|each| each.is_below_400());
        let response = match (below.next(), below.next()) {
            (Some(range), None) if range.status.value == "2XX" => range,
            (None, _) => {
                let mut all = self.responses.iter();
                all.find(|each| each.status.value == "default")?
            }
            _ => return None,
        };
        let empty = response.content.is_empty();
        // Problems alone are errors, which the service writes: nothing says then what a success is.
        let said = empty || response.content.iter().any(|media| !media.is_problem());
        said.then_some(Answered {
            status: if empty { 204 } else { 200 },
            response: Some(response),
        })
    }
}

impl Response {
    fn is_below_400(&self) -> bool {
        self.status.value.starts_with(['1', '2', '3'])
    }
}

impl MediaType {
    /// What the service itself writes for errors.
    pub fn is_problem(&self) -> bool {
        self.name.value == "application/problem+json"
    }
}
