//! `x-security` at the root of a document.

use super::{all, api, document, read, with_root};
use crate::diagnostic::Diagnostics;
use crate::policy::{self, gaps};

const AUTH: &str =
    "{ version: 1, auth: { bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: 'env:K'";

fn auth(rest: &str) -> String {
    with_root(&format!("{AUTH}{rest} }} }} }}"))
}

fn entry(body: &str) -> String {
    with_root(&format!("{{ version: 1, auth: {{ {body} }} }}"))
}

fn roles(body: &str) -> String {
    with_root(&format!("{{ version: 1, roles: {body} }}"))
}

fn resources(body: &str) -> String {
    with_root(&format!(
        "{{ version: 1, roles: {{ admin: {{}} }}, resources: {body} }}"
    ))
}

fn limits(body: &str) -> String {
    with_root(&format!("{{ version: 1, rateLimits: {body} }}"))
}

fn cors(body: &str) -> String {
    with_root(&format!("{{ version: 1, cors: {body} }}"))
}

fn sizes(body: &str) -> String {
    with_root(&format!("{{ version: 1, limits: {body} }}"))
}

#[test]
fn the_root_is_strict() {
    all(
        &[
            "<3002>[]",
            "<3004>{ roles: {} }",
            "{ version: <3004>2 }",
            "{ version: <3002>'1' }",
            "{ version: 1, <3001>role: {} }",
            "{ version: 1, <3001>access: denied }",
            "{ version: 1, defaults: { <3001>roles: {} } }",
            "{ version: 1, <4303>unknown: drop, <4304>securityHeaders: docs }",
            "{ version: 1, principal: <3002>[], policies: <3002>p }",
            "{ version: 1, principal: { <3003>a: { from: /a } } }",
            "{ version: 1, principal: { a: { from: <3024>a, kind: string }, b: { from: /b, kind: <3009>text } } }",
            "{ version: 1, principal: { <3105>subject: { from: /a, kind: string }, <3105>a-b: { from: /b, kind: uuid } } }",
            "{ version: 1, principal: { a: { from: /a, kind: integer, required: <3002>'yes' } } }",
            "{ version: 1, policies: { p: '(<3100>', q: 'true <3100>true', r: <3010>'' } }",
            "{ version: 1, <4307>captcha: {}, network: <3010>{} }",
            "{ version: 1, network: { tls: <3009>on } }",
            "{ version: 1, network: { tls: <3002>true, minTls: 1.3 } }",
            "{ version: 1, network: { tls: terminate, minTls: <3009>1.1 } }",
            "{ version: 1, network: { tls: terminate, minTls: <3002>'1.3' } }",
            "{ version: 1, network: { <3120>minTls: 1.3 } }",
            "{ version: 1, network: { tls: upstream, <3120>minTls: 1.3 } }",
            "{ version: 1, network: { <3001>minTLS: 1.3, tls: terminate } }",
            "{ version: 1, network: { <4313>trustedProxies: [], clientAddress: <4314>forwarded } }",
            "{ version: 1, network: { <4315>allow: [], <4315>deny: [], <4316>mount: / } }",
            "{ version: 1, <4309>audit: {}, <4310>alerts: {}, <4311>admin: {}, <4312>problems: {} }",
        ],
        with_root,
    );
}

#[test]
fn x_security_without_a_root_names_no_version() {
    let text = document(
        "{ version: 1 }",
        "",
        "get",
        "x-security: <3013>{ access: denied }",
    )
    .replace("x-security: { version: 1 }\n", "");
    let text = text.replacen("      x-security: { access: denied }\n", "", 1);
    read(&text);
}

