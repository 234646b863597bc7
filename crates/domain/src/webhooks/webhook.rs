use garde::{Error, Validate};
use time::OffsetDateTime;

use super::{TypePattern, WebhookId, WebhookSecret, WebhookUrl};

/// Maximum number of patterns of a webhook.
const MAX_TYPES: usize = 50;

/// A webhook without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Webhook {
    /// The id.
    pub id: WebhookId,
    /// Where events are sent.
    pub url: WebhookUrl,
    /// The types of events that it receives.
    pub types: Vec<TypePattern>,
    /// Whether it receives events.
    pub is_active: bool,
    /// Why the server has switched it off, for people. `None` if a person has.
    pub disabled_reason: Option<String>,
    /// The time of creation.
    pub created_at: OffsetDateTime,
}

impl Webhook {
    /// An active webhook.
    pub fn new(
        id: WebhookId,
        url: WebhookUrl,
        types: Vec<TypePattern>,
        created_at: OffsetDateTime,
    ) -> Self {
        Self {
            id,
            url,
            types,
            is_active: true,
            disabled_reason: None,
            created_at,
        }
    }

    /// Applies changes. A webhook that becomes active has no reason not to be any more.
    pub fn apply(&mut self, changes: WebhookChanges) {
        if let Some(url) = changes.url {
            self.url = url;
        }
        if let Some(types) = changes.types {
            self.types = types;
        }
        if let Some(is_active) = changes.is_active {
            self.is_active = is_active;
        }
        if self.is_active {
            self.disabled_reason = None;
        }
    }
}

/// A webhook to create. It receives the events of changes that are committed from then on.
#[derive(Debug, Clone, PartialEq, Eq, Validate)]
#[non_exhaustive]
pub struct NewWebhook {
    /// Where events are sent.
    #[garde(skip)]
    pub url: WebhookUrl,
    /// The types of events that it receives: 1 to 50 patterns.
    #[garde(custom(types_rule))]
    pub types: Vec<TypePattern>,
    /// Whether it receives events from the start.
    #[garde(skip)]
    pub is_active: bool,
}

impl NewWebhook {
    /// An active webhook.
    pub fn new(url: WebhookUrl, types: Vec<TypePattern>) -> Self {
        Self {
            url,
            types,
            is_active: true,
        }
    }
}

/// Changes of a webhook. The default changes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Validate)]
#[non_exhaustive]
pub struct WebhookChanges {
    /// Where events are sent from now on, also those that wait.
    #[garde(skip)]
    pub url: Option<WebhookUrl>,
    /// The types of events that it receives from now on: 1 to 50 patterns. Events that wait are delivered all the same.
    #[garde(inner(custom(types_rule)))]
    pub types: Option<Vec<TypePattern>>,
    /// Whether it receives events from now on. One that becomes active does not receive those of changes before.
    #[garde(skip)]
    pub is_active: Option<bool>,
}

fn types_rule(types: &[TypePattern], _: &()) -> garde::Result {
    match types.len() {
        0 => Err(Error::new("At least one type is required")),
        1..=MAX_TYPES => Ok(()),
        _ => Err(Error::new("Too many types")),
    }
}

/// Where a webhook's events are sent and what signs them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The URL.
    pub url: WebhookUrl,
    /// The current secret, then the former ones that still sign along, newest first.
    pub secrets: Vec<WebhookSecret>,
}

#[cfg(test)]
mod tests {
    use super::super::AllowedSchemes;
    use super::*;

    fn url() -> WebhookUrl {
        WebhookUrl::parse("https://a.example/", AllowedSchemes::Https).unwrap()
    }

    #[test]
    fn a_webhook_has_types() {
        let mut webhook = NewWebhook::new(url(), vec![]);
        let report = webhook.validate().unwrap_err().to_string();
        assert_eq!(report, "types: At least one type is required\n");
        webhook.types = vec![TypePattern::ALL];
        assert!(webhook.validate().is_ok());
        let mut changes = WebhookChanges::default();
        assert!(changes.validate().is_ok());
        changes.types = Some(vec![]);
        let report = changes.validate().unwrap_err().to_string();
        assert_eq!(report, "types: At least one type is required\n");
        changes.types = Some(vec![TypePattern::ALL; 51]);
        let report = changes.validate().unwrap_err().to_string();
        assert_eq!(report, "types: Too many types\n");
    }

    #[test]
    fn an_active_webhook_has_no_reason_not_to_be() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let mut webhook = Webhook::new(WebhookId::random(), url(), vec![TypePattern::ALL], now);
        webhook.is_active = false;
        webhook.disabled_reason = Some("gone".into());
        let mut changes = WebhookChanges::default();
        webhook.apply(changes.clone());
        assert_eq!(webhook.disabled_reason.as_deref(), Some("gone"));
        changes.is_active = Some(true);
        webhook.apply(changes);
        assert_eq!((webhook.is_active, webhook.disabled_reason), (true, None));
    }
}
