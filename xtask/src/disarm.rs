//! `cargo xtask disarm`: do the generated attacks notice when a guard is gone?
//!
//! Each guard is taken out of a scratch copy of a generated project, one at a time, and the attacks must fail. A guard that
//! can be removed unnoticed fails this command, and so does one that is no longer where it is looked for.

use crate::attacked;
use crate::emitted::{PROJECTS, Project, cargo_in, palisade};
use crate::steps::{Failed, root, run};
use std::path::{Path, PathBuf};

/// A guard, and how it is taken out: in `file`, `from` becomes `to`.
struct Guard {
    name: &'static str,
    /// In which projects, by folder.
    dir: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
}

const GUARDS: &[Guard] = &[
    Guard {
        name: "tenant",
        dir: "generated-example",
        file: "api/src/access/mod.rs",
        from: "if !same_tenant::<R>(caller, &facts) {",
        to: "if false && !same_tenant::<R>(caller, &facts) {",
    },
    Guard {
        name: "ownership",
        dir: "generated-example",
        ..OWNERSHIP
    },
    Guard {
        name: "ownership",
        dir: "examples/users",
        ..OWNERSHIP
    },
    Guard {
        name: "object of another id",
        dir: "generated-example",
        ..SAME_ID
    },
    Guard {
        name: "role",
        dir: "generated-example",
        ..ROLE
    },
    Guard {
        name: "role",
        dir: "examples/users",
        ..ROLE
    },
    Guard {
        name: "signature",
        dir: "generated-example",
        ..SIGNATURE
    },
    Guard {
        name: "signature",
        dir: "examples/users",
        ..SIGNATURE
    },
    Guard {
        name: "revocation",
        dir: "generated-example",
        file: "shield/src/enter/revocation.rs",
        from: "Ok(true) => refused(AuthReason::Revoked),",
        to: "Ok(true) => Ok(Ok(())),",
    },
    Guard {
        name: "no store, nobody",
        dir: "generated-example",
        file: "shield/src/enter/revocation.rs",
        from: "Err(trouble) => Err(Refusal::new(Kind::Store(trouble))),",
        to: "Err(_) => Ok(Ok(())),",
    },
    Guard {
        name: "a refresh token once",
        dir: "examples/sign-in",
        file: "shield/src/store/state.rs",
        from: "if session.current == rotation.presented {",
        to: "if session.current == rotation.presented || true {",
    },
    Guard {
        name: "reuse ends the session",
        dir: "examples/sign-in",
        file: "shield/src/store/state.rs",
        from: "            over(rotation.id, rotation.until),",
        to: "            Vec::new(),",
    },
    Guard {
        name: "logout ends the session",
        dir: "examples/sign-in",
        file: "shield/src/issue/flows.rs",
        from: "id: id.map(uuid::Uuid::into_bytes),",
        to: "id: None,",
    },
    Guard {
        name: "body validation",
        dir: "generated-example",
        ..VALIDATION
    },
    Guard {
        name: "body validation",
        dir: "examples/users",
        ..VALIDATION
    },
];

const OWNERSHIP: Guard = Guard {
    name: "ownership",
    dir: "",
    file: "api/src/access/mod.rs",
    from: "if !(owner || caller.roles() & R::BYPASS != 0) {",
    to: "if !(owner || caller.roles() & R::BYPASS != 0 || true) {",
};

const SAME_ID: Guard = Guard {
    name: "object of another id",
    dir: "",
    file: "api/src/access/mod.rs",
    from: ".filter(|facts| R::compared(facts).id == id)",
    to: ".filter(|_| true)",
};

const ROLE: Guard = Guard {
    name: "role",
    dir: "",
    file: "shield/src/enter.rs",
    from: "identity.roles & any_of != 0",
    to: "identity.roles & any_of != 0 || true",
};

const SIGNATURE: Guard = Guard {
    name: "signature",
    dir: "",
    file: "shield/src/auth/verifier.rs",
    from: "self.keys.verify(&jws, &header)?;",
    to: "let _ = self.keys.verify(&jws, &header);",
};

const VALIDATION: Guard = Guard {
    name: "body validation",
    dir: "",
    file: "shield/src/json/admit.rs",
    from: "rule.admits(&text).then(|| text.into_owned())",
    to: "(rule.admits(&text) || true).then(|| text.into_owned())",
};

/// Takes every guard out in turn.
pub fn disarm() -> Result<(), Failed> {
    let mut table = Vec::new();
    for project in &PROJECTS {
        let copy = copy(project)?;
        let untouched = attack(&copy)?;
        if untouched.failed != 0 {
            return Err(Failed(format!(
                "{}: {} attacks fail with every guard in place",
                project.dir, untouched.failed
            )));
        }
        println!(
            "{}: {} attacks, all guards in place: none fails",
            project.dir, untouched.sent
        );
        for guard in GUARDS.iter().filter(|guard| guard.dir == project.dir) {
            let path = copy.join(guard.file);
            let text = std::fs::read_to_string(&path).map_err(Failed::at(path.display()))?;
            if text.matches(guard.from).count() != 1 {
                return Err(Failed(format!(
                    "{}: the guard `{}` is not where it was",
                    path.display(),
                    guard.from
                )));
            }
            std::fs::write(&path, text.replace(guard.from, guard.to))
                .map_err(Failed::at(path.display()))?;
            let found = attack(&copy)?;
            std::fs::write(&path, text).map_err(Failed::at(path.display()))?;
            println!(
                "{}: without {}: {} of {} attacks fail ({})",
                project.dir,
                guard.name,
                found.failed,
                found.sent,
                found.kinds.join(", ")
            );
            table.push((project.dir, guard.name, found.failed));
        }
    }
    let unnoticed: Vec<_> = table.iter().filter(|(_, _, failed)| *failed == 0).collect();
    if unnoticed.is_empty() {
        println!("disarm: {} guards taken out, each noticed", table.len());
        Ok(())
    } else {
        Err(Failed(format!("not noticed: {unnoticed:?}")))
    }
}

/// A scratch copy, generated anew below `target`; the person's files come along so that there is a service to build.
fn copy(project: &Project) -> Result<PathBuf, Failed> {
    let name = project.dir.replace('/', "-");
    let copy = root().join("target/disarm").join(name);
    if copy.exists() {
        std::fs::remove_dir_all(&copy).map_err(Failed::at(copy.display()))?;
    }
    run(
        "generate a scratch copy",
        palisade(false)
            .args(["generate", project.spec, "-o"])
            .arg(&copy)
            .arg("--quiet"),
    )?;
    Ok(copy)
}

/// What the runner of the attacks printed.
struct Found {
    sent: usize,
    failed: usize,
    kinds: Vec<String>,
}

fn attack(dir: &Path) -> Result<Found, Failed> {
    let output = cargo_in(dir)
        .args([
            "test",
            "--quiet",
            "--package",
            "attacks",
            "--",
            "--nocapture",
        ])
        .output()
        .map_err(Failed::at("cargo test"))?;
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    let mut found = Found {
        sent: 0,
        failed: 0,
        kinds: Vec::new(),
    };
    for row in attacked::table(&text) {
        found.sent += row.cases;
        found.failed += row.failed;
        if row.failed > 0 {
            found.kinds.push(format!("{} {}", row.kind, row.failed));
        }
    }
    if found.sent == 0 {
        return Err(Failed(format!("the attacks did not run:\n{}", text)));
    }
    Ok(found)
}
