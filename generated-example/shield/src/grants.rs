//! What the caller of one request holds, as the decoders and projections see it.

use crate::schema::Read;
use crate::spec::RoleSet;

/// Decides which members may be sent and which may be received. Made by guards, carried beside the call.
#[derive(Debug, Clone, Copy, Default)]
pub struct Grants {
    pub roles: RoleSet,
    /// The caller is the owner of the object at hand.
    pub owner: bool,
    /// The operation creates its object (POST); `write: create` members may be sent.
    pub creating: bool,
}

impl Grants {
    /// Whether one of `wanted` is held.
    pub const fn any(&self, wanted: RoleSet) -> bool {
        self.roles & wanted != 0
    }

    /// Whether a member with this rule is shown.
    pub fn may_read(&self, rule: Read) -> bool {
        let may = match rule {
            Read::Owner => self.owner,
            Read::Roles(roles) => self.any(roles),
            Read::OwnerOr(roles) => self.owner || self.any(roles),
        };
        // guard: projection, where !may
        if !may {
            return false;
        }
        true
    }

    /// The same caller, looking at an object that is theirs, or is not.
    pub const fn owning(self, owner: bool) -> Self {
        Grants { owner, ..self }
    }
}
