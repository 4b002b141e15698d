// requirement: P50
//! A body that no schema admitted.

use api::requests::NewNote;

#[cfg(not(feature = "wrong"))]
pub fn text(body: NewNote) -> String {
    body.text
}

#[cfg(feature = "wrong")]
pub fn text(text: String) -> NewNote {
    NewNote { text } //~ E0639: non-exhaustive
}

fn main() {}
