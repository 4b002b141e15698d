//! Types declared as emitted files declare them, admitted and written.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod unions;

use crate::grants::Grants;
use crate::json::{self, Put, Take};
use crate::reply;
use crate::schema::{List, Object, Pattern, Schema, Text, Whole, Write};
use crate::secret::Secret;
use crate::spec::RoleSet;
use std::collections::BTreeMap;

const CLERK: RoleSet = 1;

crate::words! {
    /// How it stands.
    pub enum Status {
        Open = "open",
        InDoubt = "in doubt",
    }
}

static PHONE: Pattern = Pattern::new("^[0-9]+$");

crate::request! {
    /// A person as it is taken.
    #[size(1, 6)]
    #[never("id", Text::new(0, 9))]
    pub struct NewPerson {
        /// As the passport has it.
        #[required("full name", Text::new(1, 5))]
        pub full_name: String,
        #[optional("phone", Text::new(0, 9).pattern(&PHONE), or_null)]
        pub phone: Option<Option<String>>,
        #[optional("note", Text::new(0, 9))]
        #[write(Roles(CLERK))]
        pub note: Option<String>,
        #[optional("code", Whole::new(1, 9))]
        #[write(Create)]
        pub code: Option<i64>,
        #[optional("marks", List::new(Status::SCHEMA, 0, 2).unique())]
        pub marks: Option<Vec<Status>>,
        #[optional("pets", List::new(NewPet::TABLE, 0, 2))]
        pub pets: Option<Vec<NewPet>>,
        #[optional("password", Text::new(3, 9))]
        pub password: Option<Secret>,
    }
}

crate::request! {
    /// With nothing that must be there.
    pub struct NewPet {
        #[optional("tame", Schema::Boolean)]
        pub tame: Option<bool>,
    }
}

crate::request! {
    /// Members called like what the decoder is written with.
    pub struct Names {
        #[required("required", Schema::Boolean)]
        pub required: bool,
        #[optional("optional", Schema::Boolean)]
        pub optional: Option<bool>,
        #[required("json", Schema::Boolean)]
        pub json: bool,
        #[required("key", Schema::Boolean)]
        pub key: bool,
        #[required("by", Schema::Boolean)]
        pub by: bool,
        #[required("rule", Schema::Boolean)]
        pub rule: bool,
        #[required("value", Schema::Boolean)]
        pub value: bool,
        #[required("member", Schema::Boolean)]
        pub member: bool,
    }
}

crate::request! {
    /// Nothing may be sent.
    pub struct Nothing {}
}

crate::reply! {
    /// A person as it leaves.
    pub struct Person {
        #[name("full name")]
        pub full_name: String,
        #[read(OwnerOr(CLERK))]
        pub phone: Option<Option<String>>,
        #[member(nullable)]
        #[read(Owner)]
        pub code: Option<i64>,
        #[read(Roles(CLERK))]
        pub note: String,
        pub marks: Option<Vec<Status>>,
        pub pets: Vec<Pet>,
    }
}

crate::reply! {
    pub struct Pet {
        pub tame: bool,
    }
}

const fn by(roles: RoleSet, owner: bool, creating: bool) -> Grants {
    Grants {
        roles,
        owner,
        creating,
    }
}

const NOBODY: Grants = by(0, false, false);

fn take<T: Take>(text: &str, by: &Grants) -> Option<T> {
    // The type knows its own rule; what stands around it is for lists of it.
    static ANY: Schema = Schema::Boolean;
    json::decode(text.as_bytes(), 9, |json| T::take(json, &ANY, by))
}

