//! `specs/users.yaml`, fact by fact.

use super::*;

const MEMBER: u64 = 0b01;
const ADMIN: u64 = 0b10;

fn plan() -> Plan {
    build(include_str!("../../../specs/users.yaml")).unwrap()
}

#[test]
fn service() {
    let plan = plan();
    assert_eq!(
        (
            plan.title.as_str(),
            plan.mount.as_str(),
            plan.document.as_str()
        ),
        ("Users API", "", "case.yaml")
    );
    let ids: Vec<&str> = plan
        .operations
        .iter()
        .map(|operation| operation.id.as_str())
        .collect();
    assert_eq!(
        ids,
        ["listUsers", "signUp", "getUser", "updateUser", "deleteUser"]
    );
    assert!(
        plan.operations
            .iter()
            .all(|operation| operation.group == "users")
    );
    assert_eq!(plan.roles[1].holds, MEMBER | ADMIN);
    let user = &plan.resources[0];
    assert_eq!(
        (user.name.as_str(), user.bypass, user.tenant, user.on_denied),
        ("User", ADMIN, false, OnDenied::NotFound)
    );
    assert_eq!(
        user.id,
        IdRule::Text(Text {
            min: 0,
            max: 36,
            max_declared: false,
            pattern: None,
            format: Some(Format::Uuid)
        })
    );
    // Problems are palisade's: their schema is no type.
    let mut names: Vec<&str> = plan.types.iter().map(|each| each.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["NewUser", "Role", "User", "UserUpdate", "UserUpdateRole"]
    );
}

#[test]
fn quotas_and_access() {
    let plan = plan();
    assert_eq!(
        quotas(&plan, "signUp"),
        ["auth"],
        "two strings beside the password: no account to count"
    );
    for id in ["listUsers", "getUser", "updateUser", "deleteUser"] {
        assert_eq!(quotas(&plan, id), ["standard"], "{id}");
    }
    assert_eq!(plan.quotas.len(), 2);
    assert!(matches!(
        operation(&plan, "signUp").access,
        Access::Public { .. }
    ));
    let Access::Caller(need) = &operation(&plan, "deleteUser").access else {
        panic!()
    };
    assert_eq!(need.roles, [ADMIN]);
    let kind = |id: &str| {
        operation(&plan, id)
            .owns
            .iter()
            .map(|owns| owns.kind)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        kind("deleteUser"),
        [OwnKind::Any {
            id: IdAt::Param(0),
            mode: Mode::Write
        }]
    );
    assert_eq!(
        kind("getUser"),
        [OwnKind::Owner {
            id: IdAt::Param(0),
            mode: Mode::Read
        }]
    );
    assert_eq!(
        kind("updateUser"),
        [OwnKind::Owner {
            id: IdAt::Param(0),
            mode: Mode::Write
        }]
    );
    assert_eq!(kind("listUsers"), [OwnKind::List]);
    assert_eq!(
        operation(&plan, "getUser").segments,
        [Segment::Literal("users".into()), Segment::Param(0)]
    );
}

#[test]
fn members() {
    let plan = plan();
    assert_eq!(
        member(&plan, "UserUpdate", "role").write,
        Write::Roles(ADMIN)
    );
    assert_eq!(object(&plan, "UserUpdate").1.min_properties, 1);
    let (new_user, _) = object(&plan, "NewUser");
    assert!(new_user.request && !new_user.reply);
    let password = member(&plan, "NewUser", "password");
    assert!(password.secret && password.required_in_request);
    assert_eq!(password.read, Read::Nobody);
    let hash = member(&plan, "User", "passwordHash");
    assert!(hash.secret && !hash.required_in_reply);
    assert_eq!(hash.read, Read::Nobody);
    let id = member(&plan, "User", "id");
    assert!(id.required && id.required_in_reply && !id.required_in_request);
    assert_eq!(id.write, Write::Nobody);
    let age = member(&plan, "NewUser", "age");
    assert!(age.personal);
    let ValueKind::Integer(whole) = &age.value else {
        panic!()
    };
    assert_eq!(
        (whole.min, whole.max, whole.min_declared, whole.max_declared),
        (18, 120, true, true)
    );
    let ValueKind::Text(username) = &member(&plan, "NewUser", "username").value else {
        panic!()
    };
    assert_eq!(
        (username.min, username.max, username.max_declared),
        (3, 30, true)
    );
    assert_eq!(username.pattern.as_ref().unwrap().source, "^[a-zA-Z0-9_]+$");
}

#[test]
fn parameters_and_replies() {
    let plan = plan();
    let list = operation(&plan, "listUsers");
    assert_eq!(list.params[0].default, Some(Default::Integer(20)));
    let ValueKind::Named(role) = list.params[1].value else {
        panic!()
    };
    let role = &plan.types[role.0];
    assert!(
        role.request && role.reply,
        "a parameter, and a member of User"
    );
    let statuses: Vec<u16> = operation(&plan, "signUp")
        .replies
        .iter()
        .map(|reply| reply.status)
        .collect();
    assert_eq!(statuses, [201, 409]);
    assert!(matches!(
        operation(&plan, "signUp").replies[1].body,
        ReplyBody::Problem
    ));
    assert!(matches!(
        list.replies[0].body,
        ReplyBody::Json(ReplyValue::Many(_))
    ));
    assert!(matches!(
        operation(&plan, "deleteUser").replies[0].body,
        ReplyBody::Empty
    ));
}
