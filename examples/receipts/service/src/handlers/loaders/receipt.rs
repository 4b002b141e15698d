//! What is known of one `Receipt`: facts only, the guard decides.

use crate::App;
use api::access::{LoadReceipt, ReceiptFacts, ReceiptId};
use shield::Fault;

impl LoadReceipt for App {
    async fn load_receipt(&self, id: &ReceiptId) -> Result<Option<ReceiptFacts>, Fault> {
        let receipts = self.receipts();
        let kept = receipts.iter().find(|kept| kept.id == *id);
        Ok(kept.map(|kept| kept.facts()))
    }
}
