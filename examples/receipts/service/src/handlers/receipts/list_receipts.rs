//! GET /receipts

use crate::App;
use api::operations::list_receipts::{Call, ListReceipts, Reply};
use shield::Fault;

impl ListReceipts for App {
    async fn list_receipts(&self, call: Call) -> Result<Reply, Fault> {
        let visible = call.visible_receipt;
        let receipts = self.receipts();
        let rows = receipts
            .iter()
            .filter(|kept| visible.owner().is_none_or(|owner| owner == kept.owner))
            .map(|kept| (kept.facts(), kept.reply()));
        Ok(Reply::Ok(visible.admit(rows)))
    }
}
