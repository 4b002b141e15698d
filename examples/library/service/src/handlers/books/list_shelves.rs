//! GET /shelves

use crate::{App, BOOKS};
use api::operations::list_shelves::{Call, ListShelves, Reply};
use api::replies::Shelf;
use shield::Fault;

impl ListShelves for App {
    async fn list_shelves(&self, _: Call) -> Result<Reply, Fault> {
        let shelf = |(isbn, _, shelf): &(&str, &str, &str)| Shelf {
            isbn: (*isbn).to_owned(),
            shelf: (*shelf).to_owned(),
        };
        Ok(Reply::Ok(BOOKS.iter().map(shelf).collect()))
    }
}
