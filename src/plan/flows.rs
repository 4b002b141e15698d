//! What the service does itself (`flow`), held against what the document says of it: the names are those of RFC 6749 and
//! RFC 7009, and what is declared is what is answered.

use super::codes;
use super::types::Builder;
use super::{
    Access, FlowKind, Member, Object, Operation, OwnFlow, Read, ReplyBody, ReplyValue, Shape,
    Tokens, Write,
};
use super::{Media, TypeId, ValueKind};
use crate::policy;

/// Of a refresh token, in letters of base64url.
const REFRESH_LENGTH: u64 = 86;
/// An access token of this service with a few roles and scopes is shorter.
const ACCESS_LENGTH: u64 = 1024;

impl Builder<'_, '_, '_> {
    /// Ties each flow to its operation, and says which public operations get an `Issuer`. `operations` are those of the
    /// policy, in its order, as long as nothing was wrong.
    pub(super) fn flows(&mut self, operations: &mut [Operation], tokens: Option<&Tokens>) {
        let Some(tokens) = tokens.filter(|_| operations.len() == self.policy.operations.len())
        else {
            return;
        };
        for (operation, held) in operations.iter_mut().zip(&self.policy.operations) {
            let Some(flow) = &held.flow else { continue };
            let kind = match flow.value {
                policy::Flow::Refresh => FlowKind::Refresh,
                policy::Flow::Logout => FlowKind::Logout,
                policy::Flow::Revoke => FlowKind::Revoke,
            };
            if matches!(operation.access, Access::Denied { .. }) {
                continue;
            }
            match self.shape(operation, kind, tokens) {
                Ok(flow) => operation.flow = Some(flow),
                Err((message, help)) => {
                    let message = format!("`flow: {}`: {message}", flow.value.word());
                    self.report.error(codes::FLOW, flow.place, message, help);
                }
            }
        }
    }

    fn shape(
        &self,
        operation: &Operation,
        kind: FlowKind,
        tokens: &Tokens,
    ) -> Result<OwnFlow, (String, &'static str)> {
        let wrong = |message: &str, help| Err((message.to_owned(), help));
        if operation.method != "POST" {
            return wrong("it is no POST", "make it `post`");
        }
        if !operation.params.is_empty() || !operation.owns.is_empty() {
            return wrong(
                "it takes parameters, which nobody would read",
                "remove them, and `owns`",
            );
        }
        let public = match &operation.access {
            Access::Public { .. } => true,
            Access::Caller(need) => {
                if kind != FlowKind::Logout {
                    return wrong(
                        "it asks for a caller, who may have no good access token left",
                        "make it `public` and write `security: []`: the token in its body is the credential",
                    );
                }
                // What ends is the token of the caller: nobody may come without one.
                if !need.is_by_token_alone(tokens.scheme) {
                    return wrong(
                        "its caller is of another scheme than the one that is issued here, or of several",
                        "name the issued scheme in `security`, and no other",
                    );
                }
                false
            }
            Access::Optional(_) => {
                return wrong(
                    "it is open to who presents nothing, and has a token to end all the same",
                    "ask for the issued scheme in `security`, or make it `public`",
                );
            }
            Access::Denied { .. } => return wrong("it is denied", "remove `flow`"),
        };
        let object = operation
            .body
            .as_ref()
            .and_then(|body| self.made(body.named()?));
        let required = operation.body.as_ref().is_some_and(|body| body.required);
        let (name, beside) = match kind {
            FlowKind::Refresh => ("refresh_token", "grant_type"),
            FlowKind::Logout => ("refresh_token", "token_type_hint"),
            FlowKind::Revoke => ("token", "token_type_hint"),
        };
        let member = match object {
            None if kind == FlowKind::Logout && !public && operation.body.is_none() => None,
            None => {
                return Err((
                    format!("its body has no `{name}`"),
                    "give it a JSON body with the member, a required string",
                ));
            }
            Some(object) => Some(taken(object, name, beside, required || !public)?),
        };
        let body = operation.body.as_ref();
        if body.is_some_and(|body| body.media == [Media::Multipart]) {
            let help = "describe it as `application/json` or `application/x-www-form-urlencoded`";
            return wrong("its body comes in parts", help);
        }
        if public && !required {
            return wrong("its body is not required", "write `required: true`");
        }
        let refused = |reply: &&super::Reply| reply.status >= 400;
        let mut given = operation.replies.iter().filter(|reply| !refused(reply));
        let (first, second) = (given.next(), given.next());
        let status = if kind == FlowKind::Logout { 204 } else { 200 };
        let only = first.filter(|reply| second.is_none() && reply.status == status);
        match (kind, only.map(|reply| &reply.body)) {
            (FlowKind::Refresh, Some(ReplyBody::Json(ReplyValue::One(id)))) => {
                self.pair(*id, tokens)?;
                Ok(OwnFlow { kind, member })
            }
            (FlowKind::Logout | FlowKind::Revoke, Some(ReplyBody::Empty)) => {
                Ok(OwnFlow { kind, member })
            }
            _ => wrong(
                "its answer is another one",
                "declare `200` with the pair of tokens for a refresh, `204` without content for a logout, `200` without content for a revocation, and nothing else below 400",
            ),
        }
    }

    /// The answer to a refresh (RFC 6749 §5.1).
    fn pair(&self, id: TypeId, tokens: &Tokens) -> Result<(), (String, &'static str)> {
        let help = "declare `access_token`, `token_type`, `expires_in` and `refresh_token`, and nothing else";
        let Some(object) = self.made(id) else {
            return Err(("its answer is no object".to_owned(), help));
        };
        let lifetime = i64::try_from(tokens.access_seconds).unwrap_or(i64::MAX);
        for name in ["access_token", "token_type", "expires_in", "refresh_token"] {
            let Some(member) = object.members.iter().find(|each| each.name == name) else {
                return Err((format!("its answer has no `{name}`"), help));
            };
            let fits = match (&member.value, name) {
                (ValueKind::Integer(whole), "expires_in") => {
                    (whole.min..=whole.max).contains(&lifetime)
                        && whole.multiple_of.is_none_or(|step| lifetime % step == 0)
                }
                (ValueKind::Text(text), "token_type") => {
                    plain(text) && text.min <= 6 && text.max >= 6
                }
                (ValueKind::Named(id), "token_type") => matches!(
                    self.types.get(id.0).map(|each| &each.shape),
                    Some(Shape::Words(words)) if words.iter().any(|word| word == "Bearer")
                ),
                (ValueKind::Text(text), "access_token") => {
                    plain(text) && text.min <= 64 && text.max >= ACCESS_LENGTH
                }
                (ValueKind::Text(text), "refresh_token") => {
                    plain(text) && text.min <= REFRESH_LENGTH && text.max >= REFRESH_LENGTH
                }
                _ => false,
            };
            if !fits || member.read != Read::Anyone || member.secret {
                return Err((
                    format!("`{name}` of its answer cannot hold what is sent"),
                    "make tokens plain strings of at least 1024 letters, `token_type` a string or an enumeration with `Bearer`, `expires_in` an integer; none of them secret or for some roles",
                ));
            }
        }
        match object.members.len() {
            4 => Ok(()),
            _ => Err((
                "its answer has members that are never sent".to_owned(),
                help,
            )),
        }
    }

    fn made(&self, id: TypeId) -> Option<&Object> {
        match self.types.get(id.0).map(|each| &each.shape) {
            Some(Shape::Object(object)) => Some(object),
            _ => None,
        }
    }
}

