//! Attacks on the flows: what is sent one after the other in a session, as data for `tests/sessions.rs`.
//!
//! A step either begins a session as a login does (`issue`), lets time pass (`wait`), or sends a request (`to`) with tokens
//! of pairs that came before: `bearer` and `token` name one as `a.access` or `a.refresh`. `save` names the pair that comes
//! back. `at_once` sends a request so many times at the same moment, of which `good` have the status.

use super::scene::{CALLER, Scene, TENANT};
use crate::plan::{Access, FlowKind, Operation, Plan};
use serde_json::{Map, Value, json};

/// One attack: what it is called, what follows what.
pub struct Session {
    pub kind: &'static str,
    pub name: &'static str,
    pub steps: Vec<Value>,
}

/// Where the steps are sent.
struct Ways<'a> {
    refresh: Option<&'a Operation>,
    logout: Option<&'a Operation>,
    revoke: Option<&'a Operation>,
    /// Whether a token is good is seen at some operation that asks for one of this service.
    guarded: bool,
    grace: u64,
    access: u64,
    idle: u64,
    whole: u64,
}

/// All of them; none where the service issues no tokens.
pub fn all(plan: &Plan) -> Vec<Session> {
    let Some(tokens) = &plan.tokens else {
        return Vec::new();
    };
    let of = |kind| {
        plan.operations
            .iter()
            .find(|each| each.flow.as_ref().is_some_and(|flow| flow.kind == kind))
    };
    let ways = Ways {
        refresh: of(FlowKind::Refresh),
        logout: of(FlowKind::Logout),
        revoke: of(FlowKind::Revoke),
        guarded: guarded(plan).is_some(),
        grace: tokens.grace_seconds,
        access: tokens.access_seconds,
        idle: tokens.idle_seconds,
        whole: tokens.refresh_seconds,
    };
    let mut sessions = Vec::new();
    if ways.refresh.is_some() {
        sessions.extend(ways.renewing());
    }
    if ways.logout.is_some() {
        sessions.extend(ways.leaving());
    }
    if ways.revoke.is_some() {
        sessions.extend(ways.giving_back());
    }
    sessions
}

/// An operation that a caller of the issued scheme gets into; not one of the flows.
pub fn guarded(plan: &Plan) -> Option<&Operation> {
    let tokens = plan.tokens.as_ref()?;
    plan.operations.iter().find(|each| {
        each.flow.is_none()
            && matches!(&each.access, Access::Caller(need) if need.is_by_token_alone(tokens.scheme))
    })
}

/// For the runner: whom a session is of, with every role and scope that an operation asks for.
pub fn login(scene: &Scene<'_>) -> Value {
    let plan = scene.plan;
    let roles: Vec<&str> = plan.roles.iter().map(|role| role.name.as_str()).collect();
    let mut scopes: Vec<&str> = Vec::new();
    for operation in &plan.operations {
        if let Access::Caller(need) = &operation.access {
            scopes.extend(need.demands().flat_map(|demand| demand.scopes));
        }
    }
    scopes.sort_unstable();
    scopes.dedup();
    json!({ "subject": CALLER, "roles": roles, "scopes": scopes, "tenant": TENANT })
}

