//! Certificates of clients: whose are good, who the caller is, and what becomes of all others.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use shield::dev::{Authority, FAR, Holder, Pair};
use shield::reply::StatusCode;
use shield::testing::Harness;
use shield::*;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, HandshakeKind};

use crate::client::{Answer, Client};
use crate::service::{LIMITS, spec};
use crate::tls::{connect, host, put, roots, settings};

const MACHINE: RoleSet = 1;
const CLERK: RoleSet = 2;
const KEY: Credential = Credential::Key(0);
const URI: Credential = Credential::Certificate(0);

const fn operation(path: &'static str, access: Access) -> Policy {
    Policy::base(64, 500, 200)
        .of(path, "GET", path)
        .access(access)
        .json()
}

static BY_URI: Policy = operation("/uri", Access::Caller(Need::certificate(0)));
static BY_DNS: Policy = operation("/dns", Access::Caller(Need::certificate(1)));
static BY_NAME: Policy = operation("/cn", Access::Caller(Need::certificate(2)));
static MACHINES: Policy = operation(
    "/machines",
    Access::Caller(Need::certificate(0).roles(&[MACHINE])),
);
static CLERKS: Policy = operation(
    "/clerks",
    Access::Caller(Need::certificate(0).roles(&[CLERK])),
);
static EITHER: Policy = operation(
    "/either",
    Access::AnyOf(&[Need::certificate(0), Need::key(0)]),
);
static BOTH: Policy = operation(
    "/both",
    Access::Caller(Need::key(0).together(&[KEY, URI]).roles(&[MACHINE])),
);
static ANY_NAME: Policy = operation(
    "/any",
    Access::AnyOf(&[Need::certificate(0), Need::certificate(1)]),
);
static MAYBE: Policy = operation("/maybe", Access::Optional(&[Need::certificate(0)]));
static OPEN: Policy = operation("/open", Access::Public);
static OPERATIONS: [&Policy; 10] = [
    &BY_URI, &BY_DNS, &BY_NAME, &MACHINES, &CLERKS, &EITHER, &BOTH, &ANY_NAME, &MAYBE, &OPEN,
];

const fn scheme(name: &'static str, subject: CertificateName, roles: RoleSet) -> CertificateScheme {
    CertificateScheme {
        name,
        subject,
        roles,
    }
}

static SPEC: Spec = Spec {
    schemes: &[],
    keys: &[KeyScheme {
        name: "device",
        carrier: Carrier::Header("X-Device"),
        keys: Setting::Env("DEVICES"),
        roles: 0,
        prefix: "",
    }],
    tls: Some(Tls {
        tls12: true,
        certificates: &[
            scheme("uri", CertificateName::Uri, MACHINE),
            scheme("dns", CertificateName::Dns, 0),
            scheme("name", CertificateName::Common, 0),
        ],
    }),
    quotas: &[],
    operations: &OPERATIONS,
    ..spec(LIMITS, false)
};

struct Depot(Shield);

impl Guarded for Depot {
    fn shield(&self) -> &Shield {
        &self.0
    }

    fn serve<'a>(
        &'a self,
        operation: usize,
        x: &'a mut Exchange,
    ) -> BoxFuture<'a, Result<Response, Refusal>> {
        Box::pin(async move {
            self.0.enter(OPERATIONS[operation], x).await?;
            let told = match x.identity() {
                Some(caller) => format!("{} {}", caller.issuer(), caller.subject()),
                None => "nobody".to_owned(),
            };
            reply::json(StatusCode::OK, |w| w.text(&told))
        })
    }
}

/// What a client shows, made in the world that it comes to.
type Made<'m> = &'m dyn Fn(&World) -> Pair;

/// A service, who vouches for it, and who for its clients.
struct World {
    service: Harness,
    root: Authority,
    clients: Authority,
}

const DEVICE: &str = "device";

fn start_with(more: &[(&str, String)]) -> Result<(Harness, Authority), config::ConfigError> {
    let root = Authority::new("a root").unwrap();
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, DEVICE.as_bytes());
    let hash: String = hash
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut values = vec![
        ("APP_STORE", "memory".to_owned()),
        ("APP_INSTANCES", "1".to_owned()),
        (
            "DEVICES",
            format!(r#"[{{"id": "monitor", "sha256": "{hash}", "roles": []}}]"#),
        ),
    ];
    values.extend(settings(&root.issue(&host(FAR)).unwrap()));
    let instead = |name: &str| {
        more.iter()
            .any(|(other, _)| *other == format!("{name}_FILE"))
    };
    values.retain(|(name, _)| !instead(name));
    values.extend(more.iter().cloned());
    let values = values.into_iter();
    let values = values.map(|(name, value)| (name.to_owned(), value));
    let service = Harness::start(&SPEC, values.collect(), |shield| Door::new(Depot(shield)))?;
    Ok((service, root))
}

