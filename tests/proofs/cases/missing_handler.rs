// requirement: P50
//! A service that lacks the handler of one operation.

include!("../handlers.rs");

struct App;
implement!(App: list_notes ListNotes, write_note WriteNote, delete_note DeleteNote, open_folder OpenFolder);
load!(App: load_note LoadNote NoteId NoteFacts, load_folder LoadFolder FolderId FolderFacts);
#[cfg(not(feature = "wrong"))]
implement!(App: read_note ReadNote);

fn main() -> std::process::ExitCode {
    api::run(|| Ok(App)) //~ E0277: operation `readNote` (GET /notes/{noteId}) has no handler in `App` | missing handler | `palisade stub read_note` gives one to begin with
}
