//! The oracle itself, held against what the contract says of documents that a person can read.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use crate::cells::Cell;
use crate::world::{
    ADA, BOB, Bad, Claims, Credential, EVE, NORTH, NOTHING, Principal, SOUTH, THINGS,
};
use crate::{Oracle, Verdict, Way, algebra, random};
use serde_json::{Value, json};

fn read(text: &str) -> Oracle {
    let document: Value = serde_yaml::from_str(text).unwrap();
    Oracle::read(&document).unwrap()
}

fn users() -> Oracle {
    read(include_str!("../../specs/users.yaml"))
}

fn clinic() -> Oracle {
    read(include_str!("../../specs/clinic.yaml"))
}

fn caller(oracle: &Oracle, subject: &str, roles: &[&str], tenant: Option<&str>) -> Principal {
    let claims = Claims {
        subject: subject.to_owned(),
        roles: roles.iter().map(ToString::to_string).collect(),
        scopes: Vec::new(),
        tenant: tenant.map(str::to_owned),
        login: true,
        class: None,
    };
    let scheme = oracle
        .schemes
        .iter()
        .find(|scheme| scheme.is_token())
        .unwrap();
    Principal {
        name: subject.to_owned(),
        shown: vec![(scheme.name.clone(), Credential::Good(claims))],
    }
}

fn judge(oracle: &Oracle, id: &str, who: &Principal, object: &str, body: Option<Value>) -> Verdict {
    let operation = oracle.operations.iter().find(|each| each.id == id).unwrap();
    let cell = Cell {
        params: operation.params.iter().map(|_| object.to_owned()).collect(),
        body,
        way: Way::Json,
        about: String::new(),
        head: false,
    };
    oracle.judge(operation, who, &cell)
}

#[test]
fn users_as_a_person_reads_them() {
    let oracle = users();
    let ada = caller(&oracle, ADA, &["member"], None);
    let admin = caller(&oracle, BOB, &["admin"], None);
    let nobody = Principal {
        name: String::new(),
        shown: Vec::new(),
    };
    let [hers, his] = [THINGS[0].id, THINGS[1].id];
    let status = |id, who, object, body| judge(&oracle, id, who, object, body).status;
    assert_eq!(status("getUser", &ada, hers, None), 200);
    assert_eq!(status("getUser", &ada, his, None), 404);
    assert_eq!(status("getUser", &ada, NOTHING, None), 404);
    assert_eq!(status("getUser", &admin, hers, None), 200);
    assert_eq!(status("getUser", &nobody, hers, None), 401);
    assert_eq!(status("deleteUser", &ada, hers, None), 403);
    assert_eq!(status("deleteUser", &admin, hers, None), 204);
    // The loader tells of another object than the one it was asked for.
    assert_eq!(status("deleteUser", &admin, THINGS[5].id, None), 404);
    let rise = json!({ "role": "admin" });
    assert_eq!(status("updateUser", &ada, hers, Some(rise.clone())), 403);
    assert_eq!(status("updateUser", &admin, hers, Some(rise)), 200);
    assert_eq!(status("updateUser", &ada, hers, Some(json!({}))), 422);
    assert_eq!(
        status("updateUser", &ada, hers, Some(json!({ "ownerId": BOB }))),
        422
    );
    let fields = judge(&oracle, "getUser", &ada, hers, None).fields.unwrap();
    assert!(fields.contains("email") && !fields.contains("passwordHash"));
    let rows = judge(&oracle, "listUsers", &ada, "", None).rows.unwrap();
    let ids: Vec<&str> = rows.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, [0, 2, 4, 6].map(|at: usize| THINGS[at].id));
}

#[test]
fn a_clinic_is_a_tenant() {
    let oracle = clinic();
    let chief = caller(&oracle, BOB, &["admin"], Some(NORTH));
    let stray = caller(&oracle, ADA, &["admin"], None);
    let patient = caller(&oracle, ADA, &["patient"], Some(NORTH));
    let status = |who, object| judge(&oracle, "getPatient", who, object, None).status;
    assert_eq!(status(&chief, THINGS[0].id), 200);
    assert_eq!(status(&chief, THINGS[3].id), 404);
    assert_eq!(status(&stray, THINGS[0].id), 404);
    assert_eq!(judge(&oracle, "listPatients", &stray, "", None).status, 403);
    let fields = |who| {
        judge(&oracle, "getPatient", who, THINGS[0].id, None)
            .fields
            .unwrap()
    };
    assert!(fields(&chief).contains("riskNote"));
    assert!(fields(&patient).contains("email") && !fields(&patient).contains("riskNote"));
}

