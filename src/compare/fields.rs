//! Who may send or receive a member: for callers without a role, each role, and the owner of the object.

use super::change::Subject;
use super::roles::{self, Names};
use super::{Both, Verdict};
use crate::plan::{Read, Role, Write};

/// A caller whose token names no role, or who has no token.
const CALLER: &str = "a caller without a role";
/// Whoever owns the object, whatever their roles.
const OWNER: &str = "the owner";

/// Those to whom a member is open.
pub(super) struct Open<'p> {
    everyone: bool,
    owner: bool,
    names: Names<'p>,
}

impl<'p> Open<'p> {
    pub fn nobody() -> Self {
        Open {
            everyone: false,
            owner: false,
            names: Names::new(),
        }
    }

    fn everyone() -> Self {
        Open {
            everyone: true,
            ..Open::nobody()
        }
    }

    /// Who may send it, in an operation that creates or not.
    pub fn to_write(roles: &'p [Role], write: Write, creating: bool) -> Self {
        match write {
            Write::Anyone => Open::everyone(),
            Write::Create if creating => Open::everyone(),
            Write::Create | Write::Nobody => Open::nobody(),
            Write::Roles(bits) => Open {
                names: roles::meeting(roles, bits),
                ..Open::nobody()
            },
        }
    }

    /// Who receives it.
    pub fn to_read(roles: &'p [Role], read: Read) -> Self {
        match read {
            Read::Anyone => Open::everyone(),
            Read::Nobody => Open::nobody(),
            Read::Some { roles: bits, owner } => Open {
                everyone: false,
                owner,
                names: roles::meeting(roles, bits),
            },
        }
    }

    fn role(&self, name: &str) -> bool {
        self.everyone || self.names.contains(name)
    }

    fn owner(&self) -> bool {
        self.everyone || self.owner
    }

    fn words(&self) -> String {
        if self.everyone {
            return "everyone who may call".to_owned();
        }
        let owner = self.owner.then_some("owner");
        let all: Vec<&str> = self.names.iter().copied().chain(owner).collect();
        match all.as_slice() {
            [] => "nobody".to_owned(),
            all => all.join(" or "),
        }
    }
}

/// Adds what differs between two answers to "who may": one change for everyone, or one for each kind of caller.
pub(super) fn compare(both: &Both, what: &str, old: &Open, new: &Open, subject: &mut Subject) {
    let mut add = |principal: &str, before: bool, after: bool| {
        let verdict = Verdict::of(after && !before, before && !after);
        let (old, new) = (Some(old.words()), Some(new.words()));
        subject.add_for(Some(principal), verdict, what, old, new);
    };
    add(CALLER, old.everyone, new.everyone);
    for role in &both.roles.names {
        let (was, is) = (old.role(role), new.role(role));
        if (was, is) != (old.everyone, new.everyone) {
            add(role, was, is);
        }
    }
    let (was, is) = (old.owner(), new.owner());
    if (was, is) != (old.everyone, new.everyone) {
        add(OWNER, was, is);
    }
}
