// requirement: P50
//! A handler under a name that the document does not have: it would never be called.

use api::operations::read_note::{Call, ReadNote, Reply};

struct App;

#[cfg(not(feature = "wrong"))]
impl ReadNote for App {
    async fn read_note(&self, _: Call) -> Result<Reply, shield::Fault> {
        Ok(Reply::NotFound)
    }
}

#[cfg(feature = "wrong")]
impl ReadNote for App {
    //~^ E0046: `read_note`
    async fn reed_note(&self, _: Call) -> Result<Reply, shield::Fault> {
        //~^ E0407: `reed_note` is not a member of trait `ReadNote` | read_note
        Ok(Reply::NotFound)
    }
}

fn main() {
    let _ = App;
}
