//! Events: the notifications about changes that other systems can subscribe to.

use std::str::FromStr;

use super::{Action, ChangeEntry, Mark, Resource};

/// The type of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
#[expect(missing_docs, reason = "each is named as in the API")]
pub enum EventType {
    ProductCreated,
    ProductUpdated,
    ProductDeleted,
    ProductBackInStock,
    ProductLowStock,
    CategoryCreated,
    CategoryUpdated,
    CategoryDeleted,
    ReviewSubmitted,
    ReviewVerified,
    ReviewUnverified,
    ReviewDeleted,
    StockMoved,
    WebhookDisabled,
}

/// A text is not an [`EventType`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a type of event")]
pub struct UnknownEventType;

impl EventType {
    /// All event types.
    pub const ALL: [Self; 14] = [
        Self::ProductCreated,
        Self::ProductUpdated,
        Self::ProductDeleted,
        Self::ProductBackInStock,
        Self::ProductLowStock,
        Self::CategoryCreated,
        Self::CategoryUpdated,
        Self::CategoryDeleted,
        Self::ReviewSubmitted,
        Self::ReviewVerified,
        Self::ReviewUnverified,
        Self::ReviewDeleted,
        Self::StockMoved,
        Self::WebhookDisabled,
    ];

    /// The name in the API, such as `product.created`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProductCreated => "product.created",
            Self::ProductUpdated => "product.updated",
            Self::ProductDeleted => "product.deleted",
            Self::ProductBackInStock => "product.back_in_stock",
            Self::ProductLowStock => "product.low_stock",
            Self::CategoryCreated => "category.created",
            Self::CategoryUpdated => "category.updated",
            Self::CategoryDeleted => "category.deleted",
            Self::ReviewSubmitted => "review.submitted",
            Self::ReviewVerified => "review.verified",
            Self::ReviewUnverified => "review.unverified",
            Self::ReviewDeleted => "review.deleted",
            Self::StockMoved => "stock.moved",
            Self::WebhookDisabled => "webhook.disabled",
        }
    }

    /// The first part of the name, such as `product`.
    pub fn group(self) -> &'static str {
        let name = self.as_str();
        name.split_once('.').map_or(name, |(group, _)| group)
    }

    /// The events of a log entry, in order. There are none for an entry about all resources of a kind (`*`), nor for
    /// images, keys, sessions and synonyms. The only one of a webhook is that the server has switched it off.
    pub fn of(entry: &ChangeEntry) -> Vec<Self> {
        if entry.resource_id == "*" {
            return vec![];
        }
        let done = match (entry.resource, entry.action) {
            (Resource::Product, Action::Created) => Some(Self::ProductCreated),
            (Resource::Product, Action::Updated) => Some(Self::ProductUpdated),
            (Resource::Product, Action::Deleted) => Some(Self::ProductDeleted),
            (Resource::Category, Action::Created) => Some(Self::CategoryCreated),
            (Resource::Category, Action::Updated) => Some(Self::CategoryUpdated),
            (Resource::Category, Action::Deleted) => Some(Self::CategoryDeleted),
            (Resource::Review, Action::Created) => Some(Self::ReviewSubmitted),
            (Resource::Review, Action::Deleted) => Some(Self::ReviewDeleted),
            (Resource::Webhook, Action::Updated) => {
                switches_webhook_off(entry).then_some(Self::WebhookDisabled)
            }
            (Resource::Review | Resource::Webhook, _)
            | (Resource::Image | Resource::Key | Resource::Session | Resource::Synonyms, _) => None,
        };
        let marked = entry.marks.iter().map(|mark| match mark {
            Mark::BackInStock => Self::ProductBackInStock,
            Mark::LowStock => Self::ProductLowStock,
            Mark::Verified => Self::ReviewVerified,
            Mark::Unverified => Self::ReviewUnverified,
        });
        let marked = marked.filter(|_| entry.action != Action::Deleted);
        // Last, so that positions behind the other events of an entry keep their meaning.
        let moved = moves_stock(entry).then_some(Self::StockMoved);
        done.into_iter().chain(marked).chain(moved).collect()
    }
}

/// Whether an entry has a change of a product's stock. The stock with which a product is created is no event of its own.
fn moves_stock(entry: &ChangeEntry) -> bool {
    (entry.resource, entry.action) == (Resource::Product, Action::Updated)
        && entry.diff_of("stock_quantity").is_some()
}

/// Whether the server has switched a webhook off. A person who does gives no reason.
fn switches_webhook_off(entry: &ChangeEntry) -> bool {
    let reasons = entry.diff_of("disabled_reason").unwrap_or_default();
    let reason = reasons.strip_prefix("null").map(str::trim_start);
    let reason = reason.and_then(|rest| rest.strip_prefix(','));
    reason.is_some_and(|reason| reason.trim_start().starts_with('"'))
}

impl FromStr for EventType {
    type Err = UnknownEventType;

    fn from_str(name: &str) -> Result<Self, UnknownEventType> {
        let mut all = Self::ALL.into_iter();
        all.find(|kind| kind.as_str() == name)
            .ok_or(UnknownEventType)
    }
}

impl TryFrom<String> for EventType {
    type Error = UnknownEventType;

    fn try_from(name: String) -> Result<Self, UnknownEventType> {
        name.parse()
    }
}

impl From<EventType> for String {
    fn from(kind: EventType) -> Self {
        kind.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests;
