use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

/// What a request is called in its answer and in the log: what the caller calls it, or a new UUID.
#[derive(Debug)]
pub(crate) struct RequestId(String);

impl RequestId {
    pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let given = headers
            .get(Self::HEADER)
            .and_then(|value| value.to_str().ok());
        let id = given
            .filter(|id| is_sound(id))
            .map_or_else(|| Uuid::new_v4().to_string(), str::to_owned);
        Self(id)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn to_header(&self) -> HeaderValue {
        // Neither form has a character that a header may not have.
        HeaderValue::from_str(&self.0).unwrap_or(HeaderValue::from_static("invalid"))
    }
}

/// Nothing that could forge a line of a log or break out of a quoted text.
fn is_sound(id: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=128).contains(&id.len()) && id.bytes().all(is_allowed)
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
        assert!(!is_sound(&"a".repeat(129)));
        assert!(is_sound(&"a".repeat(128)));
    }
}
