//! POST /receipts

use crate::App;
use crate::receipts::Kept;
use api::access::ReceiptId;
use api::operations::send_receipt::{Call, Reply, SendReceipt};
use api::words::State;
use shield::Fault;

impl SendReceipt for App {
    async fn send_receipt(&self, call: Call) -> Result<Reply, Fault> {
        let body = call.body;
        let id = uuid::Uuid::now_v7().to_string();
        let mut files = vec![body.photo];
        files.extend(body.pages.unwrap_or_default());
        let kept = Kept {
            id: ReceiptId::parse(&id)
                .ok_or_else(|| Fault::new("an id that the document does not admit"))?,
            owner: call.caller.subject().to_owned(),
            version: 1,
            vendor: body.vendor,
            cents: body.cents,
            city: body.place.map(|place| place.city),
            tags: body.tags,
            // Only an accountant's request can hold a state.
            state: body.state.unwrap_or(State::Sent),
            files,
            shares: None,
        };
        let reply = kept.reply();
        self.receipts().push(kept);
        Ok(Reply::Created(reply))
    }
}
