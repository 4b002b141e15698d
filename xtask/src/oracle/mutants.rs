//! The clinic with one guard taken out of what was emitted. The oracle must notice each of them.

use crate::steps::Failed;
use std::collections::BTreeMap;

/// In `file` of the module, `from` becomes `to`.
pub struct Mutant {
    pub name: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
}

pub const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "a role that is not asked for",
        file: "operations/delete_patient.rs",
        from: "roles: &[roles::ADMIN]",
        to: "roles: &[roles::ADMIN | roles::CLINICIAN]",
    },
    Mutant {
        name: "a member that everyone receives",
        file: "replies/patient.rs",
        from: "if g.any(roles::CLINICIAN) && let Some(value) = &self.risk_note",
        to: "if let Some(value) = &self.risk_note",
    },
    Mutant {
        name: "a member that the owner does not receive",
        file: "replies/patient.rs",
        from: "if g.owner || g.any(roles::CLINICIAN) {",
        to: "if g.any(roles::CLINICIAN) {",
    },
    Mutant {
        name: "owners that are not compared",
        file: "access/patient.rs",
        from: "if !(same_tenant(caller, &facts) && (owner || caller.roles() & BYPASS != 0)) {",
        to: "if !same_tenant(caller, &facts) {",
    },
    Mutant {
        name: "tenants that are not compared",
        file: "access/appointment.rs",
        from: "tenant == facts.tenant)",
        to: "tenant.len() == facts.tenant.len())",
    },
    Mutant {
        name: "facts of another id",
        file: "access/patient.rs",
        from: ".filter(|facts| facts.id == *id)",
        to: ".filter(|_| true)",
    },
    Mutant {
        name: "rows of another tenant",
        file: "access/patient.rs",
        from: "&& self.tenant() == Some(facts.tenant.as_str())",
        to: "",
    },
];

impl Mutant {
    /// Takes the guard out of the module `name`; fails where it is no longer found.
    pub fn take_out(&self, name: &str, files: &mut BTreeMap<String, String>) -> Result<(), Failed> {
        let path = format!("src/{name}/{}", self.file);
        let text = files
            .get_mut(&path)
            .ok_or(Failed(format!("{path} is not emitted")))?;
        if text.matches(self.from).count() != 1 {
            return Err(Failed(format!(
                "{path}: the guard `{}` is not where it was",
                self.from
            )));
        }
        *text = text.replace(self.from, self.to);
        Ok(())
    }
}
