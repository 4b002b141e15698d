// requirement: P50
//! A mode of one's own, to turn one proof into another.

#[cfg(not(feature = "wrong"))]
pub fn read(
    note: api::access::Owned<api::access::Note, api::access::Write>,
) -> api::access::Owned<api::access::Note, api::access::Read> {
    note.as_read()
}

#[cfg(feature = "wrong")]
pub enum Anything {}
#[cfg(feature = "wrong")]
impl api::access::Mode for Anything {} //~ E0277: `Anything` | not accessible

fn main() {}
