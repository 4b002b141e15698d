//! Certificates of clients (`mutualTLS`): asked for in the handshake, judged when a request needs one.
//!
//! The handshake proves that the client has the key of what it shows, and judges nothing else: operations that need no
//! certificate are there for everybody, and who shows a bad one where one is needed gets a 401 and leaves an event. It is
//! judged anew for each request, as a token is: a connection outlives certificates, and authorities.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, UnixTime};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore,
    SignatureScheme,
};

use crate::auth::{AuthReason, DEVELOPMENT, Identity};
use crate::config::{CLIENT_CA, ConfigError};
use crate::spec::CertificateScheme;

use super::certificate::Certificate;

/// Whose certificates are good.
#[derive(Clone)]
pub(super) struct Clients(Arc<dyn ClientCertVerifier>);

impl Clients {
    /// `text`: certificates of authorities, PEM.
    pub fn new(text: &str, production: bool) -> Result<Self, ConfigError> {
        let wrong = |what: &str| ConfigError::new(CLIENT_CA, what);
        let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
        let all = all.map_err(|_| wrong("must be PEM: the certificates of authorities"))?;
        let mut roots = RootCertStore::empty();
        for each in all {
            let read = Certificate::read(&each);
            let name = read.as_ref().and_then(Certificate::common_name);
            if production && name.is_some_and(|name| name.starts_with(DEVELOPMENT)) {
                return Err(wrong("was made for development"));
            }
            roots
                .add(each)
                .map_err(|_| wrong("holds a certificate that cannot be read"))?;
        }
        let provider = Arc::new(default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        // Nobody could come in, which nobody can have meant.
        let verifier = verifier
            .build()
            .map_err(|_| wrong("holds no certificate"))?;
        Ok(Clients(verifier))
    }

    /// What the handshake does.
    pub fn asking(&self) -> Arc<dyn ClientCertVerifier> {
        Arc::new(Asking(self.0.clone()))
    }

    /// Who shows this chain, its own certificate first. `now`: seconds since 1970.
    pub fn caller(
        &self,
        scheme: &CertificateScheme,
        chain: &[CertificateDer<'static>],
        now: u64,
    ) -> Result<Identity, AuthReason> {
        let (own, between) = chain.split_first().ok_or(AuthReason::Missing)?;
        let moment = UnixTime::since_unix_epoch(Duration::from_secs(now));
        let judged = self.0.verify_client_cert(own, between, moment);
        // guard: certificate-chain
        if let Err(error) = judged {
            return Err(reason(&error));
        }
        let own = Certificate::read(own).ok_or(AuthReason::Malformed)?;
        let subject = own.name(scheme.subject).ok_or(AuthReason::Malformed)?;
        Ok(Identity::of_certificate(scheme, &subject, own.not_after))
    }
}

/// For the log; the caller learns nothing but 401.
fn reason(error: &Error) -> AuthReason {
    use CertificateError as C;
    let Error::InvalidCertificate(why) = error else {
        return AuthReason::Malformed;
    };
    match why {
        C::Expired | C::ExpiredContext { .. } => AuthReason::Expired,
        C::NotValidYet | C::NotValidYetContext { .. } => AuthReason::NotYet,
        C::UnknownIssuer => AuthReason::Issuer,
        C::BadSignature => AuthReason::Signature,
        C::InvalidPurpose | C::InvalidPurposeContext { .. } => AuthReason::Type,
        C::UnhandledCriticalExtension => AuthReason::Critical,
        C::Revoked => AuthReason::Revoked,
        C::BadEncoding => AuthReason::Malformed,
        _ => AuthReason::Key,
    }
}

/// Asks for a certificate, takes none as well, and lets the key of one be proved.
struct Asking(Arc<dyn ClientCertVerifier>);

impl ClientCertVerifier for Asking {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.0.root_hint_subjects()
    }

    /// Nothing rests on this: see [`Clients::caller`].
    fn verify_client_cert(
        &self,
        _own: &CertificateDer<'_>,
        _between: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, own, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, own, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

impl fmt::Debug for Asking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asking")
    }
}
