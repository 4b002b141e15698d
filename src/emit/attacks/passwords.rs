//! Passwords of HTTP Basic: users the probe's hook knows, and everything that is no good way to be one of them (P2, P20).

use super::case::{ApiKey, Expect, Token};
use super::scene::{CALLER, Scene, TENANT};
use super::schemes::{changed, invalid};
use super::stage::Stage;
use crate::emit::rust::context::Context;
use crate::plan::{Means, Need};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proc_macro2::TokenStream;
use quote::quote;
use std::rc::Rc;

const FIELD: &str = "Authorization";

/// The users whom the probe knows.
#[derive(Default)]
pub struct Logins(Vec<Login>);

struct Login {
    scheme: usize,
    roles: Vec<usize>,
    user: String,
    password: String,
}

impl Scene<'_> {
    /// A user of a scheme, with these roles, as they are sent.
    pub fn password(&self, scheme: usize, roles: &[usize]) -> ApiKey {
        let mut logins = self.passwords.borrow_mut();
        let known = |login: &&Login| login.scheme == scheme && login.roles == roles;
        if let Some(login) = logins.0.iter().find(known) {
            return sent(&login.user, &login.password);
        }
        let number = logins.0.len();
        let login = Login {
            scheme,
            roles: roles.to_vec(),
            user: format!("user-{number}"),
            // A colon in a password is part of it.
            password: format!("pass:word-{number}"),
        };
        let field = sent(&login.user, &login.password);
        logins.0.push(login);
        field
    }
}

