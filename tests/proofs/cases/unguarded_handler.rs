// requirement: P50
//! A handler mounted as a route of axum's, without the door.

use api::operations::write_note::{Call, Reply};

pub async fn write_note(call: Call) -> Result<Reply, shield::Fault> {
    let note = api::replies::Note {
        id: call.caller.subject().to_owned(),
        text: call.body.text,
        remark: None,
    };
    Ok(Reply::Created(note))
}

#[cfg(feature = "wrong")]
pub fn route() -> axum::Router {
    axum::Router::new().route("/raw", axum::routing::post(write_note)) //~ E0277: Handler | write_note
}

fn main() {}
