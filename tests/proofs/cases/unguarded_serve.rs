// requirement: P50
//! The way past the door: the guard of an operation is called, and what it guards is looked at.

#[cfg(not(feature = "wrong"))]
pub fn way(shield: shield::Shield, app: impl api::Api) -> axum::Router {
    api::router(shield, app)
}

#[cfg(feature = "wrong")]
pub use api::operations::read_note::POLICY; //~ E0603: `POLICY` is private
#[cfg(feature = "wrong")]
pub use api::operations::read_note::serve; //~ E0603: `serve` is private

fn main() {}