#[test]
fn another_tenants_object_is_not_there_even_with_403() {
    let text = include_str!("../../specs/clinic.yaml").replace(
        "Patient:\n      param: patientId\n",
        "Patient:\n      param: patientId\n      onDenied: 403\n",
    );
    let oracle = read(&text);
    let status = |tenant| {
        let bob = caller(&oracle, BOB, &["patient"], Some(tenant));
        judge(&oracle, "getPatient", &bob, THINGS[0].id, None).status
    };
    assert_eq!(status(NORTH), 403);
    assert_eq!(status(SOUTH), 404);
}

#[test]
fn who_asks_for_a_fresh_login_is_told_401_after_the_role() {
    let oracle = clinic();
    let asked = |roles: &[&str], login: bool| {
        let mut who = caller(&oracle, EVE, roles, Some(NORTH));
        for (_, given) in &mut who.shown {
            if let Credential::Good(claims) = given {
                claims.login = login;
            }
        }
        judge(&oracle, "deletePatient", &who, THINGS[0].id, None).status
    };
    assert_eq!(asked(&["admin"], true), 204);
    assert_eq!(asked(&["admin"], false), 401);
    assert_eq!(asked(&["patient"], false), 403);
}

#[test]
fn what_hangs_on_what_was_before_is_left_out_by_name() {
    let unjudged = clinic().unjudged;
    let unjudged: Vec<(&str, &str)> = unjudged
        .iter()
        .map(|(name, why)| (name.as_str(), why.as_str()))
        .collect();
    assert_eq!(unjudged, [("logout", "flow"), ("refresh", "flow")]);
}

#[test]
fn policies_and_rules_as_a_person_reads_them() {
    let oracle = clinic();
    let ada = caller(&oracle, ADA, &["patient"], Some(NORTH));
    let bob = caller(&oracle, BOB, &["patient"], Some(NORTH));
    let clinician = caller(&oracle, EVE, &["clinician"], Some(NORTH));
    let [adas, bobs, ..] = THINGS;
    let move_it = |who: &Principal, object: &str, body: Value| {
        judge(&oracle, "updateAppointment", who, object, Some(body)).status
    };
    let later = json!({ "startsAt": "2030-01-01T10:00:00Z" });
    // Bob's is far away. Of ada's nobody knows when it is: no patient moves it, and that it is there is no news to her.
    assert_eq!(move_it(&bob, bobs.id, later.clone()), 200);
    assert_eq!(move_it(&ada, adas.id, later.clone()), 403);
    assert_eq!(move_it(&ada, bobs.id, later.clone()), 404);
    assert_eq!(move_it(&clinician, adas.id, later), 200);
    let both = |status: &str| json!({ "startsAt": "2030-01-01T10:00:00Z", "status": status });
    assert_eq!(move_it(&clinician, adas.id, both("kept")), 200);
    assert_eq!(move_it(&clinician, adas.id, both("cancelled")), 422);
}

// requirement: P44
#[test]
fn a_body_says_the_same_however_it_is_written() {
    let oracle = read(include_str!("../../specs/receipts.yaml"));
    let [ada, chief] = ["employee", "accountant"].map(|role| caller(&oracle, ADA, &[role], None));
    let operation = |id: &str| oracle.operations.iter().find(|each| each.id == id).unwrap();
    let status = |id, who, body: &Value, way| {
        let cell = Cell {
            params: operation(id)
                .params
                .iter()
                .map(|_| THINGS[0].id.to_owned())
                .collect(),
            body: Some(body.clone()),
            way,
            about: String::new(),
            head: false,
        };
        oracle.judge(operation(id), who, &cell).status
    };
    let change = json!({ "state": "accepted" });
    for way in [Way::Json, Way::Form] {
        assert_eq!(status("changeReceipt", &ada, &change, way), 403);
        assert_eq!(status("changeReceipt", &chief, &change, way), 200);
    }
    assert_eq!(status("changeReceipt", &ada, &change, Way::Parts), 415);
    // What must be there, the file too.
    let plain = &operation("sendReceipt").request.as_ref().unwrap().plain;
    assert_eq!(
        plain["photo"]["~file"]["bytes"].as_array().unwrap().len(),
        16
    );
    assert_eq!(status("sendReceipt", &ada, plain, Way::Parts), 201);
    assert_eq!(
        status("sendReceipt", &ada, &json!({ "vendor": "a" }), Way::Parts),
        422
    );
    assert_eq!(status("sendReceipt", &ada, plain, Way::Json), 415);
}