fn start() -> World {
    let clients = Authority::new("of clients").unwrap();
    let (service, root) = start_with(&[("APP_TLS_CLIENT_CA", clients.pem())]).unwrap();
    World {
        service,
        root,
        clients,
    }
}

const NAMED: Holder<'_> = Holder {
    common_name: "Depot 7",
    names: &["Depot-7.example.com"],
    addresses: &[],
    uris: &["spiffe://example.com/depot/7"],
    until: FAR,
};

fn config(root: &Authority, shown: Option<&Pair>) -> ClientConfig {
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])
        .unwrap()
        .with_root_certificates(roots(root));
    match shown {
        None => config.with_no_client_auth(),
        Some(pair) => {
            let own = CertificateDer::from(pair.certificate.clone());
            let key = PrivateKeyDer::from_pem_slice(pair.key_pem().as_bytes()).unwrap();
            config.with_client_auth_cert(vec![own], key).unwrap()
        }
    }
}

fn request(path: &str, more: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n")
}

impl World {
    fn ask(&self, path: &str, shown: Option<&Pair>) -> Answer {
        self.ask_with(path, "", shown)
    }

    fn ask_with(&self, path: &str, more: &str, shown: Option<&Pair>) -> Answer {
        let config = config(&self.root, shown);
        Client::over(connect(self.service.addr, config).unwrap()).ask(&request(path, more))
    }

    fn issue(&self, holder: &Holder<'_>) -> Pair {
        self.clients.issue(holder).unwrap()
    }