#[test]
fn auth_is_strict() {
    all(
        &[
            ", <3001>issuers: i",
            ", profile: <3009>accesstoken",
            ", leeway: <3005>61s",
            ", leeway: <3005>500ms",
            ", leeway: <3002>30",
            ", maxLifetime: <3005>0s",
            ", maxBytes: <3006>8K",
            ", identity: <3025>false",
            ", identity: <3002>'true'",
            ", claims: { tenant: <3024>clinic }",
            ", claims: { tenant: <3024>/a~2 }",
            ", claims: { <3001>tenants: /a }",
        ],
        auth,
    );
    all(
        &[
            "<3020>baerer: { issuer: i, audience: a, algorithms: [EdDSA], keys: 'env:K' }",
            "<4326>taken: { keys: 'env:K' }",
            "<3028>odd: { keys: 'env:K' }",
            "<3028>crumb: { keys: 'env:K' }",
            "<3098>asked: { keys: 'env:K' }",
            "asked: { keys: 'env:K', reason: <3010>'' }",
            "<3003>key: {}",
            "key: { <3001>issuer: i, keys: 'env:K' }",
            "key: { keys: <3007>secret }",
            "key: { keys: <3002>{ source: secret } }",
            "key: { keys: 'env:K', roles: [<3031>nobody] }",
            "key: { keys: 'env:K', roles: <3011>[] }",
            "key: { keys: 'env:K', prefix: <3029>'a b' }",
            "key: { keys: 'env:K', prefix: <3010>'' }",
            "<3099>basic: {}",
            "<3099>basic: { roles: [<3031>nobody] }",
            "basic: { reason: <3010>'' }",
            "basic: { reason: r, roles: <3011>[] }",
            "basic: { reason: r, <3001>prefix: x }",
            "<4321>digest: { reason: r }",
            "<3121>mutual: { subject: cn }",
            "<3003>mutual: {}",
            "mutual: { subject: <3009>san-ip }",
            "mutual: { subject: <3009>cn2, roles: [<3031>nobody] }",
            "<3121>mutual: { subject: cn, <3001>keys: 'env:K' }",
            "bearer: <3002>on",
            "<3003>bearer: { issuer: i, audience: a, algorithms: [EdDSA] }",
            "bearer: { issuer: i, audience: <3011>[], algorithms: [EdDSA], keys: 'env:K' }",
            "bearer: { issuer: i, audience: a, algorithms: <3011>[], keys: 'env:K' }",
            "bearer: { issuer: i, audience: a, algorithms: <3002>EdDSA, keys: 'env:K' }",
            "bearer: { issuer: i, audience: a, algorithms: [<3022>none], keys: 'env:K' }",
            "bearer: { issuer: i, audience: a, algorithms: [ES256, <3022>NonE], keys: 'env:K' }",
            "bearer: { issuer: i, audience: a, algorithms: [<3021>ES265], keys: 'env:K' }",
            "bearer: { issuer: i, audience: a, algorithms: [<4323>ES256K], keys: 'env:K' }",
            "bearer: { issuer: i, audience: a, algorithms: [HS256, <3026>HS512], keys: 'env:K' }",
            "bearer: { issuer: i, audience: a, algorithms: [ES256, <3012>ES256], keys: 'env:K' }",
            "bearer: { issuer: i, audience: a, algorithms: [HS256, <3023>ES256], keys: 'env:K' }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: <3007>'a secret in the document' }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: <3007>'env:' }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: <3007>'ENV:KEYS' }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: <3007>'vault:a' }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: <3007>'vault:#b' }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: <3007>'vault:a#' }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: <3007>'vault:/a#b' }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: <3007>'vault:a/../b#c' }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: <3007>'vault:a?b#c' }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: <3007>'vault:a#b#c' }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: <3007>'Vault:a#b' }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: <3003>{ source: jwks } }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: { source: <3009>jkws, from: 'env:K' } }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: { source: <3027>secret, from: 'env:K' } }",
            "bearer: { issuer: i, audience: a, algorithms: [HS256], keys: { source: <3027>pem, from: 'env:K' } }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: { source: jwks, from: <3007>'https://id.example.com/k' } }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: { source: pem, from: 'env:K', <3027>private: why } }",
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: { source: issued, from: 'env:K', <3027>refresh: 5m } }",
            "<3091>bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: { source: issued, from: 'env:K' } }",
            "bearer: { issuer: <3010>' ', audience: a, algorithms: [EdDSA], keys: 'env:K' }",
            // P6: two families for one issuer.
            "bearer: { issuer: i, audience: a, algorithms: [EdDSA], keys: 'env:K' }, \
             <3023>oauth: { issuer: i, audience: a, algorithms: [HS256], keys: 'env:L' }",
        ],
        entry,
    );
}

#[test]
fn roles_are_strict() {
    all(
        &[
            "<3002>[admin]",
            "{ <3030>owner: {} }",
            "{ <3030>public: {}, <3030>optional: {}, <3030>authenticated: {}, <3030>denied: {}, <3030>none: {}, <3030>create: {} }",
            "{ <3034>' admin': {} }",
            "{ admin: <3002>null }",
            "{ admin: { <3001>include: [member] }, member: {} }",
            "{ admin: { includes: <3002>member }, member: {} }",
            "{ admin: { includes: [<3031>membre] }, member: {} }",
            "{ admin: { includes: [member, <3012>member] }, member: {} }",
            "{ admin: { <3032>includes: [admin] } }",
            "{ a: { <3032>includes: [b] }, b: { includes: [c] }, c: { includes: [a] } }",
            // Two cycles, each told once; who only leads into one is in none.
            "{ x: { includes: [a] }, a: { <3032>includes: [b] }, b: { includes: [a] }, c: { <3032>includes: [d] }, d: { includes: [c] } }",
        ],
        roles,
    );
    let many: Vec<String> = (0..66)
        .map(|n| format!("{}r{n}: {{}}", if n == 64 { "<3033>" } else { "" }))
        .collect();
    read(&roles(&format!("{{ {} }}", many.join(", "))));
}

#[test]
fn a_cycle_names_everyone_in_it() {
    let text = roles("{ a: { includes: [b] }, b: { includes: [a] } }");
    let mut diagnostics = Diagnostics::default();
    policy::read(&api(&text), &mut diagnostics);
    let cycle = diagnostics.iter().next().unwrap();
    assert_eq!(cycle.related.len(), 1);
    assert_eq!(cycle.related[0].0.line, cycle.place.line);
    assert!(cycle.related[0].0.column > cycle.place.column);
}

