//! What is known of one `Note`: facts only, the guard decides.

use crate::App;
use crate::records::Note;
use api::access::{LoadNote, NoteFacts, NoteId};
use shield::Fault;

impl LoadNote for App {
    async fn load_note(&self, id: &NoteId) -> Result<Option<NoteFacts>, Fault> {
        let found = Note::find(&self.database(), id.as_str())?;
        found.map(|note| note.facts()).transpose()
    }
}
