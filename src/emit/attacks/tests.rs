#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

//! The cases of a service made by hand, small and with everything in it, and of the two specs of this repository.

use super::example::{plan, text};
use super::*;
use crate::plan::*;
use std::collections::BTreeSet;

#[path = "../../../templates/attacks/tests/expand.rs"]
mod expand;

/// The manifest, and every case as the runner sees it.
fn found(plan: &Plan) -> (Vec<serde_json::Value>, Files) {
    let mut files = Files::new();
    project(plan, &mut files);
    let text = &files["attacks/cases.jsonl"].text;
    (whole(text), files)
}

fn whole(text: &str) -> Vec<serde_json::Value> {
    let lines = expand::Lines::read(text);
    let cases = lines.cases();
    let cases = cases.iter().map(|case| match case.skipped() {
        Some(why) => serde_json::json!({ "skipped": case.title(), "why": why }),
        None => case.whole(),
    });
    std::iter::once(lines.manifest.clone())
        .chain(cases)
        .chain(lines.sessions.iter().map(|line| {
            let mut line = line.clone();
            line["name"] = line["session"].take();
            line
        }))
        .chain(lines.starts.iter().map(|line| {
            let mut line = line.clone();
            line["name"] = line["start"].take();
            line
        }))
        .collect()
}

/// Families save writing, and change nothing: every operation apart gives the same cases.
fn the_same_apart(plan: &Plan) {
    let (mut shared, _) = found(plan);
    let mut scene = Scene::new(plan);
    scene.families.apart = true;
    fill(&mut scene);
    let mut apart = whole(&lines(plan, &scene));
    assert_eq!(shared.len(), apart.len());
    for (one, other) in shared.drain(..).zip(apart.drain(..)) {
        assert_eq!(one, other, "{}", plan.document);
    }
}

#[test]
fn what_is_shared_is_the_same_as_what_is_made_for_each() {
    the_same_apart(&plan());
    the_same_apart(&spec("users.yaml"));
    the_same_apart(&spec("clinic.yaml"));
    the_same_apart(&spec("library.yaml"));
}

fn of_kind<'a>(
    lines: &'a [serde_json::Value],
    operation: &str,
    kind: &str,
) -> Vec<&'a serde_json::Value> {
    lines
        .iter()
        .filter(|line| line["operation"] == operation && line["kind"] == kind)
        .collect()
}

