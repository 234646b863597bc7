use std::fmt;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use standardwebhooks::{
    HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook, WebhookError,
};

use crate::changes::Event;

/// Verifies requests of a webhook (Standard Webhooks 1.0), so that only events of the shop are accepted.
///
/// ```
/// use eggypro_client::webhooks::Verifier;
///
/// # fn example(headers: &eggypro_client::HeaderMap, body: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
/// let verifier = Verifier::new(["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD".into()])?;
/// let event = verifier.verify(headers, body)?;
/// println!("{} of {}", event.kind, event.subject);
/// # Ok(())
/// # }
/// ```
pub struct Verifier(Vec<Webhook>);

/// Why a request is not accepted. Answer it with 400, or with 401.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// A secret is not `whsec_` and Base64 of 24 to 64 bytes.
    #[error("the secret must be whsec_ and Base64 of 24 to 64 bytes")]
    Secret,
    /// There is no secret.
    #[error("at least one secret is needed")]
    NoSecret,
    /// A header is missing or malformed, the time is off by more than five minutes, or no secret has signed the body.
    #[error("the request is not signed: {0}")]
    Signature(String),
    /// The body is signed, but is no event.
    #[error("the event can't be read: {0}")]
    Event(#[source] serde_json::Error),
}

impl Verifier {
    /// Verifies with any of these secrets. During a rotation there are two.
    ///
    /// # Errors
    /// If a secret is malformed, or there is none.
    pub fn new(secrets: impl IntoIterator<Item = SecretString>) -> Result<Self, VerifyError> {
        let receivers = secrets.into_iter().map(|secret| receiver(&secret));
        let receivers: Vec<Webhook> = receivers.collect::<Result<_, _>>()?;
        if receivers.is_empty() {
            return Err(VerifyError::NoSecret);
        }
        Ok(Self(receivers))
    }

    /// Verifies a request by its headers and the bytes of its body, and returns its event. Events may come more than once, with
    /// the same [id](Event::id).
    ///
    /// # Errors
    /// If it is not signed by one of the secrets within the last five minutes, or is no event.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<Event, VerifyError> {
        if headers
            .get(HEADER_WEBHOOK_TIMESTAMP)
            .is_some_and(|timestamp| !is_timestamp(timestamp))
        {
            let reason = WebhookError::InvalidTimestamp;
            return Err(VerifyError::Signature(reason.to_string()));
        }
        let mut reason = WebhookError::InvalidSignature;
        for receiver in &self.0 {
            match receiver.verify(body, headers) {
                Ok(()) => return serde_json::from_slice(body).map_err(VerifyError::Event),
                Err(error) => reason = error,
            }
        }
        Err(VerifyError::Signature(reason.to_string()))
    }

    /// Verifies a request by the values of `webhook-id`, `webhook-timestamp` and `webhook-signature`, for servers whose type of
    /// headers is another one.
    ///
    /// # Errors
    /// As for [`verify`](Self::verify).
    pub fn verify_parts(
        &self,
        id: &str,
        timestamp: &str,
        signature: &str,
        body: &[u8],
    ) -> Result<Event, VerifyError> {
        let headers = [
            (HEADER_WEBHOOK_ID, id),
            (HEADER_WEBHOOK_TIMESTAMP, timestamp),
            (HEADER_WEBHOOK_SIGNATURE, signature),
        ];
        let headers = headers.into_iter().map(|(name, value)| {
            let value = HeaderValue::from_str(value);
            let value =
                value.map_err(|_| VerifyError::Signature(format!("invalid header {name}")))?;
            Ok((HeaderName::from_static(name), value))
        });
        let headers: HeaderMap = headers.collect::<Result<_, VerifyError>>()?;
        self.verify(&headers, body)
    }
}

/// Reads a secret. The dependency takes any length, also none, with which everybody could sign.
fn receiver(secret: &SecretString) -> Result<Webhook, VerifyError> {
    let base64 = secret.expose_secret().strip_prefix("whsec_");
    let base64 = base64.ok_or(VerifyError::Secret)?;
    let receiver = Webhook::new(base64).map_err(|_| VerifyError::Secret)?;
    // Valid Base64 has three bytes in each four characters, less its padding.
    let padding = base64.bytes().filter(|byte| *byte == b'=').count();
    match base64.len() / 4 * 3 - padding {
        24..=64 => Ok(receiver),
        _ => Err(VerifyError::Secret),
    }
}

/// Whether a value is a time in seconds. The dependency computes with the value before it checks the signature, and a number near
/// the limits of its type would overflow.
fn is_timestamp(value: &HeaderValue) -> bool {
    let value = value.as_bytes();
    (1..=15).contains(&value.len()) && value.iter().all(u8::is_ascii_digit)
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifier({} secrets)", self.0.len())
    }
}
