//! A receipt as it is kept, and what it is outside.

use api::access::{ReceiptFacts, ReceiptId};
use api::replies;
use api::words::State;
use shield::File;
use std::collections::BTreeMap;

#[derive(Clone)]
pub struct Kept {
    pub id: ReceiptId,
    pub owner: String,
    pub version: u64,
    pub vendor: String,
    pub cents: i64,
    pub city: Option<String>,
    pub tags: Option<Vec<String>>,
    pub state: State,
    /// The photo and further pages. Under no name that a sender chose.
    pub files: Vec<File>,
    /// Cents by the name of a cost centre.
    pub shares: Option<BTreeMap<String, i64>>,
}

impl Kept {
    pub fn facts(&self) -> ReceiptFacts {
        ReceiptFacts {
            id: self.id.clone(),
            owner: self.owner.clone(),
            version: self.version,
        }
    }

    pub fn reply(&self) -> replies::Receipt {
        replies::Receipt {
            id: self.id.as_str().to_owned(),
            vendor: self.vendor.clone(),
            cents: self.cents,
            city: self.city.clone(),
            tags: self.tags.clone(),
            state: self.state,
            files: i64::try_from(self.files.len()).unwrap_or(i64::MAX),
            shares: self.shares.clone(),
        }
    }
}