    /// The reason of the last refusal.
    fn reason(&self) -> String {
        let begin = Instant::now();
        loop {
            let events = self.service.events();
            let mut lines = events.iter().rev();
            if let Some(line) = lines.find(|line| line.contains("auth.failure")) {
                let at = line.find("\"status_detail\":\"").unwrap() + 17;
                return line[at..].split('"').next().unwrap().to_owned();
            }
            assert!(begin.elapsed() < Duration::from_secs(5), "{events:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn told(answer: &Answer) -> (u16, String) {
    (answer.status, answer.body.clone())
}

fn of(caller: &str) -> (u16, String) {
    (200, format!("\"{caller}\""))
}

#[test]
fn the_caller_is_the_name_that_the_scheme_looks_at() {
    let world = start();
    let pair = world.issue(&NAMED);
    let caller = |path| told(&world.ask(path, Some(&pair)));
    assert_eq!(
        caller("/uri"),
        of("mutualTLS:uri spiffe://example.com/depot/7")
    );
    assert_eq!(caller("/dns"), of("mutualTLS:dns depot-7.example.com"));
    assert_eq!(caller("/cn"), of("mutualTLS:name Depot 7"));
    // Roles are those of the scheme.
    assert_eq!(caller("/machines").0, 200);
    assert_eq!(caller("/clerks").0, 403);
    assert_eq!(caller("/open"), of("nobody"));
    let both = world.ask_with("/both", "X-Device: device\r\n", Some(&pair));
    assert_eq!(told(&both), of("apiKey:device monitor"));
}

#[test]
fn without_a_certificate_there_is_a_401_where_one_is_needed_and_nowhere_else() {
    let world = start();
    for path in ["/uri", "/dns", "/cn", "/either", "/both", "/any"] {
        let answer = world.ask(path, None);
        assert_eq!(answer.status, 401, "{path}");
        let mut names = answer.headers.iter().map(|(name, _)| name);
        assert!(names.any(|name| name == "www-authenticate"), "{path}");
    }
    let answer = world.ask("/uri", None);
    assert_eq!(
        answer.header("www-authenticate"),
        Some("MutualTLS realm=\"Tiny API\"")
    );
    assert_eq!(world.reason(), "missing");
    assert_eq!(told(&world.ask("/open", None)), of("nobody"));
    assert_eq!(told(&world.ask("/maybe", None)), of("nobody"));
    let device = world.ask_with("/either", "X-Device: device\r\n", None);
    assert_eq!(told(&device), of("apiKey:device monitor"));
    // The key is good, and it is not alone that is asked for.
    let half = world.ask_with("/both", "X-Device: device\r\n", None);
    assert_eq!(half.status, 401);
}

#[test]
fn a_certificate_that_is_no_good_is_a_401_with_its_reason_in_the_event() {
    let over = 1_767_225_600;
    let two = ["spiffe://example.com/a", "spiffe://example.com/b"];
    // By the name of the one that is believed, and by another.
    let impostor = Authority::new("of clients").unwrap();
    let stranger = Authority::new("somebody").unwrap();
    let odd = |holder: &Holder<'_>, world: &World| world.issue(holder);
    let cases: [(&str, Made<'_>, &str); 8] = [
        ("/uri", &|_| stranger.issue(&NAMED).unwrap(), "issuer"),
        ("/uri", &|_| impostor.issue(&NAMED).unwrap(), "signature"),
        (
            "/uri",
            &|world| {
                odd(
                    &Holder {
                        until: over,
                        ..NAMED
                    },
                    world,
                )
            },
            "expired",
        ),
        (
            "/uri",
            &|world| world.clients.issue_to_server(&NAMED).unwrap(),
            "type",
        ),
        (
            "/uri",
            &|world| odd(&Holder { uris: &[], ..NAMED }, world),
            "malformed",
        ),
        (
            "/uri",
            &|world| {
                odd(
                    &Holder {
                        uris: &two,
                        ..NAMED
                    },
                    world,
                )
            },
            "malformed",
        ),
        (
            "/dns",
            &|world| {
                odd(
                    &Holder {
                        names: &["*.example.com"],
                        ..NAMED
                    },
                    world,
                )
            },
            "malformed",
        ),
        (
            "/cn",
            &|world| {
                odd(
                    &Holder {
                        common_name: "",
                        ..NAMED
                    },
                    world,
                )
            },
            "malformed",
        ),
    ];
    for (path, made, reason) in cases {
        let world = start();
        let pair = made(&world);
        assert_eq!(world.ask(path, Some(&pair)).status, 401, "{path} {reason}");
        assert_eq!(world.reason(), reason, "{path}");
        // Where it is not needed it is not looked at.
        assert_eq!(world.ask("/open", Some(&pair)).status, 200);
    }
    // Whoever shows something bad is not nobody; nor does a good key stand in for it.
    let world = start();
    let pair = stranger.issue(&NAMED).unwrap();
    assert_eq!(world.ask("/maybe", Some(&pair)).status, 401);
    let device = "X-Device: device\r\n";
    assert_eq!(world.ask_with("/either", device, Some(&pair)).status, 401);
    assert_eq!(world.ask_with("/both", device, Some(&pair)).status, 401);
    // Of two schemes, one that takes it is enough.
    let pair = world.issue(&Holder { uris: &[], ..NAMED });
    assert_eq!(
        told(&world.ask("/any", Some(&pair))),
        of("mutualTLS:dns depot-7.example.com")
    );
}

#[test]
fn it_is_judged_for_each_request_and_ends_within_a_connection() {
    let world = start();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let pair = world.issue(&Holder {
        until: now + 3_600,
        ..NAMED
    });
    let config = config(&world.root, Some(&pair));
    let mut client = Client::over(connect(world.service.addr, config).unwrap());
    assert_eq!(client.ask(&request("/uri", "")).status, 200);
    world.service.advance(Duration::from_secs(7_200));
    assert_eq!(client.ask(&request("/uri", "")).status, 401);
    assert_eq!(client.ask(&request("/open", "")).status, 200);
}

#[test]
fn an_authority_that_is_taken_away_counts_no_longer() {
    let folder = std::env::temp_dir().join(format!("shield-clients-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("clients.pem");
    let [old, new] = [(); 2].map(|()| Authority::new("of clients").unwrap());
    put(&file, &format!("{}{}", old.pem(), new.pem()));
    let more = [("APP_TLS_CLIENT_CA_FILE", file.display().to_string())];
    let (service, root) = start_with(&more).unwrap();
    let [of_old, of_new] = [&old, &new].map(|each| each.issue(&NAMED).unwrap());
    let open = |pair| Client::over(connect(service.addr, config(&root, Some(pair))).unwrap());
    let (mut by_old, mut by_new) = (open(&of_old), open(&of_new));
    assert_eq!(by_old.ask(&request("/uri", "")).status, 200);
    assert_eq!(by_new.ask(&request("/uri", "")).status, 200);
    put(&file, &new.pem());
    service.advance(Duration::from_secs(2));
    // Also for connections that are open.
    assert_eq!(by_old.ask(&request("/uri", "")).status, 401);
    assert_eq!(by_new.ask(&request("/uri", "")).status, 200);
    // What is no list of authorities changes nothing.
    put(&file, "nonsense");
    service.advance(Duration::from_secs(2));
    assert_eq!(by_old.ask(&request("/uri", "")).status, 401);
    assert_eq!(by_new.ask(&request("/uri", "")).status, 200);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn an_authority_that_is_taken_away_does_not_wait_for_a_pair_that_fits() {
    let folder = std::env::temp_dir().join(format!("shield-waits-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let [file, own, key] = ["clients", "own", "key"].map(|name| folder.join(name));
    let [old, new, root] = [(); 3].map(|()| Authority::new("a root").unwrap());
    let pair = root.issue(&host(FAR)).unwrap();
    put(&file, &old.pem());
    put(&own, &pair.certificate_pem());
    put(&key, &pair.key_pem());
    let named = [
        ("APP_TLS_CLIENT_CA_FILE", &file),
        ("APP_TLS_CERT_FILE", &own),
        ("APP_TLS_KEY_FILE", &key),
    ];
    let named = named.map(|(name, path)| (name, path.display().to_string()));
    let (service, _) = start_with(&named).unwrap();
    let shown = old.issue(&NAMED).unwrap();
    let stream = connect(service.addr, config(&root, Some(&shown))).unwrap();
    let mut client = Client::over(stream);
    assert_eq!(client.ask(&request("/uri", "")).status, 200);
    put(&own, "half of a pair");
    put(&file, &new.pem());
    service.advance(Duration::from_secs(2));
    assert_eq!(client.ask(&request("/uri", "")).status, 401);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn sessions_are_not_resumed() {
    let world = start();
    let pair = world.issue(&NAMED);
    // One configuration remembers what it was given.
    let config = config(&world.root, Some(&pair));
    for _ in 0..2 {
        let stream = connect(world.service.addr, config.clone()).unwrap();
        let mut client = Client::over(stream);
        assert_eq!(client.ask(&request("/uri", "")).status, 200);
        assert_eq!(
            client.into_inner().conn.handshake_kind(),
            Some(HandshakeKind::Full)
        );
    }
}

#[test]
fn the_key_of_a_certificate_must_be_had() {
    let world = start();
    let (pair, other) = (world.issue(&NAMED), world.issue(&NAMED));
    let own = CertificateDer::from(pair.certificate.clone());
    let key = PrivateKeyDer::from_pem_slice(other.key_pem().as_bytes()).unwrap();
    let key = default_provider()
        .key_provider
        .load_private_key(key)
        .unwrap();
    let shown = tokio_rustls::rustls::sign::CertifiedKey::new(vec![own], key);
    for version in [&TLS13, &TLS12] {
        let resolver = tokio_rustls::rustls::sign::SingleCertAndKey::from(shown.clone());
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots(&world.root))
            .with_client_cert_resolver(Arc::new(resolver));
        assert!(refused(world.service.addr, config));
    }
}

/// Whether no answer comes: in TLS 1.3 the client hears of it behind its own end of the handshake.
fn refused(to: SocketAddr, config: ClientConfig) -> bool {
    match connect(to, config) {
        Err(_) => true,
        Ok(stream) => {
            let mut client = Client::over(stream);
            client.write(&request("/open", ""));
            client.read_as(false).is_none()
        }
    }
}

#[test]
fn who_signs_certificates_is_said_or_it_does_not_start() {
    let refused = |more: &[(&str, String)]| start_with(more).err().unwrap().to_string();
    let ca = |text: &str| refused(&[("APP_TLS_CLIENT_CA", text.to_owned())]);
    assert_eq!(refused(&[]), "APP_TLS_CLIENT_CA: is not set");
    assert!(ca("-----BEGIN CERTIFICATE-----\nAAAA").contains("must be PEM"));
    assert!(ca("nothing of it").contains("holds no certificate"));
    assert!(
        ca("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
            .contains("cannot be read")
    );
    let own = Authority::new("development-authority").unwrap();
    assert!(ca(&own.pem()).contains("was made for development"));
    // Where nobody is asked for one, it would be believed in.
    let root = Authority::new("a root").unwrap();
    let mut more = settings(&root.issue(&host(FAR)).unwrap());
    more.push(("APP_TLS_CLIENT_CA", root.pem()));
    let error = crate::service::start_with(&crate::service::TLS, &more);
    assert!(error.err().unwrap().to_string().contains("unset it"));
}
