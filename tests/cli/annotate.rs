//! `annotate`: where it writes, what it says, and what it never does.

use super::support::Place;

const SPEC: &str = "\
openapi: 3.1.0
info: { title: Notes, version: '1' }
security: [{ token: [] }]
paths:
  /notes/{noteId}:
    # One.
    get:
      operationId: getNote
      parameters: [{ name: noteId, in: path, required: true, schema: { type: string } }]
      responses: { '204': { description: One. } }
  /health:
    get: { security: [], responses: { '204': { description: Well. } } }
components: { securitySchemes: { token: { type: http, scheme: bearer } } }
";

fn place() -> Place {
    let place = Place::new();
    place.set("notes.yaml", SPEC);
    place
}

#[test]
fn a_document_is_annotated_and_generated() {
    let place = place();
    let run = place.run(&["annotate", "notes.yaml"]).exits(0);
    assert!(
        run.stdout.contains("        owns: Note\n"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("    # One.\n"), "{}", run.stdout);
    for told in [
        "note: proposed:\n",
        "resources.Note: identified by `noteId`",
        "auth.token: ",
        "note: for you to decide:\n",
        "GET /health: no credential is asked for",
    ] {
        assert!(run.stderr.contains(told), "{told}\n{}", run.stderr);
    }
    let same = place
        .run(&["--quiet", "annotate", "notes.yaml", "-o", "annotated.yaml"])
        .exits(0);
    assert_eq!((same.stdout.as_str(), same.stderr.as_str()), ("", ""));
    assert_eq!(place.text("annotated.yaml"), run.stdout);
    let piped = place.run_with_stdin(&["annotate", "-"], SPEC).exits(0);
    assert_eq!(piped.stdout, run.stdout);
    let run = place
        .run(&["generate", "annotated.yaml", "-o", "out"])
        .exits(0);
    assert!(
        run.stderr.contains("1 operation is denied to everyone"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_document_is_never_written_over() {
    let place = place();
    for output in ["notes.yaml", "./specs/../notes.yaml"] {
        place
            .run(&["annotate", "notes.yaml", "-o", output])
            .exits(2);
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("notes.yaml", place.path("link.yaml")).unwrap();
        std::fs::hard_link(place.path("notes.yaml"), place.path("hard.yaml")).unwrap();
        for output in ["link.yaml", "hard.yaml"] {
            place
                .run(&["annotate", "notes.yaml", "-o", output])
                .exits(2);
        }
    }
    assert_eq!(place.text("notes.yaml"), SPEC);
}

#[test]
fn what_cannot_be_annotated_exits_with_2() {
    let place = place();
    place.set("empty.yaml", "");
    place.set("swagger.yaml", "swagger: '2.0'\n");
    for (spec, says) in [
        ("specs/users.yaml", "has `x-security` already"),
        ("empty.yaml", "error[PAL-"),
        ("swagger.yaml", "Swagger 2.0"),
        ("missing.yaml", "cannot read"),
        ("specs", "it is a folder"),
    ] {
        let run = place.run(&["annotate", spec]).exits(2);
        assert!(run.stderr.contains(says), "{spec}: {}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    place
        .run(&["annotate", "notes.yaml", "-o", "missing/x.yaml"])
        .exits(2);
}