fn plain(text: &super::Text) -> bool {
    text.pattern.is_none() && text.format.is_none()
}

/// The member of the body that holds the token: its name in the document. It has room for a token of either kind, so that
/// the wrong kind is told from what breaks the schema (P35).
fn taken(
    object: &Object,
    name: &str,
    beside: &str,
    required: bool,
) -> Result<String, (String, &'static str)> {
    let Some(member) = object.members.iter().find(|each| each.name == name) else {
        return Err((
            format!("its body has no `{name}`"),
            "name the member as the RFC does",
        ));
    };
    let unread = |each: &&Member| each.name != name && each.name != beside;
    if let Some(other) = object.members.iter().find(unread) {
        return Err((
            format!("nobody would read `{}` of its body", other.name),
            "remove the member",
        ));
    }
    let fits = matches!(&member.value, ValueKind::Text(text) if plain(text) && text.min <= 1 && text.max >= ACCESS_LENGTH);
    if !fits
        || !member.required_in_request
        || member.nullable
        || member.write != Write::Anyone
        || !required
    {
        return Err((
            format!("`{name}` of its body cannot hold every token"),
            "make it a required, plain string without `pattern`, `format` and a larger `minLength`, of at least 1024 letters",
        ));
    }
    Ok(name.to_owned())
}
