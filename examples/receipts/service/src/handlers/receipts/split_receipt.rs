//! PUT /receipts/{receiptId}/shares

use crate::App;
use api::operations::split_receipt::{Call, Reply, SplitReceipt};
use shield::Fault;

impl SplitReceipt for App {
    async fn split_receipt(&self, call: Call) -> Result<Reply, Fault> {
        let (id, shares) = (call.receipt.id(), call.body);
        let mut receipts = self.receipts();
        let Some(kept) = receipts.iter_mut().find(|kept| kept.id == *id) else {
            return Ok(Reply::NotFound);
        };
        // At most five of at most ten million each: no sum of them is too large.
        if shares.values().sum::<i64>() != kept.cents {
            return Ok(Reply::Conflict);
        }
        kept.version += 1;
        kept.shares = Some(shares.clone());
        Ok(Reply::Ok(shares))
    }
}