/// The hooks of the probe: they know the users of the cases, and nobody else.
pub fn hooks(cx: &Context, scene: &Scene<'_>) -> Vec<TokenStream> {
    let logins = scene.passwords.borrow();
    let hooks = cx.passwords.iter().enumerate().map(|(scheme, names)| {
        let (hook, method) = (&names.hook, &names.method);
        let tenant = scene.has_tenant().then(|| quote!(.tenant(#TENANT)));
        let arms = logins.0.iter().filter(|login| login.scheme == scheme);
        let arms = arms.map(|login| {
            let (user, password) = (&login.user, &login.password);
            let roles = login.roles.iter().filter_map(|at| cx.role_variants.get(*at));
            quote! {
                (#user, #password) => Ok(Some(
                    shield::Known::of(#CALLER) #tenant #(.role(api::access::Role::#roles))*
                )),
            }
        });
        quote! {
            impl api::access::#hook for Probe {
                async fn #method(&self, attempt: shield::Attempt) -> Result<Option<shield::Known>, Fault> {
                    match (attempt.user.expose(), attempt.password.expose()) {
                        #(#arms)*
                        _ => Ok(None),
                    }
                }
            }
        }
    });
    hooks.collect()
}

fn sent(user: &str, password: &str) -> ApiKey {
    field(&format!("{user}:{password}"))
}

fn field(pair: &str) -> ApiKey {
    raw(format!("Basic {}", STANDARD.encode(pair)))
}

fn raw(value: String) -> ApiKey {
    ApiKey("header", FIELD.to_owned(), value)
}

/// Whether credentials have something in the field.
pub fn in_field(token: &Token) -> bool {
    token.scheme.is_some() || token.keys.iter().any(|key| key.1 == FIELD)
}

/// A user nobody knows.
pub fn stranger() -> String {
    field("stranger:secret").2
}

/// One alternative with a password, which is the credential at this place.
pub fn attack(
    scene: &mut Scene<'_>,
    stage: &Stage<'_>,
    need: &Need,
    name: &str,
    (good, at): (&Rc<Token>, usize),
) {
    let Some(key) = good.keys.get(at).cloned() else {
        return;
    };
    let Some(pair) = decoded(&key) else { return };
    let Some((user, password)) = pair.split_once(':') else {
        return;
    };
    let with = |key: ApiKey| {
        let other = changed(good, |token| {
            if let Some(place) = token.keys.get_mut(at) {
                *place = key;
            }
        });
        stage.request().by(Some(other))
    };
    // A scheme of tokens reads the field too, and may be the one that says why.
    let readers = need.means().into_iter();
    let alone = readers
        .filter(|means| matches!(means, Means::Token(_) | Means::Password(_)))
        .count()
        == 1;
    let unknown = with(sent("stranger", password));
    let wrong = [
        ("a wrong password", sent(user, &format!("{password}x"))),
        ("a shorter password", sent(user, "pass")),
        (
            "a password in other letters",
            sent(user, &password.to_uppercase()),
        ),
        (
            "a user in other letters",
            sent(&user.to_uppercase(), password),
        ),
        (
            "a blank behind the user",
            sent(&format!("{user} "), password),
        ),
        ("an unknown user", sent("stranger", password)),
    ];
    for (what, key) in wrong {
        let mut expect = invalid(scene, stage, alone.then_some("key"));
        // Who has an account is nobody's business (P2).
        if what == "a wrong password" {
            expect = expect.same_as(unknown.clone());
        }
        scene.add(
            "wrong-password",
            format!("{name}, {what}"),
            with(key),
            expect,
        );
    }
    let encoded = STANDARD.encode(&pair);
    let bare = encoded.trim_end_matches('=').to_owned();
    let mut malformed = vec![
        ("no colon", field(user)),
        ("no user", field(&format!(":{password}"))),
        ("no password", field(&format!("{user}:"))),
        ("a NUL behind", field(&format!("{pair}\0"))),
        ("a line feed before", field(&format!("\n{pair}"))),
        ("not in base64", raw(format!("Basic {user}:{password}"))),
        (
            "base64 that is broken off",
            raw(format!("Basic {}", encoded.get(1..).unwrap_or_default())),
        ),
        ("something behind it", raw(format!("Basic {encoded} x"))),
        (
            "bytes that are no UTF-8",
            raw(format!("Basic {}", STANDARD.encode(b"user:\xff\xfe"))),
        ),
        (
            "larger than the limit",
            field(&format!("{user}:{}", "a".repeat(1100))),
        ),
        ("nothing behind the word", raw("Basic".to_owned())),
    ];
    if bare != encoded {
        malformed.push(("without padding", raw(format!("Basic {bare}"))));
        malformed
            .extend(padded(&bare).map(|text| ("with bits to spare", raw(format!("Basic {text}")))));
    }
    // Schemes of passwords all say the same of what is none.
    let alike = !need
        .means()
        .into_iter()
        .any(|means| matches!(means, Means::Token(_)));
    for (what, key) in malformed {
        let expect = invalid(scene, stage, alike.then_some("malformed"));
        scene.add(
            "malformed-password",
            format!("{name}, {what}"),
            with(key),
            expect,
        );
    }
    // What stands beside it is judged first: nothing is told of a password before the key is good.
    let keys = need.means().into_iter();
    let keys = keys.filter(|means| matches!(means, Means::Key(_))).count();
    let beside = good.keys.iter().position(|key| key.1 != FIELD);
    if let Some(beside) = beside.filter(|_| keys == 1) {
        let both = changed(good, |token| {
            for (place, key) in token.keys.iter_mut().enumerate() {
                if place == at {
                    *key = field(user);
                } else if place == beside {
                    key.2.push('x');
                }
            }
        });
        let expect = invalid(scene, stage, alone.then_some("key"));
        scene.add(
            "malformed-password",
            format!("{name}, no colon, beside an unknown key"),
            stage.request().by(Some(both)),
            expect,
        );
    }
    // The word is one word, in any letters.
    let expect = scene.reached();
    let otherwise = with(raw(format!("bASIC {encoded}")));
    let answered = scene.policies_admit(stage, &otherwise, super::circumstances::Which::Own);
    if answered {
        scene.add(
            "alternative",
            format!("{name}, the word in other letters"),
            otherwise,
            expect,
        );
    }
    let expect = Expect {
        code: None,
        ..scene.refused(401)
    };
    // Whoever presents another word presents something all the same.
    for word in ["Bearer", "Digest", "Basically", "Negotiate"] {
        let sent = with(raw(format!("{word} {encoded}")));
        let name = format!("{name}, the word {word}");
        scene.add("malformed-password", name, sent, expect.clone());
    }
    let twice = changed(good, |token| token.keys.push(key.clone()));
    let expect = scene.refused(400);
    scene.add(
        "two-tokens",
        format!("{name}, the field twice"),
        stage.request().by(Some(twice)),
        expect,
    );
}

/// The same bytes with other bits in the part of the last letter that counts for nothing.
fn padded(bare: &str) -> Option<String> {
    let unused = match bare.len() % 4 {
        2 => 4,
        3 => 2,
        _ => return None,
    };
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let last = bare.chars().last()?;
    let at = alphabet.find(last)?;
    let other = alphabet.chars().nth(at | 1)?;
    let rest = bare.get(..bare.len() - 1)?;
    let padding = "=".repeat(unused / 2);
    (other != last).then(|| format!("{rest}{other}{padding}"))
}

fn decoded(key: &ApiKey) -> Option<String> {
    let encoded = key.2.strip_prefix("Basic ")?;
    String::from_utf8(STANDARD.decode(encoded).ok()?).ok()
}