#[test]
fn resources_are_strict() {
    all(
        &[
            "{ <3003>User: {} }",
            "{ User: { param: <3041>userID } }",
            "{ User: { param: userId, <3001>tenants: true } }",
            "{ User: { param: userId, tenant: <3002>'true' } }",
            "{ User: { param: userId, onDenied: <3009>401 } }",
            "{ User: { param: userId, onDenied: <3002>'404' } }",
            "{ User: { param: userId, bypass: [<3031>admn] } }",
            "{ User: { param: userId, bypass: <3002>admin } }",
            "{ User: { param: userId, attributes: <3002>[] } }",
            "{ User: { param: userId, parent: <3040>Nte } }",
            "{ User: { param: userId, parent: <3047>User } }",
            "{ User: { param: userId, parent: <3002>[User] } }",
            "{ User: { param: userId, attributes: { a: <3009>text, <3105>owner: string } } }",
            "{ User: { param: userId }, Person: { param: <3042>userId } }",
        ],
        resources,
    );
}

#[test]
fn rate_limits_are_strict() {
    all(
        &[
            "{ <3003>a: { limit: 1, window: 1m } }",
            "{ a: { limit: <3008>0, window: 1m, by: ip } }",
            "{ a: { limit: <3008>1.5, window: 1m, by: ip } }",
            "{ a: { limit: <3002>many, window: 1m, by: ip } }",
            "{ a: { limit: <4344>'env:N', window: 1m, by: ip } }",
            "{ a: { limit: 1, window: <3005>500ms, by: ip } }",
            "{ a: { limit: 1, window: <3005>'60', by: ip } }",
            "{ a: { limit: 1, window: <3002>60, by: ip } }",
            "{ a: { limit: 1, window: 1m, by: <3009>ipp } }",
            "{ a: { limit: 1, window: 1m, by: <3011>[] } }",
            "{ a: { limit: 1, window: 1m, by: [ip, <3012>ip] } }",
            "{ a: { limit: 1, window: 1m, by: <3009>apiKeys } }",
            "{ a: { limit: 1, window: 1m, by: [ip, <4342>'parameter:q'] } }",
            "{ a: { limit: 1, window: 1m, by: [ip, <4343>'field:/a/b'] } }",
            "{ a: { limit: 1, window: 1m, by: [ip, <3024>'field:email'] } }",
            "{ a: { limit: 1, window: 1m, by: <3051>'field:/email' } }",
            "{ a: { limit: 1, window: 1m, by: <3051>[tenant, 'field:/email'] } }",
            "{ a: { limit: 1, window: 1m, by: ip, count: <3009>failure } }",
            "{ a: { limit: 1, window: 1m, by: ip, onFailure: <3009>allow } }",
            "{ a: { limit: 1, window: 1m, by: ip, <4340>escalate: true } }",
            "{ <3009>'a b': { limit: 1, window: 1m, by: ip } }",
        ],
        limits,
    );
}

#[test]
fn cors_is_strict() {
    all(
        &[
            "<3003>{ maxAge: 10m }",
            "{ origins: <3011>[] }",
            "{ origins: <3002>'https://a.example' }",
            "{ origins: [<3060>'https://a.example/'] }",
            "{ origins: [<3060>'null'] }",
            "{ origins: [<3060>'https://*.a.example'] }",
            "{ origins: [<3061>'*'], credentials: true }",
            "{ origins: ['https://a.example', <3060>'*'] }",
            "{ origins: <4350>'file:o' }",
            "{ origins: 'env:O', credentials: <3002>yes }",
            "{ origins: 'env:O', maxAge: <3002>600 }",
            "{ origins: 'env:O', expose: [<3062>'*, X'] }",
            "{ origins: 'env:O', <3001>methods: [GET] }",
        ],
        cors,
    );
}

#[test]
fn limits_are_strict() {
    all(
        &[
            "{ body: <3002>65536 }",
            "{ body: <3006>64KB }",
            "{ body: <3006>0B }",
            "{ body: <4344>'env:B' }",
            "{ uri: <3006>1MiB }",
            "{ bodyTimeout: <3005>0ms }",
            "{ headerCount: <3008>0 }",
            "{ jsonDepth: <3008>129 }",
            "{ ipRate: <3008>3000/m }",
            "{ ipRate: <3008>0 per 1m }",
            "{ ipRate: <3008>03000 per 1m }",
            "{ <4351>decompression: on, <4352>http2: {} }",
            "{ <3001>bodies: 1KiB }",
        ],
        sizes,
    );
}

#[test]
fn every_gap_of_the_policy_says_so() {
    for gap in gaps::GAPS {
        let said = gap.at(crate::document::Place::default());
        assert!(said.message.contains("is not enforced by this version"));
        assert!(said.help.is_some_and(|help| help.contains("palisade gaps")));
    }
}
