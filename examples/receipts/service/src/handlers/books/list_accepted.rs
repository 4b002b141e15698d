//! GET /books/receipts

use crate::App;
use api::operations::list_accepted::{Call, ListAccepted, Reply};
use api::words::State;
use shield::Fault;

/// As the document says.
const MOST: usize = 1000;

impl ListAccepted for App {
    async fn list_accepted(&self, _: Call) -> Result<Reply, Fault> {
        // Everybody's: whoever has the role keeps the books of all.
        let receipts = self.receipts();
        let accepted = receipts.iter().filter(|kept| kept.state == State::Accepted);
        Ok(Reply::Ok(
            accepted.take(MOST).map(|kept| kept.reply()).collect(),
        ))
    }
}
