use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// The id of a request in its answer and in the log: the client's `X-Request-Id` if that is valid, else a new UUID.
#[derive(Debug)]
pub(crate) struct RequestId(Id);

#[derive(Debug)]
enum Id {
    Given(HeaderValue),
    Made([u8; Hyphenated::LENGTH]),
}

impl RequestId {
    pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(Self::HEADER);
        match given.filter(|id| is_valid(id.as_bytes())) {
            Some(id) => Self(Id::Given(id.clone())),
            None => Self::random(),
        }
    }

    /// A random UUID.
    pub(crate) fn random() -> Self {
        let mut id = [0; Hyphenated::LENGTH];
        Uuid::new_v4().hyphenated().encode_lower(&mut id);
        Self(Id::Made(id))
    }

    pub(crate) fn as_str(&self) -> &str {
        match &self.0 {
            Id::Given(id) => id.to_str().unwrap_or_default(),
            Id::Made(id) => str::from_utf8(id).unwrap_or_default(),
        }
    }

    pub(crate) fn to_header(&self) -> HeaderValue {
        match &self.0 {
            Id::Given(id) => id.clone(),
            // A UUID is always a valid header value.
            Id::Made(id) => HeaderValue::from_bytes(id).unwrap_or(HeaderValue::from_static("none")),
        }
    }
}

/// Allows no characters that could forge a log line or end a quoted string.
fn is_valid(id: &[u8]) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=128).contains(&id.len()) && id.iter().copied().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(RequestId::HEADER, HeaderValue::from_static(text));
        RequestId::of(&headers).as_str().to_owned()
    }

    #[test]
    fn a_valid_id_is_kept_and_an_invalid_one_replaced() {
        assert_eq!(of("a.B_c-9"), "a.B_c-9");
        for invalid in ["", "a b", "a\"b", "a;b"] {
            assert!(of(invalid).parse::<Uuid>().is_ok(), "{invalid:?}");
        }
        assert!(!is_valid(&[b'a'; 129]));
        assert!(is_valid(&[b'a'; 128]));
    }
}
