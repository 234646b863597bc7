//! Why an attempt got no answer, in words for people.

use std::error::Error;
use std::fmt;
use std::io;
use std::iter::successors;
use std::time::Duration;

use rustls::CertificateError;

use crate::Blocked;

/// Why an attempt got no answer. No message contains a secret, or an address that a name leads to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The guard does not allow the URL or its addresses.
    #[error(transparent)]
    Blocked(#[from] Blocked),
    /// The name has no address, or can't be asked for now.
    #[error("the name {0} can't be resolved")]
    UnknownName(String),
    /// Nothing listens at the address.
    #[error("the connection was refused")]
    ConnectionRefused,
    /// The connection was reset or closed.
    #[error("the connection was closed before an answer came")]
    ConnectionClosed,
    /// Resolving, connecting and TLS took too long.
    #[error("no connection within {}", Limit(*.0))]
    NoConnection(Duration),
    /// The answer took too long.
    #[error("no answer within {}", Limit(*.0))]
    NoAnswer(Duration),
    /// The certificate has expired.
    #[error("the certificate has expired")]
    CertificateExpired,
    /// The certificate is for another name.
    #[error("the certificate is for another name")]
    CertificateName,
    /// The certificate does not come from an authority that this machine trusts.
    #[error("the certificate is not trusted")]
    Certificate,
    /// TLS failed for another reason, for example because the receiver speaks plain HTTP.
    #[error("a TLS connection can't be made")]
    Tls,
    /// The answer is not HTTP.
    #[error("the answer is not HTTP")]
    NotHttp,
    /// The receiver can't be reached for another reason.
    #[error("the receiver can't be reached")]
    Unreachable,
    /// The event's id contains other characters than visible ASCII, or a `.`.
    #[error("the event's id can't be sent")]
    InvalidId,
    /// There is no secret to sign with.
    #[error("the webhook has no secret")]
    NoSecret,
}

impl Failure {
    /// The failure behind an error of the client, which connects within `limit`.
    pub(crate) fn of(error: &reqwest::Error, limit: Duration) -> Self {
        let first: &(dyn Error + 'static) = error;
        let mut causes = successors(Some(first), |&error| error.source());
        match causes.find_map(Self::of_cause) {
            Some(failure) => failure,
            None if error.is_connect() && error.is_timeout() => Self::NoConnection(limit),
            None => Self::Unreachable,
        }
    }

    fn of_cause(cause: &(dyn Error + 'static)) -> Option<Self> {
        if let Some(failure) = cause.downcast_ref::<Self>() {
            return Some(failure.clone());
        }
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            return Self::of_io(error);
        }
        let error = cause.downcast_ref::<hyper::Error>()?;
        match error {
            error if error.is_parse() => Some(Self::NotHttp),
            error if error.is_incomplete_message() => Some(Self::ConnectionClosed),
            _ => None,
        }
    }

    fn of_io(error: &io::Error) -> Option<Self> {
        // An error of TLS is wrapped in two of these, which don't name it as their source.
        let inner = error.get_ref();
        if let Some(error) = inner.and_then(|error| error.downcast_ref::<io::Error>()) {
            return Self::of_io(error);
        }
        if let Some(error) = inner.and_then(|error| error.downcast_ref()) {
            return Some(Self::of_tls(error));
        }
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Some(Self::ConnectionRefused),
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => Some(Self::ConnectionClosed),
            _ => None,
        }
    }

    fn of_tls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(
                CertificateError::Expired | CertificateError::ExpiredContext { .. },
            ) => Self::CertificateExpired,
            rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            ) => Self::CertificateName,
            rustls::Error::InvalidCertificate(_) => Self::Certificate,
            _ => Self::Tls,
        }
    }
}

/// A limit as people write it: `15 s`.
struct Limit(Duration);

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.subsec_millis() {
            0 => write!(formatter, "{} s", self.0.as_secs()),
            _ => write!(formatter, "{} ms", self.0.as_millis()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_certificate(error: CertificateError) -> String {
        let error = rustls::Error::InvalidCertificate(error);
        let error = io::Error::new(io::ErrorKind::InvalidData, error);
        Failure::of_cause(&error).unwrap().to_string()
    }

    #[test]
    fn certificates_are_refused_for_reasons() {
        for (error, reason) in [
            (CertificateError::Expired, "the certificate has expired"),
            (
                CertificateError::NotValidForName,
                "the certificate is for another name",
            ),
            (
                CertificateError::UnknownIssuer,
                "the certificate is not trusted",
            ),
            (CertificateError::Revoked, "the certificate is not trusted"),
        ] {
            assert_eq!(of_certificate(error), reason);
        }
    }

    #[test]
    fn limits_are_written_for_people() {
        for (limit, text) in [
            (15_000, "no answer within 15 s"),
            (250, "no answer within 250 ms"),
        ] {
            let failure = Failure::NoAnswer(Duration::from_millis(limit));
            assert_eq!(failure.to_string(), text);
        }
    }
}
