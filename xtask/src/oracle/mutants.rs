//! Services with one guard taken out of what was emitted. The oracle must notice each of them.

use crate::steps::Failed;
use std::collections::BTreeMap;

/// In `file` of the module, `from` becomes `to`.
pub struct Mutant {
    pub name: &'static str,
    /// The service it is taken out of.
    pub of: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
}

pub const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "a bound of a number that is taken itself",
        of: "sheets",
        file: "requests/line.rs",
        from: ".exclusive_max(\"9.75\")",
        to: ".max(\"9.75\")",
    },
    Mutant {
        name: "a number between two steps",
        of: "sheets",
        file: "requests/line.rs",
        from: ".multiple_of(\"0.05\")",
        to: "",
    },
    Mutant {
        name: "a parameter beyond its bound",
        of: "sheets",
        file: "operations/delete_lines.rs",
        from: ".max(\"9.75\")",
        to: "",
    },
    Mutant {
        name: "a role that is not asked for",
        of: "clinic",
        file: "operations/delete_patient.rs",
        from: ".roles(&[roles::ADMIN])",
        to: ".roles(&[roles::ADMIN | roles::CLINICIAN])",
    },
    Mutant {
        name: "an authentication of long ago",
        of: "clinic",
        file: "operations/delete_patient.rs",
        from: ".fresh(900)",
        to: "",
    },
    Mutant {
        name: "a member that everyone receives",
        of: "clinic",
        file: "replies/patient.rs",
        from: "#[read(Roles(roles::CLINICIAN))]",
        to: "",
    },
    Mutant {
        name: "a member that the owner does not receive",
        of: "clinic",
        file: "replies/patient.rs",
        from: "#[read(OwnerOr(roles::CLINICIAN))]\n        pub email",
        to: "#[read(Roles(roles::CLINICIAN))]\n        pub email",
    },
    Mutant {
        name: "a policy that is not asked of an object",
        of: "clinic",
        file: "operations/get_patient.rs",
        from: "decide(\"treats\", policies::treats_patient(patient.facts(), &caller))",
        to: "decide(\"treats\", policies::treats_patient(patient.facts(), &caller).or(Ok(true)).map(|_| true))",
    },
    Mutant {
        name: "a policy that asks for the owner alone",
        of: "clinic",
        file: "policies.rs",
        from: "shield::decide::bounded(&patient.clinicians)?",
        to: "shield::decide::bounded(&patient.clinicians[..0])?",
    },
    Mutant {
        name: "a policy that is not asked of rows",
        of: "clinic",
        file: "access/mod.rs",
        from: "if says != Ok(true) {",
        to: "if says.is_err() {",
    },
    Mutant {
        name: "a class of authentication that is not asked for",
        of: "clinic",
        file: "operations/export_patients.rs",
        from: ".acr(&[\"urn:clinic:card\"])",
        to: "",
    },
    Mutant {
        name: "a rule that is not asked",
        of: "clinic",
        file: "requests/appointment_update.rs",
        from: "holds: holds_cancelled_is_not_moved",
        to: "holds: |this| holds_cancelled_is_not_moved(this).or(Ok(true)).map(|_| true)",
    },
    Mutant {
        name: "tenants that are not compared",
        of: "clinic",
        file: "access/mod.rs",
        from: "R::compared(facts).tenant == Some(tenant)",
        to: "R::compared(facts).tenant.is_some()",
    },
    Mutant {
        name: "facts of another id",
        of: "clinic",
        file: "access/mod.rs",
        from: "if R::compared(&facts).id != id {",
        to: "if false && R::compared(&facts).id != id {",
    },
    Mutant {
        name: "parents that are not compared",
        of: "clinic",
        file: "access/mod.rs",
        from: "facts.parent == Some(parent)",
        to: "facts.parent == Some(parent) || !parent.is_empty()",
    },
    Mutant {
        name: "ids of a body behind the first",
        of: "clinic",
        file: "access/mod.rs",
        from: "for id in &ids {",
        to: "for id in ids.iter().take(1) {",
    },
    Mutant {
        name: "rows of another parent",
        of: "clinic",
        file: "access/mod.rs",
        from: "self.parent() != facts.parent",
        to: "self.parent().is_none()",
    },
    Mutant {
        name: "rows of another tenant",
        of: "clinic",
        file: "access/mod.rs",
        from: "// guard: row-tenant, where R::TENANTS\n                if self.tenant() != compared.tenant {",
        to: "if false && self.tenant() != compared.tenant {",
    },
    Mutant {
        name: "a member within a map that everyone sends",
        of: "sheets",
        file: "requests/line.rs",
        from: "#[write(Roles(roles::CHIEF))]",
        to: "#[write(Roles(roles::CHIEF | roles::MEMBER))]",
    },
    Mutant {
        name: "a member within a map that everyone receives",
        of: "sheets",
        file: "replies/line.rs",
        from: "#[read(OwnerOr(roles::CHIEF))]",
        to: "#[read(OwnerOr(roles::CHIEF | roles::MEMBER))]",
    },
    Mutant {
        name: "facts of another number",
        of: "sheets",
        file: "access/mod.rs",
        from: "if R::compared(&facts).id != id {",
        to: "if false && R::compared(&facts).id != id {",
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
