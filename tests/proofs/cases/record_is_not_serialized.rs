// requirement: P50
//! A record written without what decides who may read which of its members.

use api::operations::read_note::Reply;
use api::replies::Note;

#[cfg(not(feature = "wrong"))]
pub fn answer(note: Note) -> Reply {
    Reply::Ok(note)
}

#[cfg(feature = "wrong")]
pub fn answer(note: Note) -> serde_json::Result<String> {
    serde_json::to_string(&note) //~ E0277: `api::replies::Note: serde::Serialize` | is not satisfied
}

/// What any library that writes it would ask for.
#[cfg(feature = "wrong")]
pub fn json(note: Note) -> axum::Json<impl serde::Serialize> {
    //~^ E0277: `api::replies::Note: serde::Serialize` | is not satisfied
    axum::Json(note)
}

/// Nor may it be printed.
#[cfg(feature = "wrong")]
pub fn print(note: Note) {
    println!("{note:?}"); //~ E0277: `api::replies::Note` doesn't implement `Debug`
}

fn main() {}
