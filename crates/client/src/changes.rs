//! The log of everything that changes, and its events for other systems.

mod event;
mod event_stream;

pub use self::event::{Event, EventData, EventPage, EventType, EventWebhook, Gone};
pub use self::event_stream::{After, EventStream, FollowEvents};

use serde::Deserialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::operation as op;
use crate::page::{Items, Page, Pages};
use crate::request::{Query, Request};
use crate::text_enum::text_enum;
use crate::{Call, Client};

/// What one transaction did to one resource.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Change {
    /// The id.
    pub id: i64,
    /// When it happened.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Who did it.
    pub actor: Actor,
    /// The id of the request; `None` outside of requests.
    pub request_id: Option<String>,
    /// Why, where that is known.
    pub reason: Option<String>,
    /// The kind of resource.
    pub resource: Resource,
    /// Which one.
    pub resource_id: ResourceId,
    /// The slug of a product or category; of a review, that of its product.
    pub slug: Option<String>,
    /// What was done.
    pub action: Action,
    /// By column, the value before and after.
    pub diff: Map<String, Value>,
}

/// Who changed something.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Actor {
    /// The kind of actor.
    pub kind: ActorKind,
    /// The id: of a key its id, of the database its role.
    pub id: Option<String>,
    /// The name of a key.
    pub name: Option<String>,
}

text_enum! {
    /// The kind of an actor.
    ActorKind {
        /// The administrator.
        Admin = "admin",
        /// An API key.
        Key = "key",
        /// A customer.
        Customer = "customer",
        /// The server itself.
        System = "system",
        /// A statement at the database that the server did not make.
        Database = "database",
    }
}

text_enum! {
    /// A kind of resource.
    Resource {
        /// A product.
        Product = "product",
        /// A category.
        Category = "category",
        /// A review.
        Review = "review",
        /// An image.
        Image = "image",
        /// An API key.
        Key = "key",
        /// A session.
        Session = "session",
        /// The synonyms.
        Synonyms = "synonyms",
        /// A webhook.
        Webhook = "webhook",
    }
}

text_enum! {
    /// What was done to a resource.
    Action {
        /// It was created.
        Created = "created",
        /// It was changed.
        Updated = "updated",
        /// It was removed.
        Deleted = "deleted",
    }
}

/// Which resource of its kind; `*` stands for all at once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum ResourceId {
    /// The id of a product, a category or a review.
    Number(i64),
    /// The id of another resource.
    Text(String),
}

/// Which changes a list contains, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListChanges {
    /// Of this kind of resource.
    pub resource: Option<Resource>,
    /// Of the product or category with this slug.
    pub slug: Option<String>,
    /// By this actor: a kind, or the id of a key.
    pub actor: Option<String>,
    /// At this time or later.
    pub since: Option<OffsetDateTime>,
    /// Before this time.
    pub until: Option<OffsetDateTime>,
    /// Maximum number of changes of a page: 1 to 100, 20 by default.
    pub limit: Option<u8>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl ListChanges {
    fn write(&self, query: &mut Query) {
        let time = |time: Option<OffsetDateTime>| time?.format(&Rfc3339).ok();
        query
            .add("resource", self.resource.as_ref())
            .add("slug", self.slug.as_ref())
            .add("actor", self.actor.as_ref())
            .add("since", time(self.since))
            .add("until", time(self.until))
            .add("limit", self.limit)
            .add("cursor", self.cursor.as_ref());
    }
}

/// The calls of changes and events, which need `changes:read`. See [`Client::changes`].
#[derive(Debug, Clone, Copy)]
pub struct Changes<'a>(pub(crate) &'a Client);

impl Client {
    /// The log of changes.
    pub fn changes(&self) -> Changes<'_> {
        Changes(self)
    }
}

impl Changes<'_> {
    /// Reads a page of changes, the newest first.
    ///
    /// # Errors
    /// 403 without `changes:read`.
    pub fn list(&self, list: &ListChanges) -> Call<Page<Change>> {
        let request = Request::new(&op::LIST_CHANGES, &[]);
        Call::json(self.0, request.query(|query| list.write(query)))
    }

    /// Reads all changes, page by page.
    pub fn all(&self, list: ListChanges) -> Items<Change> {
        let client = self.0.clone();
        let pages = Pages::new(move |cursor| {
            let mut list = list.clone();
            list.cursor = cursor.or(list.cursor);
            client.changes().list(&list)
        });
        pages.items()
    }
}