impl Ways<'_> {
    fn session(
        &self,
        kind: &'static str,
        name: &'static str,
        steps: Vec<Option<Value>>,
    ) -> Session {
        Session {
            kind,
            name,
            steps: steps.into_iter().flatten().collect(),
        }
    }

    /// Whether the access token of a pair is good, where there is an operation to try it at.
    fn is(&self, pair: &str, status: u16) -> Option<Value> {
        let to = json!({ "to": "guarded", "bearer": format!("{pair}.access"), "status": status });
        self.guarded.then_some(to)
    }

    fn renew(&self, token: &str, save: &str) -> Option<Value> {
        Some(send(
            "refresh",
            self.refresh,
            token,
            200,
            &[("save", json!(save))],
        ))
    }

    fn refused(&self, token: &str) -> Option<Value> {
        let code = [("code", json!("invalid_grant"))];
        Some(send("refresh", self.refresh, token, 400, &code))
    }

    /// P29 to P35.
    fn renewing(&self) -> Vec<Session> {
        let reused = || {
            let step = self.refused("a.refresh")?;
            Some(with(step, "event", json!("token.reuse_detected")))
        };
        // Within its grace a token is no theft yet.
        let late = || (self.grace > 0).then(|| json!({ "wait": self.grace + 1 }));
        let mut all = vec![
            self.session(
                "refresh",
                "a pair is good once",
                vec![
                    issue("a"),
                    self.is("a", 599),
                    self.renew("a.refresh", "b"),
                    self.is("b", 599),
                    self.renew("b.refresh", "c"),
                ],
            ),
            self.session(
                "reuse",
                "a token that was used up ends its session, and no other",
                vec![
                    issue("a"),
                    issue("x"),
                    self.renew("a.refresh", "b"),
                    late(),
                    reused(),
                    self.is("a", 401),
                    self.is("b", 401),
                    self.refused("b.refresh"),
                    self.is("x", 599),
                    self.renew("x.refresh", "y"),
                ],
            ),
            self.session(
                "reuse",
                "at once, one is served",
                vec![issue("a"), {
                    let good = match self.grace {
                        0 => json!(1),
                        _ => json!(50),
                    };
                    let more = [("at_once", json!(50)), ("good", good)];
                    // The other forty-nine are thefts, or within the grace.
                    Some(send("refresh", self.refresh, "a.refresh", 200, &more))
                }],
            ),
            self.session(
                "refresh",
                "a session that idles ends",
                vec![
                    issue("a"),
                    Some(json!({ "wait": self.idle })),
                    self.refused("a.refresh"),
                ],
            ),
            self.session(
                "refresh",
                "an access token is none",
                vec![issue("a"), self.refused("a.access"), self.is("a", 599)],
            ),
            self.session(
                "refresh",
                "without the store nothing is given, and nothing lost",
                vec![
                    issue("a"),
                    Some(json!({ "store": false })),
                    Some(send("refresh", self.refresh, "a.refresh", 503, &[])),
                    Some(json!({ "store": true })),
                    self.renew("a.refresh", "b"),
                ],
            ),
        ];
        let times = self.whole / (self.idle.max(2) - 1);
        if times <= 100 {
            let mut steps = vec![issue("a")];
            for _ in 0..times {
                steps.push(Some(json!({ "wait": self.idle.max(2) - 1 })));
                steps.push(self.renew("a.refresh", "a"));
            }
            steps.push(Some(
                json!({ "wait": self.whole - times * (self.idle.max(2) - 1) }),
            ));
            steps.push(self.refused("a.refresh"));
            all.push(self.session(
                "refresh",
                "a session ends however often it is renewed",
                steps,
            ));
        }
        if self.grace > 0 {
            all.push(self.session(
                "refresh",
                "within its grace a token gives the same successor",
                vec![
                    issue("a"),
                    self.renew("a.refresh", "b"),
                    Some(send(
                        "refresh",
                        self.refresh,
                        "a.refresh",
                        200,
                        &[("same", json!("b"))],
                    )),
                    self.renew("b.refresh", "c"),
                    reused(),
                    self.is("c", 401),
                ],
            ));
        }
        if self.guarded {
            all.push(self.session(
                "refresh",
                "a refresh token is no access token, and an access token ends",
                vec![
                        issue("a"),
                        Some(json!({ "to": "guarded", "bearer": "a.refresh", "status": 401 })),
                        // Longer than any leeway.
                        Some(json!({ "wait": self.access + 61 })),
                        (self.access + 61 < self.idle).then(
                            || json!({ "to": "guarded", "bearer": "a.access", "status": 401 }),
                        ),
                    ],
            ));
        }
        all
    }

    /// P36, ruling 89.
    fn leaving(&self) -> Vec<Session> {
        let public = self
            .logout
            .is_some_and(|each| matches!(each.access, Access::Public { .. }));
        let takes = self
            .logout
            .and_then(|each| each.flow.as_ref())
            .is_some_and(|flow| flow.member.is_some());
        let out = |pair: &str, status: u16| {
            let step = if takes {
                send(
                    "logout",
                    self.logout,
                    &format!("{pair}.refresh"),
                    status,
                    &[],
                )
            } else {
                json!({ "to": "logout", "status": status })
            };
            Some(match public {
                true => step,
                false => with(step, "bearer", json!(format!("{pair}.access"))),
            })
        };
        let renew = |token, save| self.refresh.and_then(|_| self.renew(token, save));
        let refused = |token| self.refresh.and_then(|_| self.refused(token));
        let event = |step: Option<Value>| Some(with(step?, "event", json!("token.revoked")));
        let mut all = vec![self.session(
            "logout",
            "nothing of the session is left",
            vec![
                issue("a"),
                issue("x"),
                event(out("a", 204)),
                self.is("a", 401),
                refused("a.refresh"),
                self.is("x", 599),
                out("a", if public { 204 } else { 401 }),
            ],
        )];
        if !public && !takes {
            all.push(self.session(
                "logout",
                "twice, with another token of the session",
                vec![
                    issue("a"),
                    renew("a.refresh", "b"),
                    out("a", 204),
                    self.refresh.and_then(|_| out("b", 204)),
                ],
            ));
        }
        all
    }

    /// RFC 7009.
    fn giving_back(&self) -> Vec<Session> {
        let give = |token: &str| Some(send("revoke", self.revoke, token, 200, &[]));
        let refused = |token| self.refresh.and_then(|_| self.refused(token));
        vec![
            self.session(
                "revoke",
                "an access token is good no more",
                vec![
                    issue("a"),
                    issue("x"),
                    give("a.access"),
                    self.is("a", 401),
                    self.is("x", 599),
                ],
            ),
            self.session(
                "revoke",
                "a refresh token takes its session along",
                vec![
                    issue("a"),
                    give("a.refresh"),
                    self.is("a", 401),
                    refused("a.refresh"),
                    give("a.refresh"),
                ],
            ),
        ]
    }
}

fn issue(pair: &str) -> Option<Value> {
    Some(json!({ "issue": pair }))
}

/// A request to a flow with a token in its body.
fn send(
    to: &str,
    operation: Option<&Operation>,
    token: &str,
    status: u16,
    more: &[(&str, Value)],
) -> Value {
    let flow = operation.and_then(|each| each.flow.as_ref());
    let member = flow.and_then(|flow| flow.member.as_deref());
    let mut step = Map::new();
    step.insert("to".into(), json!(to));
    step.insert("token".into(), json!(token));
    step.insert("member".into(), json!(member));
    step.insert("status".into(), json!(status));
    for (name, value) in more {
        step.insert((*name).into(), value.clone());
    }
    Value::Object(step)
}

/// The step, and more of it.
pub fn with(mut step: Value, name: &str, value: Value) -> Value {
    if let Value::Object(members) = &mut step {
        members.insert(name.to_owned(), value);
    }
    step
}
