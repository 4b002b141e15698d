//! PATCH /receipts/{receiptId}

use crate::App;
use api::operations::change_receipt::{Call, ChangeReceipt, Reply};
use shield::Fault;

impl ChangeReceipt for App {
    async fn change_receipt(&self, call: Call) -> Result<Reply, Fault> {
        // However it was written: a form and JSON say the same.
        let (id, body) = (call.receipt.id(), call.body);
        let mut receipts = self.receipts();
        let Some(kept) = receipts.iter_mut().find(|kept| kept.id == *id) else {
            return Ok(Reply::NotFound);
        };
        kept.version += 1;
        kept.vendor = body.vendor.unwrap_or_else(|| kept.vendor.clone());
        kept.cents = body.cents.unwrap_or(kept.cents);
        kept.tags = body.tags.or_else(|| kept.tags.clone());
        kept.state = body.state.unwrap_or(kept.state);
        Ok(Reply::Ok(kept.reply()))
    }
}
