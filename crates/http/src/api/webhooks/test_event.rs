use eggypro_domain::webhooks::Webhook;
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::body::WebhookBody;
use crate::receivers::TestEvent;

/// An event with the members of those of `/api/events`.
#[derive(Serialize)]
struct TestEventBody<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(with = "time::serde::rfc3339")]
    time: OffsetDateTime,
    subject: String,
    data: WebhookBody<'a>,
}

impl TestEvent {
    /// An event of the type `webhook.test` about a webhook. Each has another id.
    ///
    /// # Errors
    /// If the event can't be written as JSON, which does not happen in practice.
    pub fn about(webhook: &Webhook, time: OffsetDateTime) -> serde_json::Result<Self> {
        let id = format!("test-{}", Uuid::new_v4());
        let body = serde_json::to_vec(&TestEventBody {
            id: &id,
            kind: "webhook.test",
            time,
            subject: format!("/api/webhooks/{}", webhook.id),
            data: WebhookBody::of(webhook),
        })?;
        Ok(Self::new(id, time, body.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eggypro_domain::webhooks::{AllowedSchemes, TypePattern, WebhookId, WebhookUrl};
    use serde_json::{Value, json};

    #[test]
    fn a_test_event_is_about_its_webhook() {
        let url = WebhookUrl::parse("https://erp.example/hook", AllowedSchemes::Https).unwrap();
        let (id, now) = (WebhookId::random(), OffsetDateTime::UNIX_EPOCH);
        let webhook = Webhook::new(id, url, vec![TypePattern::ALL], now);
        let event = TestEvent::about(&webhook, now).unwrap();
        let body: Value = serde_json::from_slice(&event.body).unwrap();
        let expected = json!({
            "id": event.id, "type": "webhook.test", "time": "1970-01-01T00:00:00Z",
            "subject": format!("/api/webhooks/{id}"),
            "data": {
                "id": id.to_string(), "url": "https://erp.example/hook", "types": ["*"], "is_active": true,
                "disabled_reason": null, "created_at": "1970-01-01T00:00:00Z"
            }
        });
        assert_eq!(body, expected);
        // A signature has the id between dots.
        assert!(!event.id.contains('.'), "{}", event.id);
        assert_ne!(event.id, TestEvent::about(&webhook, now).unwrap().id);
    }
}
