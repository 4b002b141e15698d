//! A service made by hand for tests, small and with everything in it.

use crate::document::Place;
use crate::plan::*;

fn place() -> Place {
    Place::default()
}

pub fn text(min: u64, max: u64) -> Text {
    Text {
        min,
        max,
        max_declared: true,
        pattern: None,
        format: None,
    }
}

fn member(name: &str, value: ValueKind) -> Member {
    Member {
        name: name.into(),
        description: None,
        place: place(),
        required: false,
        required_in_request: false,
        required_in_reply: false,
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

fn object(
    name: &str,
    members: Vec<Member>,
    min_properties: u64,
    max_properties: Option<u64>,
) -> Type {
    let shape = Shape::Object(Object {
        rest: None,
        members,
        min_properties,
        max_properties,
        rules: Vec::new(),
    });
    Type {
        name: name.into(),
        description: None,
        place: place(),
        request: true,
        reply: true,
        shape,
    }
}

/// Alternatives of schemes.
fn by(alternatives: &[&[Means]]) -> Need {
    let asks = |means: &Means| Asks {
        means: *means,
        roles: vec![],
        scopes: vec![],
    };
    let alternative = |all: &&[Means]| Alternative {
        asks: all.iter().map(asks).collect(),
        identity: 0,
    };
    Need {
        alternatives: alternatives.iter().map(alternative).collect(),
        roles: vec![],
        scopes: vec![],
        policy: None,
        fresh: None,
        acr: vec![],
    }
}

fn key(name: &str, carrier: Carrier, prefix: &str, roles: u64) -> KeyScheme {
    KeyScheme {
        name: name.into(),
        carrier,
        keys: Setting::Env("NOTES_API_KEYS".into()),
        roles,
        prefix: prefix.into(),
        reason: None,
    }
}

fn need(roles: Vec<u64>) -> Access {
    Access::Caller(Need::of_first(roles, vec![]))
}

fn param(name: &str, location: In, required: bool, value: ValueKind) -> Param {
    Param {
        name: name.into(),
        location,
        required,
        description: None,
        value,
        separated: false,
        default: None,
        place: place(),
    }
}

fn operation(id: &str, method: &'static str, access: Access) -> Operation {
    Operation {
        id: id.into(),
        method,
        path: "/notes/{noteId}".into(),
        segments: vec![Segment::Literal("notes".into()), Segment::Param(0)],
        group: "notes".into(),
        tags: Vec::new(),
        deprecated: false,
        summary: None,
        description: None,
        place: place(),
        access,
        params: vec![param(
            "noteId",
            In::Path,
            true,
            ValueKind::Text(Text {
                format: Some(Format::Uuid),
                ..text(0, 36)
            }),
        )],
        body: None,
        replies: vec![Reply {
            rows: None,
            status: 200,
            description: String::new(),
            body: ReplyBody::Json(ReplyValue::One(TypeId(0))),
        }],
        flow: None,
        issuer: false,
        owns: vec![Ownership {
            resource: 0,
            kind: OwnKind::Owner {
                id: IdAt::Param(0),
                mode: Mode::Write,
            },
            decision: None,
            parent: None,
            implied: false,
        }],
        ids: Vec::new(),
        decision: None,
        quotas: vec![0],
        body_bytes: 65536,
        body_timeout_ms: 1000,
        handler_timeout_ms: 1000,
    }
}

/// What the service does itself, with the token in `TypeId(3)`.
fn flow(kind: FlowKind) -> Operation {
    let reason = "the token is the credential".to_owned();
    let mut flow = operation(kind.word(), "POST", Access::Public { reason });
    flow.path = format!("/{}", kind.word());
    flow.segments = vec![Segment::Literal(kind.word().into())];
    (flow.params, flow.owns, flow.quotas) = (vec![], vec![], vec![1]);
    flow.body = Some(Body {
        media: vec![Media::Json],
        parts: 0,
        required: true,
        value: ValueKind::Named(TypeId(3)),
    });
    flow.flow = Some(OwnFlow {
        kind,
        member: Some("token".into()),
    });
    flow
}

fn all_notes() -> (String, Vec<Segment>) {
    ("/notes".into(), vec![Segment::Literal("notes".into())])
}

/// Every construct once.
pub fn plan() -> Plan {
    let whole = Whole {
        min: 10,
        max: 120,
        min_declared: true,
        max_declared: true,
        min_exclusive: false,
        max_exclusive: false,
        multiple_of: Some(5),
    };
    let pattern = Pattern {
        source: "^[a-z]+$".into(),
        rust: "^[a-z]+$".into(),
    };
    let list = List {
        items: Box::new(ValueKind::Text(text(1, 60))),
        items_nullable: false,
        min: 1,
        max: 5,
        max_declared: true,
        unique: true,
    };
    let counts = Entries {
        values: Box::new(ValueKind::Boolean),
        values_nullable: false,
        min: 0,
        max: 2,
        names: Some(Names::Text(text(1, 3))),
    };
    let note = object(
        "Note",
        vec![
            Member {
                required: true,
                required_in_request: true,
                ..member("title", ValueKind::Text(text(3, 80)))
            },
            member(
                "tag",
                ValueKind::Text(Text {
                    pattern: Some(pattern),
                    ..text(1, 8)
                }),
            ),
            member(
                "mail",
                ValueKind::Text(Text {
                    format: Some(Format::Email),
                    ..text(0, 254)
                }),
            ),
            Member {
                nullable: true,
                ..member("minutes", ValueKind::Integer(whole))
            },
            member("done", ValueKind::Boolean),
            member("state", ValueKind::Named(TypeId(1))),
            member("labels", ValueKind::List(list)),
            member("inner", ValueKind::Named(TypeId(2))),
            member("counts", ValueKind::Map(counts)),
            Member {
                write: Write::Nobody,
                ..member("id", ValueKind::Text(text(0, 40)))
            },
            Member {
                write: Write::Create,
                ..member("born", ValueKind::Text(text(0, 40)))
            },
            Member {
                write: Write::Roles(2),
                ..member("grade", ValueKind::Text(text(0, 40)))
            },
        ],
        2,
        Some(4),
    );
    let words = Type {
        shape: Shape::Words(vec!["open".into(), "shut".into()]),
        ..object("State", vec![], 0, None)
    };
    // Contains itself.
    let inner = object(
        "Inner",
        vec![
            member("again", ValueKind::Named(TypeId(2))),
            member("name", ValueKind::Text(text(0, 9))),
        ],
        0,
        None,
    );
    let token = object(
        "Token",
        vec![Member {
            required: true,
            required_in_request: true,
            ..member("token", ValueKind::Text(text(1, 4096)))
        }],
        0,
        None,
    );
    let mut update = operation("updateNote", "PUT", need(vec![1]));
    update.body = Some(Body {
        media: vec![Media::Json],
        parts: 0,
        required: true,
        value: ValueKind::Named(TypeId(0)),
    });
    update.params.push(param(
        "page",
        In::Query,
        true,
        ValueKind::Integer(Whole {
            min: 1,
            max: 9,
            min_declared: true,
            max_declared: true,
            min_exclusive: false,
            max_exclusive: false,
            multiple_of: None,
        }),
    ));
    update.params.push(param(
        "X-Kind",
        In::Header,
        true,
        ValueKind::Named(TypeId(1)),
    ));
    let mut scoped = operation(
        "getNote",
        "GET",
        Access::Caller(Need::of_first(vec![], vec!["read".into(), "more".into()])),
    );
    scoped.handler_timeout_ms = 10_000;
    scoped.owns = vec![Ownership {
        resource: 0,
        kind: OwnKind::Any {
            id: IdAt::Param(0),
            mode: Mode::Read,
        },
        decision: None,
        parent: None,
        implied: false,
    }];
    let mut sign_up = operation(
        "signUp",
        "POST",
        Access::Public {
            reason: "new".into(),
        },
    );
    (sign_up.path, sign_up.segments) = all_notes();
    (sign_up.params, sign_up.owns, sign_up.quotas) = (vec![], vec![], vec![1]);
    sign_up.body = Some(Body {
        media: vec![Media::Json],
        parts: 0,
        required: true,
        value: ValueKind::Named(TypeId(0)),
    });
    let flows = [FlowKind::Refresh, FlowKind::Logout, FlowKind::Revoke].map(flow);
    let mut list = operation("listNotes", "GET", need(vec![]));
    (list.path, list.segments) = all_notes();
    list.params = vec![];
    list.owns = vec![Ownership {
        resource: 0,
        kind: OwnKind::List,
        decision: None,
        parent: None,
        implied: false,
    }];
    list.replies = vec![Reply {
        rows: Some((0, 100)),
        status: 200,
        description: String::new(),
        body: ReplyBody::Json(ReplyValue::Many(TypeId(0))),
    }];
    let mut denied = operation(
        "forgotten",
        "DELETE",
        Access::Denied {
            why: "nothing declared".into(),
        },
    );
    denied.owns = vec![];
    let alone = |id: &str, access: Access| {
        let mut alone = operation(id, "GET", access);
        (alone.path, alone.segments) = (format!("/{id}"), vec![Segment::Literal(id.into())]);
        (alone.params, alone.owns) = (vec![], vec![]);
        alone
    };
    let (bearer, partner, device) = (Means::Token(0), Means::Key(0), Means::Key(1));
    let either = Need {
        roles: vec![1],
        ..by(&[&[partner], &[bearer]])
    };
    let either = alone("either", Access::Caller(either));
    let both = alone("both", Access::Caller(by(&[&[partner, bearer], &[device]])));
    let optional = alone("optional", Access::Optional(by(&[&[partner], &[bearer]])));
    let ward = Means::Password(0);
    let ward = alone(
        "ward",
        Access::Caller(by(&[&[partner, ward], &[bearer], &[ward]])),
    );
    let quota = |name: &str, limit, failures_only| Quota {
        name: name.into(),
        limit,
        window_seconds: 60,
        by: vec![if failures_only { By::Ip } else { By::Subject }],
        failures_only,
        on_failure: OnStoreFailure::Deny,
    };
    Plan {
        principal: Vec::new(),
        policies: Vec::new(),
        published: Published::default(),
        document: "notes.yaml".into(),
        title: "Notes \"é\"".into(),
        version: "1".into(),
        description: None,
        mount: "/v1".into(),
        roles: ["writer", "grader"]
            .iter()
            .enumerate()
            .map(|(bit, name)| Role {
                name: (*name).into(),
                description: None,
                holds: 1 << bit,
            })
            .collect(),
        schemes: vec![Scheme {
            name: "login".into(),
            issuer: Setting::Env("NOTES_ISSUER".into()),
            audience: vec![Setting::Literal("notes".into())],
            algorithms: vec!["ES256".into()],
            keys: Keys {
                from: Setting::Env("NOTES_KEYS".into()),
                holds: Holds::Issued,
                refresh_seconds: 600,
                cooldown_seconds: 60,
                private: None,
            },
            access_token_profile: true,
            leeway_seconds: 30,
            max_lifetime_seconds: 3600,
            max_bytes: 8192,
            claims: Claims {
                subject: "/sub".into(),
                roles: "/realm/roles".into(),
                scopes: "/scope".into(),
                tenant: "/tenant".into(),
                session: "/sid".into(),
            },
            identity: false,
        }],
        keys: vec![
            key("partner", Carrier::Header("X-Partner".into()), "note_", 0),
            key("device", Carrier::Query("key".into()), "", 2),
        ],
        passwords: vec![PasswordScheme {
            name: "ward".into(),
            roles: 0,
            reason: "The monitors can do nothing else.".into(),
        }],
        resources: vec![Resource {
            name: "Note".into(),
            param: "noteId".into(),
            tenant: true,
            on_denied: OnDenied::NotFound,
            bypass: 2,
            attributes: Vec::new(),
            parent: None,
            id: IdRule::Text(Text {
                format: Some(Format::Uuid),
                ..text(0, 36)
            }),
            place: place(),
        }],
        quotas: vec![quota("standard", 100, false), quota("auth", 10, true)],
        revocation: Some(Revocation {
            jti: true,
            subject: true,
            session: true,
        }),
        tokens: Some(Tokens {
            scheme: 0,
            access_seconds: 600,
            refresh_seconds: 3000,
            idle_seconds: 1000,
            grace_seconds: 0,
        }),
        cors: Some(Cors {
            origins: Origins::Env("NOTES_ORIGINS".into()),
            credentials: true,
            max_age_seconds: Some(600),
            expose: vec![],
        }),
        certificates: vec![],
        tls: None,
        limits: Limits {
            body_bytes: 65536,
            uri_bytes: 8192,
            header_bytes: 16384,
            header_count: 64,
            header_timeout_ms: 10_000,
            body_timeout_ms: 1000,
            handler_timeout_ms: 1000,
            connections: 100,
            per_ip: 100,
            ip_rate: (3000, 60),
            concurrency: 100,
            json_depth: 32,
            string: 4096,
            array: 1000,
            object: 256,
        },
        types: vec![note, words, inner, token],
        operations: [
            scoped, update, denied, sign_up, list, either, both, optional, ward,
        ]
        .into_iter()
        .chain(flows)
        .collect(),
    }
}
