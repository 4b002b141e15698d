//! GET /books

use crate::App;
use api::operations::list_books::{Call, ListBooks, Reply};
use shield::Fault;

impl ListBooks for App {
    async fn list_books(&self, _: Call) -> Result<Reply, Fault> {
        Ok(Reply::Ok(self.books()))
    }
}
