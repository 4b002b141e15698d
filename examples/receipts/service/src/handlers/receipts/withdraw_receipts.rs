//! POST /receipts/withdraw

use crate::App;
use api::operations::withdraw_receipts::{Call, Reply, WithdrawReceipts};
use shield::Fault;

impl WithdrawReceipts for App {
    async fn withdraw_receipts(&self, call: Call) -> Result<Reply, Fault> {
        let mut receipts = self.receipts();
        // As the guard saw them: one that was changed or is gone since keeps all of them.
        let is = |proved: &api::access::ReceiptFacts, kept: &crate::receipts::Kept| {
            (kept.id == proved.id) && (kept.version == proved.version)
        };
        let all = call.receipts.iter().map(|proof| proof.facts());
        if !all
            .clone()
            .all(|proved| receipts.iter().any(|kept| is(proved, kept)))
        {
            return Ok(Reply::NotFound);
        }
        receipts.retain(|kept| !all.clone().any(|proved| is(proved, kept)));
        Ok(Reply::NoContent)
    }
}
