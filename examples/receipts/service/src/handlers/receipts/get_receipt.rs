//! GET /receipts/{receiptId}

use crate::App;
use api::operations::get_receipt::{Call, GetReceipt, Reply};
use shield::Fault;

impl GetReceipt for App {
    async fn get_receipt(&self, call: Call) -> Result<Reply, Fault> {
        let id = call.receipt.id();
        let receipts = self.receipts();
        let kept = receipts.iter().find(|kept| kept.id == *id);
        kept.map(|kept| Reply::Ok(kept.reply()))
            .ok_or_else(|| Fault::new("a receipt that was loaded is gone"))
    }
}
