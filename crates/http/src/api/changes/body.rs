use eggypro_domain::changes::{Actor, ChangeEntry, ChangePage, EventType, Resource, ResourceState};
use eggypro_domain::webhooks::EventId;
use serde::Serialize;
use serde_json::value::RawValue;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::api::categories::CategoryBody;
use crate::api::products::{Pagination, ProductBody};
use crate::api::reviews::ModeratedReview;
use crate::message::problem::Problem;
use crate::state::Storefront;

/// One page of changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangePage)]
pub(super) struct ChangePageBody<'a> {
    data: Vec<ChangeBody<'a>>,
    pagination: Pagination,
}

/// What one transaction did to one thing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Change)]
struct ChangeBody<'a> {
    #[schema(example = 4711)]
    id: i64,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    actor: ActorBody<'a>,
    /// The request that did it; null outside of requests.
    #[schema(example = "3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7")]
    request_id: Option<&'a str>,
    /// Why, where that is known.
    reason: Option<&'a str>,
    /// `product`, `category`, `review`, `image`, `key`, `session`, `synonyms` or `webhook`.
    #[schema(example = "product")]
    resource: &'static str,
    resource_id: ResourceId<'a>,
    /// Of a product or category; of a review that of its product.
    #[schema(example = "eggypro-vanilla-1kg")]
    slug: Option<&'a str>,
    /// `created`, `updated` or `deleted`.
    #[schema(example = "updated")]
    action: &'static str,
    /// By column what it was before and after.
    #[schema(value_type = Object, example = json!({ "price": [39.90, 41.90] }))]
    diff: &'a RawValue,
}

/// Which one: a number, of an image, a key, a session or a webhook a text; `*` of all at once.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum ResourceId<'a> {
    Number(i64),
    Text(&'a str),
}

/// Who changed it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Actor)]
pub(crate) struct ActorBody<'a> {
    /// `admin`, `key`, `customer`, `system`, or `database` of a statement that the server did not make.
    #[schema(example = "admin")]
    kind: &'static str,
    /// Of the database its role.
    #[schema(example = "admin")]
    id: Option<&'a str>,
    name: Option<&'a str>,
}

impl<'a> ActorBody<'a> {
    pub(crate) fn of(actor: &'a Actor) -> Self {
        Self {
            kind: actor.kind.as_str(),
            id: actor.id.as_deref(),
            name: actor.name.as_deref(),
        }
    }
}

impl<'a> ChangePageBody<'a> {
    pub(super) fn of(page: &'a ChangePage, pagination: Pagination) -> Result<Self, Problem> {
        let data = page.items.iter().map(ChangeBody::of);
        Ok(Self {
            data: data.collect::<Result<_, _>>()?,
            pagination,
        })
    }
}

impl<'a> ChangeBody<'a> {
    fn of(entry: &'a ChangeEntry) -> Result<Self, Problem> {
        let diff = serde_json::from_str(&entry.diff);
        Ok(Self {
            id: entry.id,
            at: entry.at,
            actor: ActorBody::of(&entry.actor),
            request_id: entry.request_id.as_deref(),
            reason: entry.reason.as_deref(),
            resource: entry.resource.as_str(),
            resource_id: ResourceId::of(entry),
            slug: entry.slug.as_deref(),
            action: entry.action.as_str(),
            diff: diff.map_err(|error| Problem::unexpected(error.to_string()))?,
        })
    }
}

impl<'a> ResourceId<'a> {
    fn of(entry: &'a ChangeEntry) -> Self {
        match (entry.resource, entry.resource_id.parse()) {
            (Resource::Product | Resource::Category | Resource::Review, Ok(number)) => {
                Self::Number(number)
            }
            _ => Self::Text(&entry.resource_id),
        }
    }
}

/// One page of events.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventPage)]
pub(super) struct EventPageBody<'a> {
    pub(super) data: Vec<EventBody<'a>>,
    /// Where to go on, by `after`; also on a page without events.
    pub(super) next_cursor: &'a str,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event)]
