use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// What a request is called in its answer and in the log: what the caller calls it, or a new UUID.
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
        match given.filter(|id| is_sound(id.as_bytes())) {
            Some(id) => Self(Id::Given(id.clone())),
            None => Self::random(),
        }
    }

    /// A new one.
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
            // No UUID has a character that a header may not have.
            Id::Made(id) => HeaderValue::from_bytes(id).unwrap_or(HeaderValue::from_static("none")),
        }
    }
}

/// Nothing that could forge a line of a log or break out of a quoted text.
fn is_sound(id: &[u8]) -> bool {
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
    fn a_sound_id_is_kept_and_any_other_replaced() {
        assert_eq!(of("a.B_c-9"), "a.B_c-9");
        for unsound in ["", "a b", "a\"b", "a;b"] {
            assert!(of(unsound).parse::<Uuid>().is_ok(), "{unsound:?}");
        }
        assert!(!is_sound(&[b'a'; 129]));
        assert!(is_sound(&[b'a'; 128]));
    }
}
