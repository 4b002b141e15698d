//! GET /titles

use crate::App;
use api::operations::list_titles::{Call, ListTitles, Reply};
use shield::Fault;

impl ListTitles for App {
    async fn list_titles(&self, _: Call) -> Result<Reply, Fault> {
        Ok(Reply::Ok(self.books()))
    }
}
