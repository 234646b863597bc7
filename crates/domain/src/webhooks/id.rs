use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// Identifies a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WebhookId(Uuid);

/// A text is not a [`WebhookId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a webhook")]
pub struct InvalidWebhookId;

impl WebhookId {
    /// A new, random id.
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }
}

impl fmt::Display for WebhookId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for WebhookId {
    type Err = InvalidWebhookId;

    fn from_str(text: &str) -> Result<Self, InvalidWebhookId> {
        text.parse().map(Self).map_err(|_| InvalidWebhookId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_are_shown() {
        let id = WebhookId::random();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("1".parse::<WebhookId>(), Err(InvalidWebhookId));
    }
}
