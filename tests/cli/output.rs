//! Help, completions, gaps, and colour.

use super::support::Place;

#[test]
fn help_shows_what_there_is() {
    let place = Place::new();
    let help = place.run(&["--help"]).exits(0).stdout;
    for command in [
        "generate",
        "check",
        "gaps",
        "schema",
        "completions",
        "Examples:",
    ] {
        assert!(help.contains(command), "{command}:\n{help}");
    }
    for later in ["stub", "audit", "explain", "harden", "annotate", "report"] {
        assert!(
            !help.contains(&format!("\n  {later}")),
            "{later} does not exist yet:\n{help}"
        );
    }
    for command in ["generate", "check"] {
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
