// requirement: P50
//! A service that cannot say whose a note is.

include!("../handlers.rs");

struct App;
implement!(
    App: list_notes ListNotes, write_note WriteNote, read_note ReadNote, delete_note DeleteNote, open_folder OpenFolder
);
load!(App: load_folder LoadFolder FolderId FolderFacts);
#[cfg(not(feature = "wrong"))]
load!(App: load_note LoadNote NoteId NoteFacts);

fn main() -> std::process::ExitCode {
    api::run(|| Ok(App)) //~ E0277: resource `Note` has no loader in `App` | missing loader | `palisade stub load_note` gives one to begin with
}
