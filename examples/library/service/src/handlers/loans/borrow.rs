//! POST /loans

use crate::{App, BOOKS};
use api::operations::borrow::{Borrow, Call, Reply};
use api::replies::Loan;
use shield::Fault;

impl Borrow for App {
    async fn borrow(&self, call: Call) -> Result<Reply, Fault> {
        let wanted = call.body;
        if BOOKS.iter().all(|(isbn, ..)| *isbn != wanted.isbn) {
            return Ok(Reply::Conflict);
        }
        Ok(Reply::Created(Loan {
            isbn: wanted.isbn,
            days: wanted.days,
            note: wanted.note,
        }))
    }
}
