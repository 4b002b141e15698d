//! A library whose readers, terminals and partners come with tokens of three issuers: what there is stands here.

mod handlers;

use api::replies::Book;

/// By title: ISBN, title, shelf.
const BOOKS: [(&str, &str, &str); 2] = [
    ("9780131103627", "The C Programming Language", "east 2"),
    ("9781718503106", "The Rust Programming Language", "east 3"),
];

/// What the handlers share: nothing that changes.
pub struct App;

impl App {
    pub fn books(&self) -> Vec<Book> {
        let book = |(isbn, title, _): &(&str, &str, &str)| Book {
            isbn: (*isbn).to_owned(),
            title: (*title).to_owned(),
        };
        BOOKS.iter().map(book).collect()
    }
}

fn main() -> std::process::ExitCode {
    api::run(|| Ok(App))
}
