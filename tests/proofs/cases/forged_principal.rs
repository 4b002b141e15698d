// requirement: P50
//! A caller whom no guard verified.

use api::access::Principal;
use api::operations::write_note::Call;

#[cfg(not(feature = "wrong"))]
pub fn who(call: Call) -> Principal {
    call.caller
}

#[cfg(feature = "wrong")]
pub fn made(who: std::sync::Arc<shield::Identity>, _: Call) -> Principal {
    Principal(who) //~ E0423: private fields
}

#[cfg(feature = "wrong")]
pub fn of(x: &shield::Exchange) -> Option<Principal> {
    Principal::of(x).ok() //~ E0624: `of` is private
}

fn main() {}