// requirement: P46
#[test]
fn a_policy_decides_over_objects_and_rows() {
    let oracle = clinic();
    // Eve treats the first patient of the north, and nobody the second; bob runs the place.
    let eve = caller(&oracle, EVE, &["clinician"], Some(NORTH));
    let patient = caller(&oracle, EVE, &["patient"], Some(NORTH));
    let south = caller(&oracle, EVE, &["clinician"], Some(SOUTH));
    let chief = caller(&oracle, BOB, &["admin"], Some(NORTH));
    let [first, second, _, _, _, _, part] = THINGS.map(|thing| thing.id);
    let status = |who, object| judge(&oracle, "getPatient", who, object, None).status;
    assert_eq!((status(&eve, first), status(&eve, second)), (200, 404));
    assert_eq!((status(&patient, first), status(&south, first)), (404, 404));
    let rows = |who| {
        let rows = judge(&oracle, "listPatients", who, "", None).rows.unwrap();
        rows.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    assert_eq!(rows(&eve), [first]);
    assert_eq!(rows(&patient), [""; 0]);
    assert_eq!(rows(&south), [""; 0]);
    // What is part of another object is in the north too.
    assert_eq!(rows(&chief), [first, second, part]);
}

#[test]
fn alternatives_are_an_or_of_ands() {
    let line = algebra::lines()
        .into_iter()
        .find(|line| line.name == "s16")
        .unwrap();
    // `first`, or `second` and `third` together.
    let oracle = Oracle::read(&algebra::document(&[line])).unwrap();
    let shown = |list: &[(&str, Option<Bad>)]| {
        let shown = list.iter().map(|(scheme, bad)| {
            let claims = Claims {
                subject: (*scheme).to_owned(),
                roles: vec![(*scheme).to_owned()],
                ..Claims::default()
            };
            let given = bad.map_or(Credential::Good(claims), Credential::Bad);
            ((*scheme).to_owned(), given)
        });
        Principal {
            name: String::new(),
            shown: shown.collect(),
        }
    };
    let judged = |list: &[(&str, Option<Bad>)]| judge(&oracle, "s16", &shown(list), "", None);
    assert_eq!(judged(&[]).status, 401);
    assert_eq!(judged(&[("first", None)]).status, 200);
    assert_eq!(judged(&[("second", None)]).status, 401);
    assert_eq!(
        judged(&[("first", None), ("third", Some(Bad::Forged))]).status,
        401
    );
    let both = judged(&[("second", None), ("third", None)]).fields.unwrap();
    assert!(
        both.contains("secondOnly") && both.contains("thirdOnly") && !both.contains("firstOnly")
    );
    // Who satisfies the first alternative gets nothing of the second.
    let all = judged(&[("first", None), ("second", None), ("third", None)])
        .fields
        .unwrap();
    assert!(all.contains("firstOnly") && !all.contains("secondOnly"));
}

#[test]
fn tokens_and_passwords_are_in_one_field() {
    let lines = algebra::lines_with_passwords();
    let judged = |name: &str, list: &[&str]| {
        let line = lines.iter().find(|line| line.name == name).unwrap();
        let oracle = Oracle::read(&algebra::document(std::slice::from_ref(line))).unwrap();
        let shown = list.iter().map(|scheme| {
            let claims = Claims {
                subject: (*scheme).to_owned(),
                roles: vec![(*scheme).to_owned()],
                ..Claims::default()
            };
            ((*scheme).to_owned(), Credential::Good(claims))
        });
        let principal = Principal {
            name: String::new(),
            shown: shown.collect(),
        };
        judge(&oracle, name, &principal, "", None).status
    };
    // `first` or `second`: each alone, and never two fields.
    assert_eq!(judged("s12", &["first"]), 200);
    assert_eq!(judged("s12", &["second"]), 200);
    assert_eq!(judged("s12", &["first", "second"]), 400);
    // `second` and `third` together; the key alone is half.
    assert_eq!(judged("s6", &["second", "third"]), 200);
    assert_eq!(judged("s6", &["third"]), 401);
    // Who need not say who they are must not say it in another word.
    assert_eq!(judged("o02", &[]), 200);
    // Where the field is not read, nothing in it counts.
    assert_eq!(judged("s4", &["third", "first", "second"]), 200);
}

#[test]
fn the_algebra_is_complete() {
    let lines = algebra::lines();
    let optional = lines
        .iter()
        .filter(|line| line.name.starts_with('o'))
        .count();
    // 8 sets of three schemes: 8 + 8·7 + 8·7·6 lists; those with `{}` and something else a second time.
    assert_eq!((lines.len() - optional, optional), (400, 7 * 2 + 7 * 6 * 3));
    assert_eq!(algebra::principals().len(), 27);
    // Without the two sets that hold the token and the password.
    let lines = algebra::lines_with_passwords();
    let optional = lines.iter().filter(|line| line.name.starts_with('o'));
    let optional = optional.count();
    assert_eq!((lines.len() - optional, optional), (156, 5 * 2 + 5 * 4 * 3));
}

#[test]
fn what_is_drawn_is_the_same_every_time_and_understood() {
    for seed in 0..200 {
        let document = random::document(seed);
        assert_eq!(document, random::document(seed));
        let read = Oracle::read(&document);
        assert!(read.is_ok(), "seed {seed}: {read:?}");
    }
}

fn sheets() -> Oracle {
    read(include_str!("../../tests/oracle/sheets.yaml"))
}

#[test]
fn guards_of_members_reach_into_maps_and_lists() {
    let oracle = sheets();
    let ada = caller(&oracle, ADA, &["member"], None);
    let chief = caller(&oracle, BOB, &["chief"], None);
    let status = |id, who, body| judge(&oracle, id, who, "1", Some(body)).status;
    let plain = json!({ "a": { "text": "t" } });
    let priced = json!({ "a": { "text": "t" }, "b": { "text": "t", "price": 1 } });
    assert_eq!(status("putLines", &ada, plain.clone()), 200);
    assert_eq!(status("putLines", &ada, priced.clone()), 403);
    assert_eq!(status("putLines", &chief, priced.clone()), 200);
    // The member that is not theirs comes before the one that is missing.
    let both = json!({ "a": {}, "b": { "text": "t", "price": 1 } });
    assert_eq!(status("putLines", &ada, both.clone()), 403);
    assert_eq!(status("putLines", &chief, both), 422);
    // What stands only at the beginning is neither sent later in a list nor, by `put`, in a map.
    let begun = json!({ "text": "t", "origin": "o" });
    assert_eq!(status("putLines", &chief, json!({ "a": begun })), 422);
    assert_eq!(status("deleteLines", &chief, json!([begun])), 422);
    let later = json!([{ "text": "t" }, { "text": "t", "price": 1 }]);
    assert_eq!(status("deleteLines", &ada, later.clone()), 403);
    assert_eq!(status("deleteLines", &chief, later), 204);
    assert_eq!(status("addLines", &ada, json!({ "lines": priced })), 403);
    for wrong in [json!({}), json!([]), json!("text"), json!({ "a": 1 })] {
        assert_eq!(status("putLines", &chief, wrong), 422);
    }
    // A rule speaks of each object, wherever that stands.
    let costs = |cost| json!({ "a": { "text": "t", "price": 7, "cost": cost } });
    assert_eq!(status("putLines", &chief, costs(6)), 200);
    assert_eq!(status("putLines", &chief, costs(7)), 422);
    // What of an answer is whose.
    let seen = |id, who: &Principal, body| judge(&oracle, id, who, "1", body).fields.unwrap();
    let has = |found: &std::collections::BTreeSet<String>| {
        ["text", "cost", "note"].map(|name| found.contains(&format!("one/{name}")))
    };
    assert_eq!(has(&seen("getLines", &ada, None)), [true, true, true]);
    assert_eq!(has(&seen("getLines", &chief, None)), [true, true, false]);
    assert_eq!(
        has(&seen("putLines", &chief, Some(plain.clone()))),
        [true, true, false]
    );
    let batch = Some(json!({ "lines": plain }));
    assert_eq!(has(&seen("addLines", &ada, batch)), [true, false, false]);
}

#[test]
fn a_number_has_one_spelling() {
    let oracle = sheets();
    let ada = caller(&oracle, ADA, &["member"], None);
    let status = |id| judge(&oracle, "getLines", &ada, id, None).status;
    assert_eq!(status("1"), 200);
    // Bob's is told of (`onDenied: 403`), the sixth is loaded as the first, and the ninth is none.
    assert_eq!(["2", "6", "9"].map(status), [403, 404, 404]);
    let wrong = [
        "01",
        "+1",
        "1.0",
        "1e0",
        " 1",
        "",
        "-",
        "9223372036854775808",
    ];
    assert_eq!(wrong.map(status), [422; 8]);
    assert_eq!(
        ["0", "-0", "-1", "9223372036854775807"].map(status),
        [404; 4]
    );
}