pub(super) struct EventBody<'a> {
    /// The same however often it is read.
    #[schema(example = "4711")]
    id: String,
    #[serde(rename = "type")]
    #[schema(example = "product.updated")]
    kind: &'static str,
    #[serde(with = "time::serde::rfc3339")]
    time: OffsetDateTime,
    /// The address of what it is about.
    #[schema(example = "/api/products/eggypro-vanilla-1kg")]
    subject: String,
    data: EventData<'a>,
}

/// What the event is about as the API shows it to an administrator now; of what was deleted, its id and slug; of a webhook that
/// was switched off, the reason.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum EventData<'a> {
    Product(Box<ProductBody<'a>>),
    Category(CategoryBody<'a>),
    Review(ModeratedReview<'a>),
    Webhook(DisabledWebhook<'a>),
    Gone(GoneBody<'a>),
}

/// A webhook that the server has switched off. Its URL is not shown, since it may hold a secret of the receiver.
#[derive(Debug, Serialize, ToSchema)]
struct DisabledWebhook<'a> {
    #[schema(example = "6f1f4c1e-7d0a-4f57-9a53-3d0e0f2b8c11")]
    id: &'a str,
    is_active: bool,
    #[schema(example = "the receiver answered 410 and wants no more events")]
    disabled_reason: String,
}

impl<'a> DisabledWebhook<'a> {
    fn of(entry: &'a ChangeEntry) -> Self {
        let diff: serde_json::Value = serde_json::from_str(&entry.diff).unwrap_or_default();
        let reason = diff["disabled_reason"][1].as_str();
        Self {
            id: &entry.resource_id,
            is_active: false,
            disabled_reason: reason.unwrap_or_default().to_owned(),
        }
    }
}

/// What is no more.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Gone)]
struct GoneBody<'a> {
    #[schema(example = 7)]
    id: i64,
    #[schema(example = "eggypro-vanilla-1kg")]
    slug: Option<&'a str>,
}

impl<'a> EventBody<'a> {
    /// An event of an entry of the log. `number` counts the events of that entry from 0.
    pub(super) fn of(
        entry: &'a ChangeEntry,
        subject: &'a ResourceState,
        number: usize,
        kind: EventType,
        shop: &'a Storefront,
    ) -> Self {
        let is_deleted = entry.action == eggypro_domain::changes::Action::Deleted;
        let data = match subject {
            ResourceState::Product(product) if !is_deleted => {
                EventData::Product(Box::new(ProductBody::single(product, shop)))
            }
            ResourceState::Category(category) if !is_deleted => {
                EventData::Category(CategoryBody::of(category))
            }
            ResourceState::Review(review, product) if !is_deleted => {
                EventData::Review(ModeratedReview::of(review, product))
            }
            _ if entry.resource == Resource::Webhook => {
                EventData::Webhook(DisabledWebhook::of(entry))
            }
            _ => EventData::Gone(GoneBody {
                id: entry.resource_id.parse().unwrap_or_default(),
                slug: entry.slug.as_deref(),
            }),
        };
        Self {
            id: event_id(entry, number).to_string(),
            kind: kind.as_str(),
            time: entry.at,
            subject: address_of(entry, subject),
            data,
        }
    }

    /// The address of what it is about.
    pub(super) fn into_subject(self) -> String {
        self.subject
    }
}

/// The address of what an entry is about, now if it still exists.
fn address_of(entry: &ChangeEntry, state: &ResourceState) -> String {
    let slug = entry.slug.as_deref().unwrap_or_default();
    let id = &entry.resource_id;
    match (entry.resource, state) {
        (Resource::Product, ResourceState::Product(product)) => {
            format!("/api/products/{}", product.slug)
        }
        (Resource::Product, _) => format!("/api/products/{slug}"),
        (Resource::Category, ResourceState::Category(category)) => {
            format!("/api/categories/{}", category.slug)
        }
        (Resource::Category, _) => format!("/api/categories/{slug}"),
        (Resource::Webhook, _) => format!("/api/webhooks/{id}"),
        _ => format!("/api/reviews/{id}"),
    }
}

/// The id of an event of an entry. `number` counts the events of that entry from 0.
pub(super) fn event_id(entry: &ChangeEntry, number: usize) -> EventId {
    EventId {
        entry: entry.id,
        // An entry has a handful of events.
        number: u32::try_from(number).unwrap_or(u32::MAX),
    }
}
