//! The emitters on a plan made by hand: everything they emit is Rust, whatever the names in it.

use crate::document::Place;
use crate::emit::Files;
use crate::plan::*;

fn text(max: u64) -> Text {
    Text {
        min: 1,
        max,
        max_declared: true,
        pattern: None,
        format: None,
    }
}

fn member(name: &str, value: ValueKind) -> Member {
    Member {
        name: name.to_owned(),
        description: Some(name.to_owned()),
        place: Place::default(),
        required: true,
        required_in_request: true,
        required_in_reply: true,
        nullable: false,
        value,
        write: Write::Anyone,
        read: Read::Anyone,
        secret: false,
        personal: false,
        password: false,
        proved: None,
    }
}

/// A plan that uses everything, in which every name of the document is made by `name`.
pub fn plan(name: impl Fn(&str) -> String) -> Plan {
    let pattern = Pattern {
        source: name("pattern"),
        rust: name("pattern"),
    };
    let object = Object {
        rest: None,
        members: vec![
            Member {
                write: Write::Nobody,
                ..member(
                    &name("id"),
                    ValueKind::Text(Text {
                        format: Some(Format::Uuid),
                        ..text(36)
                    }),
                )
            },
            Member {
                secret: true,
                read: Read::Nobody,
                ..member(
                    &name("password"),
                    ValueKind::Text(Text {
                        pattern: Some(pattern),
                        ..text(80)
                    }),
                )
            },
            Member {
                required: false,
                required_in_request: false,
                required_in_reply: false,
                nullable: true,
                write: Write::Roles(2),
                read: Read::Some {
                    roles: 2,
                    owner: true,
                },
                ..member(
                    &name("by"),
                    ValueKind::Integer(Whole {
                        min: i64::MIN,
                        max: 5,
                        min_declared: false,
                        max_declared: true,
                        min_exclusive: false,
                        max_exclusive: false,
                        multiple_of: Some(5),
                    }),
                )
            },
            Member {
                write: Write::Create,
                required: false,
                required_in_request: false,
                ..member(&name("json"), ValueKind::Boolean)
            },
            member(&name("word"), ValueKind::Named(TypeId(1))),
            member(
                &name("list"),
                ValueKind::List(List {
                    items: Box::new(ValueKind::Named(TypeId(2))),
                    items_nullable: false,
                    min: 0,
                    max: 9,
                    max_declared: true,
                    unique: false,
                }),
            ),
        ],
        min_properties: 1,
        max_properties: Some(9),
        rules: Vec::new(),
    };
    let inner = Object {
        rest: None,
        members: vec![member(&name("Self"), ValueKind::Boolean)],
        min_properties: 0,
        max_properties: None,
        rules: Vec::new(),
    };
    let shape = |each: &str, shape: Shape| Type {
        name: name(each),
        description: Some(name(each)),
        place: Place::default(),
        request: true,
        reply: true,
        shape,
    };
    let id = || Param {
        name: name("userId"),
        location: In::Path,
        required: true,
        description: None,
        value: ValueKind::Text(text(36)),
        separated: false,
        default: None,
        place: Place::default(),
    };
    let operation =
        |each: &str, method: &'static str, owns: Vec<Ownership>, reply: ReplyValue| Operation {
            id: name(each),
            method,
            path: format!("/{}/{{{}}}", name("users"), name("userId")),
            segments: vec![Segment::Literal(name("users")), Segment::Param(0)],
            group: name("group"),
            tags: Vec::new(),
            deprecated: false,
            summary: Some(name("summary")),
            description: None,
            place: Place::default(),
            access: Access::Caller(Need::of_first(vec![2], vec![name("scope")])),
            params: vec![
                id(),
                Param {
                    name: name("x"),
                    location: In::Query,
                    required: false,
                    description: None,
                    value: ValueKind::Named(TypeId(1)),
                    separated: false,
                    default: Some(Default::Text(name("one"))),
                    place: Place::default(),
                },
                Param {
                    name: name("Body"),
                    location: In::Header,
                    required: false,
                    description: None,
                    value: ValueKind::Boolean,
                    separated: false,
                    default: None,
                    place: Place::default(),
                },
            ],
            body: (method != "GET").then_some(Body {
                media: vec![Media::Json],
                parts: 0,
                required: method == "PUT",
                value: ValueKind::Named(TypeId(0)),
            }),
            replies: vec![
                Reply {
                    rows: None,
                    status: 200,
                    description: name("ok"),
                    body: ReplyBody::Json(reply),
                },
                Reply {
                    rows: None,
                    status: 404,
                    description: name("none"),
                    body: ReplyBody::Problem,
                },
                Reply {
                    rows: None,
                    status: 299,
                    description: name("odd"),
                    body: ReplyBody::Empty,
                },
            ],
            flow: None,
            issuer: false,
            decision: None,
            owns,
            ids: Vec::new(),
            quotas: vec![0],
            body_bytes: 100,
            body_timeout_ms: 100,
            handler_timeout_ms: 100,
        };
    let owner = |mode| Ownership {
        resource: 0,
        kind: OwnKind::Owner {
            id: IdAt::Param(0),
            mode,
        },
        decision: None,
        parent: None,
        implied: false,
    };
    let denied = Operation {
        access: Access::Denied { why: name("why") },
        ..operation("denied", "POST", vec![], ReplyValue::One(TypeId(0)))
    };
    Plan {
        principal: Vec::new(),
        policies: Vec::new(),
        published: Published::default(),
        document: "spec.yaml".into(),
        title: name("title"),
        version: name("1"),
        description: Some(name("description")),
        mount: "/v1".into(),
        roles: vec![
            Role {
                name: name("member"),
                description: Some(name("member")),
                holds: 1,
            },
            Role {
                name: name("admin"),
                description: None,
                holds: 3,
            },
        ],
        schemes: vec![Scheme {
            name: name("bearer"),
            issuer: Setting::Literal(name("issuer")),
            audience: vec![Setting::Env(name("AUDIENCE"))],
            algorithms: vec!["EdDSA".into()],
            keys: Keys {
                from: Setting::File(name("keys")),
                holds: Holds::Anything,
                refresh_seconds: 600,
                cooldown_seconds: 60,
                private: None,
            },
            access_token_profile: true,
            leeway_seconds: 30,
            max_lifetime_seconds: 3600,
            max_bytes: 8192,
            claims: Claims {
                subject: name("/sub"),
                roles: name("/roles"),
                scopes: name("/scope"),
                tenant: name("/tenant"),
                session: name("/sid"),
            },
            identity: false,
        }],
        keys: vec![],
        passwords: Vec::new(),
        resources: vec![Resource {
            name: name("User"),
            param: name("userId"),
            tenant: true,
            on_denied: OnDenied::Forbidden,
            bypass: 2,
            attributes: Vec::new(),
            parent: None,
            id: IdRule::Text(text(36)),
            place: Place::default(),
        }],
        quotas: vec![Quota {
            name: name("standard"),
            limit: 100,
            window_seconds: 60,
            by: vec![By::Subject],
            failures_only: false,
            on_failure: OnStoreFailure::Local,
        }],
        revocation: None,
        tokens: None,
        cors: Some(Cors {
            origins: Origins::List(vec![name("https://a.example")]),
            credentials: true,
            max_age_seconds: Some(600),
            expose: vec![name("X-A")],
        }),
        certificates: vec![],
        tls: None,
        limits: Limits {
            body_bytes: 1,
            uri_bytes: 1,
            header_bytes: 1,
            header_count: 1,
            header_timeout_ms: 1,
            body_timeout_ms: 1,
            handler_timeout_ms: 1,
            connections: 1,
            per_ip: 1,
            ip_rate: (1, 1),
            concurrency: 1,
            json_depth: 1,
            string: 1,
            array: 1,
            object: 1,
        },
        types: vec![
            shape("User", Shape::Object(object)),
            shape(
                "Word",
                Shape::Words(vec![name("one"), name("Self"), name("two words")]),
            ),
            shape("Option", Shape::Object(inner)),
        ],
        operations: vec![
            operation(
                "getUser",
                "GET",
                vec![owner(Mode::Read)],
                ReplyValue::One(TypeId(0)),
            ),
            operation(
                "putUser",
                "PUT",
                vec![owner(Mode::Write)],
                ReplyValue::One(TypeId(0)),
            ),
            operation("postUser", "POST", vec![], ReplyValue::Many(TypeId(0))),
            operation(
                "list",
                "GET",
                vec![Ownership {
                    resource: 0,
                    kind: OwnKind::List,
                    decision: None,
                    parent: None,
                    implied: false,
                }],
                ReplyValue::Many(TypeId(0)),
            ),
            denied,
        ],
    }
}

