//! Who speaks to a service under test: in plain text, or inside TLS where the document says that it ends there.

#[cfg(feature = "tls")]
mod inside;

use std::io::{self, Read, Write};
use std::net::TcpStream;

use crate::dev::DevError;
use crate::spec::Spec;

/// One end of a connection.
pub trait Talk: Read + Write {}

impl<S: Read + Write> Talk for S {}

/// Speaks to services of one document; the default one in plain text.
#[derive(Clone, Default)]
pub struct Dialer {
    #[cfg(feature = "tls")]
    inside: Option<inside::Inside>,
}

impl Dialer {
    /// # Errors
    ///
    /// The system has no random numbers for a certificate.
    #[cfg_attr(not(feature = "tls"), allow(unused_variables))]
    pub fn new(spec: &Spec) -> Result<Self, DevError> {
        Ok(Dialer {
            #[cfg(feature = "tls")]
            inside: match &spec.tls {
                Some(tls) => Some(inside::Inside::new(!tls.certificates.is_empty())?),
                None => None,
            },
        })
    }

    /// What the service must be told for it: nothing for plain text.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        #[cfg(feature = "tls")]
        if let Some(inside) = &self.inside {
            return inside.settings();
        }
        Vec::new()
    }

    /// A connection that can be written to, over one that was opened; with a certificate of the client where one is `shown`:
    /// how it is made (`good`, or what is wrong with it) and which of its names is the caller's (`good san-uri`), and that
    /// name.
    ///
    /// # Errors
    ///
    /// There is nobody who speaks so.
    pub fn over(
        &self,
        stream: TcpStream,
        shown: Option<(&str, &str)>,
    ) -> io::Result<Box<dyn Talk>> {
        #[cfg(feature = "tls")]
        if let Some(inside) = &self.inside {
            return Ok(Box::new(inside.over(stream, shown)?));
        }
        if shown.is_some() {
            return Err(io::Error::other("there is no TLS to show a certificate in"));
        }
        Ok(Box::new(stream))
    }
}
