//! Help, completions, gaps, and colour.

use super::support::Place;

#[test]
fn help_shows_what_there_is() {
    let place = Place::new();
    let help = place.run(&["--help"]).exits(0).stdout;
    for command in [
        "generate",
        "check",
        "annotate",
        "gaps",
        "harden",
        "stub",
        "schema",
        "completions",
        "audit",
        "explain",
        "diff",
        "Examples:",
    ] {
        assert!(help.contains(command), "{command}:\n{help}");
    }
    assert!(!help.contains("\n  report"), "not yet there:\n{help}");
    for command in ["generate", "check", "audit", "explain", "annotate"] {
        let help = place.run(&[command, "--help"]).exits(0).stdout;
        assert!(
            help.contains("Examples:") && help.contains("Exit code:"),
            "{help}"
        );
    }
    assert!(
        place
            .run(&["--version"])
            .exits(0)
            .stdout
            .starts_with("palisade ")
    );
}

#[test]
fn completions_are_for_every_shell() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = place.run(&["completions", shell]).exits(0).stdout;
        assert!(
            script.contains("generate") && script.contains("force"),
            "{shell}"
        );
    }
}

#[test]
fn gaps_are_the_same_list_as_text_and_as_json() {
    let place = Place::new();
    let text = place.run(&["gaps"]).exits(0).stdout;
    let json = place.run(&["gaps", "--format", "json"]).exits(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let codes: Vec<&str> = json["gaps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|gap| gap["code"].as_str().unwrap())
        .collect();
    assert!(codes.len() > 10, "{codes:?}");
    assert!(codes.is_sorted(), "{codes:?}");
    let listed: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|word| word.starts_with("PAL-"))
        .collect();
    assert_eq!(codes, listed);
}

#[test]
fn the_schema_is_one_and_is_the_committed_one() {
    let place = Place::new();
    let printed = place.run(&["schema"]).exits(0).stdout;
    let schema: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert!(schema["$defs"]["root"]["properties"]["auth"].is_object());
    assert_eq!(
        printed,
        include_str!("../../docs/reference/x-security.schema.json")
    );
}

#[test]
fn there_is_no_colour_without_a_terminal() {
    let place = Place::new();
    place.set("broken.yaml", "openapi: [");
    let run = place
        .run(&["generate", "broken.yaml", "-o", "out"])
        .exits(1);
    assert!(!run.stderr.contains('\u{1b}'), "{}", run.stderr);
}

#[test]
fn diagnostics_are_one_json_object_for_programs() {
    let place = Place::new();
    place.edit("specs/users.yaml", "  resources:\n", "  resorces:\n");
    for command in ["generate", "check"] {
        let run = place.run(&[command, "specs/users.yaml", "-o", "out", "--format", "json"]);
        assert_eq!(run.code, if command == "check" { 2 } else { 1 });
        assert_eq!(run.stdout, "");
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
        let json: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
        assert_eq!(json["version"], 1);
        let one = json["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["rule"] == "PAL-3001")
            .unwrap();
        assert_eq!(one["severity"], "error");
        assert_eq!(one["place"]["file"], "specs/users.yaml");
        assert_eq!(one["place"]["pointer"], "/x-security/resorces");
        assert_eq!(one["patch"]["new"], "resources");
    }
}

#[test]
fn what_cannot_be_loaded_is_json_as_well() {
    let place = Place::new();
    for (name, text, rule) in [
        ("broken.yaml", &b"a: [\n"[..], "PAL-1002"),
        ("broken.json", b"{\"a\": 1,}", "PAL-1004"),
        ("latin.yaml", b"a: \xe9\n", "PAL-1001"),
    ] {
        std::fs::write(place.path(name), text).unwrap();
        let run = place
            .run(&["generate", name, "-o", "out", "--format", "json"])
            .exits(1);
        let json: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
        assert_eq!(json["diagnostics"][0]["rule"], rule, "{name}");
        assert_eq!(json["diagnostics"][0]["place"]["file"], name);
        assert_eq!(json["more"], 0);
        let run = place.run_with_stdin(
            &["generate", "-", "-o", "out", "--format", "json"],
            "a: [\n",
        );
        let json: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
        assert_eq!(json["diagnostics"][0]["place"]["file"], "stdin");
    }
    let large = place.path("large.yaml");
    std::fs::File::create(&large)
        .unwrap()
        .set_len(64 * 1024 * 1024 + 1)
        .unwrap();
    let run = place
        .run(&["check", "large.yaml", "-o", "out", "--format", "json"])
        .exits(2);
    let json: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!(json["diagnostics"][0]["rule"], "PAL-1001");
    assert!(json["diagnostics"][0]["place"].is_null(), "{json}");
}
