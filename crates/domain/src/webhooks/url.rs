use std::fmt;

use url::Url;

/// Which schemes the URL of a webhook may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllowedSchemes {
    /// Only https.
    Https,
    /// https and http, for development.
    HttpsAndHttp,
}

/// The URL of a webhook: https, or http if it is [allowed](AllowedSchemes), with at most 2 048 characters, and without
/// a user name, password and fragment.
///
/// Whether its address may be connected to is decided at each connection.
///
/// ```
/// use eggypro_domain::webhooks::{AllowedSchemes, InvalidWebhookUrl, WebhookUrl};
///
/// let url = WebhookUrl::parse("https://erp.example", AllowedSchemes::Https)?;
/// assert_eq!(url.as_str(), "https://erp.example/");
/// let http = WebhookUrl::parse("http://erp.example", AllowedSchemes::Https);
/// assert_eq!(http, Err(InvalidWebhookUrl::Scheme));
/// # Ok::<(), InvalidWebhookUrl>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WebhookUrl(Url);

/// Why a text is not a valid [`WebhookUrl`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidWebhookUrl {
    /// The text is empty.
    #[error("URL is required")]
    Empty,
    /// The text is too long.
    #[error("URL too long")]
    TooLong,
    /// The text is not an absolute https URL.
    #[error("URL must be an absolute https URL")]
    Scheme,
    /// The text is not an absolute http or https URL.
    #[error("URL must be an absolute http or https URL")]
    NotWeb,
    /// The URL has a user name or a password.
    #[error("URL must not contain a user name or password")]
    Credentials,
    /// The URL has a fragment, which is never sent.
    #[error("URL must not contain a fragment")]
    Fragment,
}

impl WebhookUrl {
    /// Maximum number of characters.
    pub const MAX_LENGTH: usize = 2_048;

    /// Parses a URL.
    ///
    /// # Errors
    /// If the text breaks a rule.
    pub fn parse(text: &str, allowed: AllowedSchemes) -> Result<Self, InvalidWebhookUrl> {
        if text.is_empty() {
            return Err(InvalidWebhookUrl::Empty);
        }
        // A name or a path in other letters is longer once it is encoded.
        if text.chars().count() > Self::MAX_LENGTH {
            return Err(InvalidWebhookUrl::TooLong);
        }
        let url = absolute(text, allowed).ok_or(match allowed {
            AllowedSchemes::Https => InvalidWebhookUrl::Scheme,
            AllowedSchemes::HttpsAndHttp => InvalidWebhookUrl::NotWeb,
        })?;
        if url.as_str().len() > Self::MAX_LENGTH {
            return Err(InvalidWebhookUrl::TooLong);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidWebhookUrl::Credentials);
        }
        match url.fragment() {
            Some(_) => Err(InvalidWebhookUrl::Fragment),
            None => Ok(Self(url)),
        }
    }

    /// The URL as it is requested: the host in lower case, other letters encoded.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The parsed URL.
    pub fn as_url(&self) -> &Url {
        &self.0
    }
}

/// An absolute URL with an allowed scheme. The parser also accepts white space and a scheme without slashes.
fn absolute(text: &str, allowed: AllowedSchemes) -> Option<Url> {
    let is_allowed = match allowed {
        AllowedSchemes::Https => text.starts_with("https://"),
        AllowedSchemes::HttpsAndHttp => text.starts_with("https://") || text.starts_with("http://"),
    };
    let is_plain = !text.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    Url::parse(text).ok().filter(|_| is_allowed && is_plain)
}

impl fmt::Display for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::AllowedSchemes::{Https, HttpsAndHttp};
    use super::*;

    fn parse(text: &str) -> Result<String, InvalidWebhookUrl> {
        WebhookUrl::parse(text, Https).map(|url| url.to_string())
    }

    #[test]
    fn valid_urls_are_normalized() {
        for (text, url) in [
            ("https://a.example", "https://a.example/"),
            (
                "https://A.example:8443/x?y=1&z",
                "https://a.example:8443/x?y=1&z",
            ),
            ("https://[::1]/", "https://[::1]/"),
            ("https://a.example/@b", "https://a.example/@b"),
            (
                "https://bücher.example/ä",
                "https://xn--bcher-kva.example/%C3%A4",
            ),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(url));
            // It stays the same when it is read again.
            assert_eq!(parse(url).as_deref(), Ok(url));
        }
        let longest = format!("https://a.example/{}", "a".repeat(2_048 - 18));
        assert!(parse(&longest).is_ok());
    }

    #[test]
    fn http_must_be_allowed() {
        let http = "http://localhost:3000/hook";
        assert_eq!(parse(http), Err(InvalidWebhookUrl::Scheme));
        assert!(WebhookUrl::parse(http, HttpsAndHttp).is_ok());
        let ftp = WebhookUrl::parse("ftp://a.example", HttpsAndHttp);
        assert_eq!(ftp, Err(InvalidWebhookUrl::NotWeb));
    }

    #[test]
    fn names_the_broken_rule() {
        use InvalidWebhookUrl::{Credentials, Empty, Fragment, Scheme, TooLong};

        let long = format!("https://a.example/{}", "a".repeat(2_048));
        let long_once_encoded = format!("https://a.example/{}", "ä".repeat(400));
        for (text, error) in [
            ("", Empty),
            (long.as_str(), TooLong),
            (long_once_encoded.as_str(), TooLong),
            ("/hook", Scheme),
            ("https:a.example", Scheme),
            ("https://", Scheme),
            ("https://a.example:99999/", Scheme),
            (" https://a.example/", Scheme),
            ("https://a.example/\n", Scheme),
            ("https://a.example/a b", Scheme),
            ("javascript:alert(1)", Scheme),
            ("https://ada@a.example/", Credentials),
            ("https://ada:secret@a.example/", Credentials),
            ("https://:secret@a.example/", Credentials),
            ("https://a.example/#part", Fragment),
            ("https://a.example/#", Fragment),
        ] {
            assert_eq!(parse(text), Err(error), "{text}");
        }
    }
}