fn emitted(plan: &Plan) -> Files {
    let mut files = Files::new();
    super::api(plan, "crate", &mut files);
    super::service(plan, &mut files);
    files
}

#[test]
fn every_file_is_rust_whatever_the_names() {
    let hostile = [
        "",
        "\"; fn sentinel() {} //",
        "*/ fn sentinel() {} /*",
        "a\nfn sentinel() {}\n",
        "a\rfn sentinel() {}",
        "\u{202e}sentinel\u{2028}fn x() {}",
        "```\nfn main() { sentinel() }\n```",
        "{{ sentinel }}{% x %}{}",
        "\\\" sentinel \\",
        "../../sentinel",
        "r#\"sentinel\"#",
        "#![sentinel]",
    ];
    for poison in hostile {
        let plan = plan(|name| format!("{name}{poison}"));
        for (path, file) in emitted(&plan) {
            assert!(!path.contains("..") && !path.contains('\n'), "{path:?}");
            let parsed = syn::parse_file(&file.text);
            assert!(
                parsed.is_ok() && !file.text.contains("compile_error!"),
                "{poison:?}: {path}\n{}",
                file.text
            );
            let code = format!("{:?}", parsed.map(|file| idents(quote::quote!(#file))));
            assert!(
                !code.contains("\"sentinel\""),
                "{poison:?} became code in {path}"
            );
        }
    }
}

/// Every identifier of a file.
fn idents(tokens: proc_macro2::TokenStream) -> Vec<String> {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            proc_macro2::TokenTree::Group(group) => idents(group.stream()),
            proc_macro2::TokenTree::Ident(ident) => vec![ident.to_string()],
            _ => vec![],
        })
        .collect()
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    assert_eq!(emitted(&plan(str::to_owned)), emitted(&plan(str::to_owned)));
}

#[test]
fn a_denied_operation_has_no_handler() {
    let files = emitted(&plan(str::to_owned));
    let text = files
        .get("api/src/operations/denied.rs")
        .map(|file| file.text.as_str())
        .unwrap_or_default();
    assert!(
        text.contains("Access::Denied") && !text.contains("pub trait"),
        "{text}"
    );
    assert!(
        !files
            .keys()
            .any(|path| path.starts_with("service/src/handlers/") && path.contains("denied"))
    );
}