#[test]
fn a_service_with_everything_is_attacked_in_every_way() {
    let (lines, _) = found(&plan());
    let had: BTreeSet<&str> = lines
        .iter()
        .filter_map(|line| line["kind"].as_str())
        .collect();
    // Those have a golden document of their own; and its key is a secret, which has no address.
    let decided = [
        "policy",
        "policy-undecided",
        "step-up",
        "rule",
        "key-address",
        "stale-keys",
        "file",
        "parts",
        "wrong-certificate",
        "past-tls",
        "wrong-parent",
        "own-objects",
        "oneOf",
        "anyOf",
    ];
    let without: Vec<&str> = kinds()
        .filter(|kind| !had.contains(kind) && !decided.contains(kind))
        .collect();
    assert!(without.is_empty(), "{without:?}");
    let unknown: Vec<&&str> = had
        .iter()
        .filter(|kind| !kinds().any(|known| known == **kind))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    assert_eq!(
        lines
            .iter()
            .filter(|line| line.get("skipped").is_some())
            .collect::<Vec<_>>(),
        Vec::<&serde_json::Value>::new()
    );
    assert!(
        lines[0]["generated"]
            .as_str()
            .unwrap()
            .contains("notes.yaml")
    );
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_no_name_twice() {
    let (lines, files) = found(&plan());
    assert_eq!(files, found(&plan()).1);
    let names: Vec<String> = lines
        .iter()
        .skip(1)
        .map(|line| format!("{} {} {}", line["operation"], line["kind"], line["name"]))
        .collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}

#[test]
fn a_control_is_a_whole_request_that_nothing_forbids() {
    let (lines, _) = found(&plan());
    let control = of_kind(&lines, "updateNote", "control")[0];
    assert_eq!(control["expect"]["status"], serde_json::json!([599]));
    assert_eq!(
        control["request"]["target"],
        "/v1/notes/00000000-0000-4000-8000-000000000001?page=1"
    );
    assert_eq!(
        control["token"]["claims"]["realm"]["roles"],
        serde_json::json!(["writer"])
    );
    assert_eq!(control["token"]["claims"]["tenant"], scene::TENANT);
    assert_eq!(control["token"]["header"]["typ"], "at+jwt");
    // Two members at least, the one that is required among them.
    let body: serde_json::Value =
        serde_json::from_str(control["request"]["body"].as_str().unwrap()).unwrap();
    assert_eq!(body.as_object().unwrap().len(), 2);
    assert!(body["title"].is_string());
}

#[test]
fn whoever_is_refused_holds_everything_but_what_is_needed() {
    let (lines, _) = found(&plan());
    let wrong = of_kind(&lines, "updateNote", "wrong-role");
    let roles = |line: &serde_json::Value| line["token"]["claims"]["realm"]["roles"].clone();
    assert!(
        wrong
            .iter()
            .any(|line| roles(line) == serde_json::json!(["grader"])
                && line["expect"]["status"][0] == 403)
    );
    // The member of the grader is sent by a writer who is none.
    let forbidden = of_kind(&lines, "updateNote", "forbidden");
    assert!(
        forbidden
            .iter()
            .any(|line| roles(line) == serde_json::json!(["writer"])
                && line["expect"]["status"][0] == 403)
    );
    assert!(
        forbidden
            .iter()
            .any(|line| line["expect"]["status"][0] == 599)
    );
    for line in of_kind(&lines, "updateNote", "someone-elses-object") {
        assert_ne!(
            line["request"]["target"],
            line["expect"]["same_as"]["request"]["target"]
        );
        assert!(
            !roles(line).as_array().unwrap().contains(&"grader".into()),
            "a grader is excused"
        );
    }
}

#[test]
fn limits_are_tried_at_and_beyond() {
    let (lines, _) = found(&plan());
    let minutes = |name: &str| {
        lines
            .iter()
            .find(|line| line["operation"] == "updateNote" && line["name"] == name)
            .expect(name)
    };
    assert_eq!(
        minutes("body/minutes: 120, the most")["expect"]["status"][0],
        599
    );
    let beyond = &minutes("body/minutes: 121, above the most")["expect"];
    let codes: Vec<&str> = beyond["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["maximum", "multipleOf"]);
    assert_eq!(
        minutes("body/title: 81, too long")["expect"]["errors"][0]["pointer"],
        "/title"
    );
    assert_eq!(
        minutes("body/minutes: null where it may be")["expect"]["status"][0],
        599
    );
    assert_eq!(
        of_kind(&lines, "updateNote", "readOnly").len(),
        2,
        "id, and what only a create may set"
    );
    assert_eq!(of_kind(&lines, "signUp", "readOnly").len(), 1);
}

#[test]
fn an_account_is_guarded_by_itself() {
    let mut plan = plan();
    plan.quotas[1].limit = 60;
    plan.quotas.push(Quota {
        name: "account".into(),
        by: vec![By::Ip, By::Field("title".into())],
        limit: 10,
        ..plan.quotas[1].clone()
    });
    plan.operations[3].quotas = vec![1, 2];
    plan.operations[3].replies.push(Reply {
        rows: None,
        status: 401,
        description: String::new(),
        body: ReplyBody::Problem,
    });
    let (lines, files) = found(&plan);
    let case = |name: &str| {
        lines
            .iter()
            .find(|line| line["kind"] == "quota" && line["name"] == name)
            .expect(name)
    };
    let one = case("\"account\": failures of one account");
    assert_eq!(
        (&one["before"]["times"], &one["before"]["status"]),
        (&serde_json::json!(10), &serde_json::json!(401))
    );
    assert_eq!(one["before"]["failing"], true);
    assert_eq!(one["before"]["request"], one["request"]);
    assert_eq!(one["expect"]["quota"]["name"], "account");
    let other = case("\"account\": another account");
    assert_ne!(other["before"]["request"]["body"], other["request"]["body"]);
    assert_eq!(other["expect"]["status"][0], 599);
    let guesses = case("\"account\": guesses at once");
    assert_eq!(guesses["before"]["times"], 50);
    assert_eq!(guesses["before"]["at_most"], 10);
    let probe = &files["attacks/tests/probe.rs"].text;
    assert!(probe.contains("return Ok(api::operations::sign_up::Reply::Unauthorized);"));
}

/// The limit of the address has ended and begun anew; that of the account has not.
#[test]
fn an_account_has_a_window_of_its_own() {
    let mut plan = plan();
    plan.quotas[1].failures_only = true;
    plan.quotas.push(Quota {
        name: "account".into(),
        by: vec![By::Ip, By::Field("title".into())],
        ..plan.quotas[1].clone()
    });
    plan.operations[3].quotas = vec![1, 2];
    plan.operations[3].replies.push(Reply {
        rows: None,
        status: 401,
        description: String::new(),
        body: ReplyBody::Problem,
    });
    let limit = plan.quotas[1].limit;
    let (lines, _) = found(&plan);
    let name = "\"account\": in the window of the account";
    let case = lines.iter().find(|line| line["name"] == name).expect(name);
    let late = &case["before"];
    let early = &late["first"];
    let somebody = &early["first"];
    let of = |line: &serde_json::Value, name: &str| line[name].as_u64().unwrap();
    // All of the account, and of the address never more than may be in a window of its.
    assert_eq!(of(early, "times") + of(late, "times"), u64::from(limit));
    assert_eq!(of(somebody, "times"), 1);
    assert_eq!(early["request"], case["request"]);
    assert_ne!(somebody["request"]["body"], case["request"]["body"]);
    let window = plan.quotas[1].window_seconds;
    let (first, second) = (of(somebody, "wait"), of(early, "wait"));
    assert!(first < window && first + second > window && second < window);
    assert_eq!(case["expect"]["quota"]["name"], "account");
}

/// As many as there may be, and no more than can be kept waiting.
#[test]
fn others_are_there_already() {
    let mut plan = plan();
    plan.limits.concurrency = 20;
    plan.limits.per_ip = 9;
    let crowd = |plan: &Plan| -> Vec<serde_json::Value> {
        let (lines, _) = found(plan);
        let crowd = lines.into_iter().filter(|line| line["kind"] == "crowd");
        crowd.collect()
    };
    let (idle, busy): (Vec<_>, Vec<_>) = crowd(&plan)
        .into_iter()
        .partition(|case| case.get("open").is_some());
    assert_eq!((idle.len(), &idle[0]["open"]), (1, &serde_json::json!(9)));
    // Each operation, also the one that is denied to everybody.
    assert_eq!(busy.len(), plan.operations.len());
    for case in &busy {
        let others = &case["crowd"];
        assert_eq!(others["times"], 8);
        assert_eq!(others["besides"], 12);
        assert!(others["request"]["target"].is_string());
    }
    // Whoever is silent, or a handler, is sent away too soon to be counted on.
    plan.limits.header_timeout_ms = 1_000;
    for operation in &mut plan.operations {
        operation.handler_timeout_ms = 1_000;
    }
    assert_eq!(crowd(&plan), Vec::<serde_json::Value>::new());
}

/// What stands behind the last variable is a value of it: only where that value is refused is it a disguise.
#[test]
fn another_value_is_no_disguise() {
    let endings = |value: ValueKind, owned: bool| -> Vec<String> {
        let mut plan = plan();
        let get = plan.operations.iter_mut();
        let get = get.into_iter().find(|each| each.id == "getNote").unwrap();
        get.params[0].separated = matches!(value, ValueKind::List(_));
        get.params[0].value = value;
        if !owned {
            get.owns.clear();
        }
        let (lines, _) = found(&plan);
        let sent = of_kind(&lines, "getNote", "disguised-path");
        let targets = sent.iter().map(|case| case["request"]["target"].as_str());
        let last = targets.map(|target| target.unwrap().rsplit('/').next().unwrap().to_owned());
        last.filter(|last| last.ends_with('\\') || last.ends_with(";a=b"))
            .collect()
    };
    let uuid = Text {
        format: Some(Format::Uuid),
        ..text(0, 36)
    };
    let letters = Pattern {
        source: "^[a-z]+$".into(),
        rust: "^[a-z]+$".into(),
    };
    let letters = Text {
        pattern: Some(letters),
        ..text(1, 60)
    };
    let backslash = Pattern {
        source: "^[a-z\\\\]+$".into(),
        rust: "^[a-z\\\\]+$".into(),
    };
    let backslash = Text {
        pattern: Some(backslash),
        ..text(1, 60)
    };
    let list = |items: Text| {
        ValueKind::List(List {
            items: Box::new(ValueKind::Text(items)),
            items_nullable: false,
            min: 1,
            max: 5,
            max_declared: true,
            unique: false,
        })
    };
    for (value, owned, left) in [
        (ValueKind::Text(uuid.clone()), false, 2),
        (ValueKind::Text(letters), false, 2),
        (ValueKind::Text(backslash), false, 1),
        (ValueKind::Text(text(1, 200)), false, 0),
        // No object has such an id.
        (ValueKind::Text(text(1, 200)), true, 2),
        (list(text(1, 200)), false, 0),
        (list(uuid), false, 2),
    ] {
        let found = endings(value.clone(), owned);
        assert_eq!(found.len(), left, "{value:?} {found:?}");
    }
}

#[test]
fn bounds_are_named_as_they_are_declared() {
    let mut plan = plan();
    let Shape::Object(note) = &mut plan.types[0].shape else {
        panic!()
    };
    for member in &mut note.members {
        if let ValueKind::Integer(whole) = &mut member.value {
            (whole.min_exclusive, whole.max_exclusive) = (true, true);
        }
    }
    let (lines, _) = found(&plan);
    let codes = |name: &str| -> Vec<serde_json::Value> {
        let line = lines
            .iter()
            .find(|line| line["operation"] == "updateNote" && line["name"] == name)
            .expect(name);
        let errors = line["expect"]["errors"].as_array().unwrap().iter();
        errors.map(|error| error["code"].clone()).collect()
    };
    assert_eq!(
        codes("body/minutes: 9, below the least"),
        ["exclusiveMinimum", "multipleOf"]
    );
    assert_eq!(
        codes("body/minutes: 121, above the most"),
        ["exclusiveMaximum", "multipleOf"]
    );
}

#[test]
fn what_is_long_is_described() {
    let (a, b) = ("a".repeat(300), "xy".repeat(200));
    let long = format!("{a}@example.com");
    assert_eq!(
        change::text(&long),
        serde_json::json!([["a", 300], "@example.com"])
    );
    assert_eq!(change::text(&b), serde_json::json!([["xy", 200]]));
    assert_eq!(change::text("short"), "short");
    for text in [&a, &b, &long] {
        let line = serde_json::json!({ "operation": "one", "plainest": {}, "families": [] });
        let case =
            serde_json::json!({ "operation": "one", "body": change::text(text), "expect": {} });
        let whole = whole(&format!("{{}}\n{line}\n{case}"));
        assert_eq!(whole[1]["request"]["body"], **text);
    }
}

#[test]
fn what_cannot_be_made_is_said() {
    let mut plan = plan();
    let Shape::Object(note) = &mut plan.types[0].shape else {
        panic!()
    };
    // No text is both.
    let never = Pattern {
        source: "^[0-9]$".into(),
        rust: "^[0-9]$".into(),
    };
    note.members[1].value = ValueKind::Text(Text {
        pattern: Some(never),
        ..text(4, 8)
    });
    let (lines, _) = found(&plan);
    let skipped: Vec<_> = lines
        .iter()
        .filter(|line| line.get("skipped").is_some())
        .collect();
    assert!(!skipped.is_empty());
    assert!(
        skipped
            .iter()
            .all(|line| { line["why"].as_str().is_some_and(|why| !why.is_empty()) })
    );
}

#[test]
fn the_files_are_whole() {
    let (_, files) = found(&plan());
    for (path, file) in &files {
        assert!(path.starts_with("attacks/"));
        assert_eq!(file.owner, Owner::Palisade);
        if path.ends_with(".rs") {
            syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{path}: {error}"));
        }
    }
    let probe = &files["attacks/tests/probe.rs"].text;
    assert!(probe.contains("impl api::operations::update_note::UpdateNote for Probe"));
    assert!(probe.contains("impl api::access::LoadNote for Probe"));
    assert!(
        !probe.contains("forgotten"),
        "a denied operation has no handler"
    );
}

/// A spec of this repository as a plan.
fn spec(name: &str) -> Plan {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("specs")
        .join(name);
    let document = crate::document::load(&path).expect("the spec is readable");
    let mut diagnostics = crate::diagnostic::Diagnostics::default();
    let api = crate::openapi::read(&document, &mut diagnostics).expect("it is OpenAPI");
    let policy = crate::policy::read(&api, &mut diagnostics).expect("its policy is whole");
    crate::plan::build(&api, &policy, name, &mut diagnostics).expect("there is a plan of it")
}

/// What the specs have no use for: none asks for certificates, ends TLS, has alternatives, or a request with a read-only member.
const IN_NEITHER: &[&str] = &[
    "wrong-certificate",
    "readOnly",
    "oneOf",
    "anyOf",
    "propertyNames",
    "past-tls",
];

#[test]
fn the_specs_of_this_repository_are_attacked_in_every_way() {
    let mut had = BTreeSet::new();
    for name in [
        "users.yaml",
        "clinic.yaml",
        "sign-in.yaml",
        "library.yaml",
        "receipts.yaml",
    ] {
        let plan = spec(name);
        let (lines, files) = found(&plan);
        assert_eq!(files, found(&plan).1, "{name} twice");
        let mut counts = std::collections::BTreeMap::new();
        for line in &lines {
            if let Some(kind) = line["kind"].as_str() {
                *counts.entry(kind.to_owned()).or_insert(0) += 1;
            }
        }
        let used: Vec<&str> = lines[0]["kinds"]
            .as_array()
            .unwrap()
            .iter()
            .map(|kind| kind[0].as_str().unwrap())
            .collect();
        println!("{name}: {} attacks", counts.values().sum::<i32>());
        for kind in kinds().filter(|kind| used.contains(kind)) {
            println!("  {kind:<24} {:>5}", counts.get(kind).copied().unwrap_or(0));
            assert!(
                counts.contains_key(kind),
                "{name} has use for {kind}, and there is none"
            );
        }
        for line in lines.iter().filter(|line| line.get("skipped").is_some()) {
            println!("  {line}");
        }
        for operation in &plan.operations {
            assert_eq!(
                of_kind(&lines, &operation.id, "control").len(),
                usize::from(!matches!(operation.access, Access::Denied { .. })),
                "{name}: {}",
                operation.id
            );
        }
        had.extend(counts.into_keys());
    }
    let without: Vec<&str> = kinds().filter(|kind| !had.contains(*kind)).collect();
    assert_eq!(without, IN_NEITHER);
}

/// Every kind that is made anywhere in this folder has its row, and every row one thing to say about it.
#[test]
fn every_kind_has_its_row() {
    let names: BTreeSet<&str> = kinds().collect();
    assert_eq!(names.len(), KINDS.len(), "a kind has two rows");
    let word = |text: &str| {
        let mut parts = text.splitn(3, '"');
        (parts.next().is_some_and(|before| before.trim().is_empty()))
            .then(|| parts.next().unwrap_or_default().to_owned())
    };
    let mut made = 0;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/emit/attacks");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.contains("tests") || name == "kinds.rs" || name == "example.rs" {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for call in ["scene.add(", "scene.skip(", "used.insert(", "kind: "] {
            for (_, rest) in text
                .match_indices(call)
                .map(|(at, _)| text.split_at(at + call.len()))
            {
                // Where no literal stands here, it stands in a tuple or comes from a caller, and the cases tell.
                if let Some(kind) = word(rest) {
                    made += 1;
                    assert!(names.contains(&*kind), "{name}: {kind}");
                }
            }
        }
    }
    assert!(
        made > 50,
        "{made} found: the calls are written otherwise now"
    );
    for kind in KINDS {
        assert!(
            kind.tried.ends_with('.') && kind.tried.len() < 130,
            "{}: a sentence",
            kind.name
        );
        assert!(numbers(kind.shows).all(is_number), "{}", kind.name);
    }
    assert!(numbers(ALWAYS).all(is_number));
}

fn is_number(text: &str) -> bool {
    let number = text.strip_prefix('P').and_then(|n| n.parse::<u32>().ok());
    number.is_some_and(|number| (1..=112).contains(&number) && format!("P{number}") == text)
}
