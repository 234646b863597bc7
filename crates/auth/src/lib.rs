#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod authenticator;
mod keys;
mod sealing;
mod secrets;
mod tokens;
mod user;

pub use self::authenticator::Authenticator;
pub use self::keys::{GeneratedKey, PresentedKey};
pub use self::sealing::SealingError;
pub use self::secrets::AdminSecrets;
pub use self::tokens::{
    RenewalError, RunningSession, Session, SessionState, SessionTokens, TokenError,
};
pub use self::user::AdminUser;

/// The token of an `Authorization` header with the scheme Bearer (RFC 6750), in upper or lower case; `None` unless
/// there is exactly one token.
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, rest) = header.trim().split_once(' ')?;
    let token = rest.trim_start_matches(' ');
    let is_one_token = !token.is_empty() && !token.contains(char::is_whitespace);
    (scheme.eq_ignore_ascii_case("bearer") && is_one_token).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_holds_one_bearer_token() {
        for (header, token) in [
            ("Bearer abc", Some("abc")),
            ("bEaReR abc", Some("abc")),
            ("Bearer   abc ", Some("abc")),
            ("Bearer", None),
            ("Bearer ", None),
            ("Bearer a b", None),
            ("Bearer a\tb", None),
            ("Basic abc", None),
            ("abc", None),
            ("", None),
        ] {
            assert_eq!(bearer(header), token, "{header:?}");
        }
    }
}
