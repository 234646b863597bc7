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
mod tests;