#[test]
fn what_is_declared_is_taken_whole() {
    let text = r#"{"pets":[{"tame":true},{}],"full name":"Ada","phone":"12","marks":["open","in doubt"],"password":"geheim"}"#;
    let person: NewPerson = take(text, &NOBODY).unwrap();
    assert_eq!(person.full_name, "Ada");
    assert_eq!(person.phone, Some(Some("12".to_owned())));
    assert_eq!(person.marks, Some(vec![Status::Open, Status::InDoubt]));
    let pets = person.pets.unwrap();
    assert_eq!((pets[0].tame, pets[1].tame), (Some(true), None));
    assert_eq!(person.password.unwrap().expose(), "geheim");
    assert!(person.note.is_none() && person.code.is_none());
    let person: NewPerson = take(r#"{"full name":"Ada","phone":null}"#, &NOBODY).unwrap();
    assert_eq!(person.phone, Some(None));
    assert!(take::<Nothing>("{}", &NOBODY).is_some());
    assert!(matches!(Nothing::TABLE, Schema::Object(table) if table.members.is_empty()));
}

#[test]
fn names_of_members_are_only_names() {
    let text = r#"{"required":true,"json":false,"key":true,"by":true,"rule":true,"value":true,"member":true}"#;
    let names: Names = take(text, &NOBODY).unwrap();
    assert_eq!(
        (names.required, names.optional, names.json),
        (true, None, false)
    );
    assert!(names.key && names.by && names.rule && names.value && names.member);
    let Schema::Object(table) = Names::TABLE else {
        panic!("no object");
    };
    assert_eq!(table.members.len(), 8);
}

#[test]
fn what_is_not_declared_is_refused() {
    for text in [
        // Required and absent, unknown, twice.
        "{}",
        r#"{"full name":"Ada","x":1}"#,
        r#"{"full name":"Ada","full name":"Ada"}"#,
        r#"{"full name":"Ada","phone":null,"phone":null}"#,
        // The name of a field is none of a member.
        r#"{"full name":"Ada","full_name":"Ada"}"#,
        // Rules.
        r#"{"full name":""}"#,
        r#"{"full name":"Ada","phone":"x"}"#,
        r#"{"full name":null}"#,
        r#"{"full name":"Ada","marks":["open","open"]}"#,
        r#"{"full name":"Ada","marks":["open","shut"]}"#,
        r#"{"full name":"Ada","pets":[{},{},{}]}"#,
        r#"{"full name":"Ada","pets":[{"tame":1}]}"#,
        r#"{"full name":"Ada","password":"ab"}"#,
        // Nobody's, and others'.
        r#"{"full name":"Ada","id":"x"}"#,
        r#"{"full name":"Ada","note":"x"}"#,
        r#"{"full name":"Ada","code":1}"#,
        // Not an object, or not only one.
        "[]",
        r#"{"full name":"Ada"} 1"#,
    ] {
        assert!(take::<NewPerson>(text, &NOBODY).is_none(), "{text}");
    }
    assert!(take::<Nothing>(r#"{"a":1}"#, &NOBODY).is_none());
}

#[test]
fn how_many_members_is_counted() {
    let six = r#"{"full name":"Ada","phone":null,"note":"x","code":1,"marks":[],"pets":[]}"#;
    let seven = six.replace("}", r#","password":"abc"}"#);
    let all = by(CLERK, false, true);
    assert!(take::<NewPerson>(six, &all).is_some());
    assert!(take::<NewPerson>(&seven, &all).is_none());
}

#[test]
fn who_may_write_may() {
    let note = r#"{"full name":"Ada","note":"x"}"#;
    assert!(take::<NewPerson>(note, &by(CLERK, false, false)).is_some());
    assert!(take::<NewPerson>(note, &by(CLERK << 1, true, true)).is_none());
    let code = r#"{"full name":"Ada","code":1}"#;
    assert!(take::<NewPerson>(code, &by(0, false, true)).is_some());
    assert!(take::<NewPerson>(code, &by(CLERK, true, false)).is_none());
    let id = r#"{"full name":"Ada","id":"x"}"#;
    assert!(take::<NewPerson>(id, &by(u64::MAX, true, true)).is_none());
}

#[test]
fn the_table_has_every_member() {
    let Schema::Object(Object {
        members,
        min,
        max,
        rules: None,
        rest: None,
    }) = NewPerson::TABLE
    else {
        panic!("no object");
    };
    let names: Vec<_> = members
        .iter()
        .map(|each| (each.name, each.required))
        .collect();
    let optional = ["phone", "note", "code", "marks", "pets", "password", "id"];
    let mut expected = vec![("full name", true)];
    expected.extend(optional.map(|name| (name, false)));
    assert_eq!(names, expected);
    assert_eq!((*min, *max), (1, 6));
    assert_eq!(members.last().unwrap().write, Write::Nobody);
}

fn written(value: &impl Put, by: &Grants) -> String {
    let mut w = json::Writer::new();
    value.put(&mut w, by);
    String::from_utf8(w.into_bytes()).unwrap()
}

#[test]
fn who_may_read_sees_and_nobody_else() {
    let person = Person {
        full_name: "Ada".to_owned(),
        phone: Some(None),
        code: None,
        note: "n".to_owned(),
        marks: Some(vec![Status::InDoubt]),
        pets: vec![Pet { tame: false }],
    };
    let rest = r#""marks":["in doubt"],"pets":[{"tame":false}]}"#;
    for (by, shown) in [
        (NOBODY, r#"{"full name":"Ada","#),
        (by(CLERK << 1, false, true), r#"{"full name":"Ada","#),
        (
            by(0, true, false),
            r#"{"full name":"Ada","phone":null,"code":null,"#,
        ),
        (
            by(CLERK, false, false),
            r#"{"full name":"Ada","phone":null,"note":"n","#,
        ),
        (
            by(CLERK, true, false),
            r#"{"full name":"Ada","phone":null,"code":null,"note":"n","#,
        ),
    ] {
        assert_eq!(written(&person, &by), format!("{shown}{rest}"));
    }
    let absent = Person {
        phone: None,
        marks: None,
        pets: Vec::new(),
        ..person
    };
    assert_eq!(
        written(&absent, &by(CLERK, false, false)),
        r#"{"full name":"Ada","note":"n","pets":[]}"#
    );
}

#[test]
fn rows_show_what_is_the_callers_own() {
    let person = |name: &str| Person {
        full_name: name.to_owned(),
        phone: None,
        code: Some(7),
        note: String::new(),
        marks: None,
        pets: Vec::new(),
    };
    struct Admitted(Vec<(Person, bool)>, Option<&'static str>);
    impl reply::Rows<Person> for Admitted {
        fn admitted(&self) -> &[(Person, bool)] {
            &self.0
        }
        fn undecided(&self) -> Option<&'static str> {
            self.1
        }
    }
    let rows = || vec![(person("a"), true), (person("b"), false)];
    let Ok(response) = reply::rows(200, &Admitted(rows(), None), &NOBODY) else {
        panic!("rows are an answer");
    };
    assert!(response.extensions().is_empty());
    let Ok(unsure) = reply::rows(200, &Admitted(rows(), Some("treats")), &NOBODY) else {
        panic!("rows are an answer");
    };
    let told = unsure.extensions().get::<reply::Unsure>();
    assert_eq!(told.map(|told| told.0), Some("treats"));
    use http_body::Body as _;
    let text = r#"[{"full name":"a","code":7,"pets":[]},{"full name":"b","pets":[]}]"#;
    assert_eq!(response.body().size_hint().exact(), Some(text.len() as u64));
}

/// A handler as an operation declares it, and what becomes of its answers.
#[allow(dead_code)]
mod answers {
    use super::{NOBODY, Person};
    use axum::http::StatusCode;
    use http_body::Body as _;

    crate::handler! {
        pub struct Call {
            pub name: String,
        }
        pub enum Reply {
            /// The person.
            Ok(Person) = one(200),
            /// The new person.
            Created(Person) = created(201),
            Found(Vec<Person>) = many(203),
            NoContent = nothing(204),
            NotFound = refused(404),
        }
        /// Finds a person.
        #[missing = "no handler in `{Self}`"]
        #[stub = "`stub` gives one"]
        pub trait Find {
            fn find(call: Call) -> Reply;
        }
    }

    fn person() -> Person {
        Person {
            full_name: "Ada".to_owned(),
            phone: None,
            code: Some(7),
            note: String::new(),
            marks: None,
            pets: Vec::new(),
        }
    }

    #[test]
    fn each_answer_has_its_status_and_is_written_as_it_says() {
        let shown = r#"{"full name":"Ada","pets":[]}"#.len();
        let own = r#"{"full name":"Ada","code":7,"pets":[]}"#.len();
        for (reply, status, length) in [
            (Reply::Ok(person()), 200, shown),
            // Whoever created it owns it.
            (Reply::Created(person()), 201, own),
            (Reply::Found(vec![person()]), 203, shown + 2),
            (Reply::NoContent, 204, 0),
        ] {
            let Ok(response) = reply.answer(&NOBODY) else {
                panic!("{status} is an answer");
            };
            assert_eq!(response.status(), StatusCode::from_u16(status).unwrap());
            let written = response.body().size_hint().exact();
            assert_eq!(written, u64::try_from(length).ok());
        }
        assert!(Reply::NotFound.answer(&NOBODY).is_err());
    }
}

crate::request! {
    /// With members that nobody named.
    #[size(1, 3)]
    #[never("id", Text::new(0, 9))]
    pub struct NewHit {
        #[required("score", Whole::new(0, 9))]
        pub score: i64,
        #[rest(Whole::new(0, 9).schema().or_null())]
        pub others: BTreeMap<String, Option<i64>>,
    }
}

reply! {
    /// Two members of it are in no reply of everybody.
    pub struct Hit {
        pub score: i64,
        #[read(Roles(CLERK))]
        pub note: Option<String>,
        #[rest("score", "note", "id")]
        pub others: BTreeMap<String, i64>,
    }
}

#[test]
fn members_that_nobody_named_are_taken_and_declared_ones_are_none_of_them() {
    let by = Grants::default();
    let taken = |body: &str| {
        let taken = json::decode(body.as_bytes(), 8, |r| NewHit::take(r, &NewHit::TABLE, &by));
        taken.map(|hit| (hit.score, hit.others.into_iter().collect::<Vec<_>>()))
    };
    let told = |body: &str| {
        let value = json::Value::parse(body.as_bytes(), 8).unwrap();
        let found = crate::schema::violations(&NewHit::TABLE, &value, &[], &by);
        let found = found.into_iter().map(|each| (each.pointer, each.code));
        found.collect::<Vec<_>>()
    };
    let other = |name: &str, value| (name.to_owned(), value);
    assert_eq!(
        taken(r#"{"a":1,"score":2,"":null}"#),
        Some((2, vec![other("", None), other("a", Some(1))]))
    );
    for (body, pointer, code) in [
        (r#"{"score":1,"id":1}"#, "/id", "readOnly"),
        (r#"{"score":1,"a":10}"#, "/a", "maximum"),
        (r#"{"score":1,"a":"x"}"#, "/a", "type"),
        (r#"{"a":1}"#, "/score", "required"),
        (r#"{"score":1,"a":1,"b":1,"c":1}"#, "", "maxProperties"),
    ] {
        assert_eq!(taken(body), None, "{body}");
        assert_eq!(told(body), [(pointer.to_owned(), code)], "{body}");
    }
    assert_eq!(taken(r#"{"score":1,"a":1,"a":1}"#), None);
}

/// Whoever may read it: what is declared leaves by its own member or not at all.
#[test]
fn nothing_that_is_declared_leaves_among_the_others() {
    for roles in [0, CLERK] {
        let grants = Grants {
            roles,
            ..Grants::default()
        };
        for (name, leaves) in [
            ("a", true),
            ("note", false),
            ("id", false),
            ("score", false),
        ] {
            let hit = Hit {
                score: 1,
                note: None,
                others: BTreeMap::from([(name.to_owned(), 2)]),
            };
            let answer = crate::reply::one(200, &hit, &grants);
            assert_eq!(answer.is_ok(), leaves, "{name}");
            assert_eq!(crate::reply::many(200, &[hit], &grants).is_ok(), leaves);
        }
    }
}
