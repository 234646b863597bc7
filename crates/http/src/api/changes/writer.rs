use std::sync::Arc;

use eggypro_domain::changes::{ChangeEntry, EventType, ResourceState};
use eggypro_domain::webhooks::{Followed, NewEvent};

use super::body::{EventBody, event_id};
use crate::state::Storefront;

/// Writes events for webhooks, byte for byte as `/api/events` shows them at that moment.
#[derive(Debug, Clone)]
pub struct EventWriter(Arc<Storefront>);

impl EventWriter {
    /// Writes the events of a shop, which must be that of its [`Api`](crate::Api).
    pub fn new(shop: Arc<Storefront>) -> Self {
        Self(shop)
    }

    /// The events of a step that a webhook wants, in their order.
    ///
    /// # Errors
    /// If an event can't be written as JSON, which does not happen in practice.
    pub fn write(&self, followed: &Followed) -> serde_json::Result<Vec<NewEvent>> {
        let mut events = vec![];
        for (entry, _, state) in &followed.entries.entries {
            for (number, kind) in EventType::of(entry).into_iter().enumerate() {
                if followed.wants(kind) {
                    events.push(self.event(entry, state, number, kind)?);
                }
            }
        }
        Ok(events)
    }

    /// An event of an entry. `number` counts the events of that entry from 0, also those that no webhook wants.
    fn event(
        &self,
        entry: &ChangeEntry,
        state: &ResourceState,
        number: usize,
        kind: EventType,
    ) -> serde_json::Result<NewEvent> {
        let event = EventBody::of(entry, state, number, kind, &self.0);
        let body = serde_json::to_vec(&event)?;
        let number = event_id(entry, number).number;
        Ok(NewEvent::of(
            entry,
            number,
            kind,
            event.into_subject(),
            body.into(),
        ))
    }
}

#[cfg(test)]
mod tests;
