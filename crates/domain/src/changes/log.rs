//! The log of changes: what was changed, when and by whom.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::Actor;
use crate::StoreError;
use crate::categories::Category;
use crate::products::{PageSize, Product, Total};
use crate::reviews::{Review, ReviewedProduct};

/// The log of changes of a store. The store records every change itself, including changes by hand.
#[async_trait]
pub trait ChangeLog: Send + Sync {
    /// The entries that match a query, newest first.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn list(&self, query: &ChangeQuery) -> Result<ChangePage, StoreError>;

    /// At most `limit` entries that were committed after `position`, in commit order: no entry ever appears before one
    /// that was already returned. Without a position, it begins with the oldest stored entry.
    ///
    /// # Errors
    /// See [`FollowError`].
    async fn follow(
        &self,
        position: Option<&Position>,
        limit: u16,
    ) -> Result<EntriesAfter, FollowError>;

    /// The position after everything that is committed so far.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn latest(&self) -> Result<Position, StoreError>;

    /// Deletes at most `limit` entries that are older than `age`, and returns how many it deleted.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn delete_old(&self, age: Duration, limit: u32) -> Result<u64, StoreError>;
}

/// Why the log can't be followed from a position.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// Entries after the position were deleted already, or the position belongs to another log, for example after a
    /// backup was restored.
    #[error("the position is older than what is kept")]
    PositionExpired,
    /// The store is unavailable or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The kind of resource that was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Resource {
    /// A product.
    Product,
    /// A category.
    Category,
    /// A review.
    Review,
    /// An image in the image store.
    Image,
    /// An API key.
    Key,
    /// A session of an administrator.
    Session,
    /// The synonyms of searches.
    Synonyms,
    /// A webhook.
    Webhook,
}

/// A text is not a [`Resource`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a kind of resource")]
pub struct UnknownResource;

impl Resource {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Product,
        Self::Category,
        Self::Review,
        Self::Image,
        Self::Key,
        Self::Session,
        Self::Synonyms,
        Self::Webhook,
    ];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Category => "category",
            Self::Review => "review",
            Self::Image => "image",
            Self::Key => "key",
            Self::Session => "session",
            Self::Synonyms => "synonyms",
            Self::Webhook => "webhook",
        }
    }
}

impl FromStr for Resource {
    type Err = UnknownResource;

    fn from_str(name: &str) -> Result<Self, UnknownResource> {
        let mut all = Self::ALL.into_iter();
        all.find(|resource| resource.as_str() == name)
            .ok_or(UnknownResource)
    }
}

/// The kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Action {
    /// The resource was created.
    Created,
    /// The resource was updated.
    Updated,
    /// The resource was deleted.
    Deleted,
}

/// A text is not an [`Action`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not something that is done")]
pub struct UnknownAction;

impl Action {
    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
        }
    }
}

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(name: &str) -> Result<Self, UnknownAction> {
        match name {
            "created" => Ok(Self::Created),
            "updated" => Ok(Self::Updated),
            "deleted" => Ok(Self::Deleted),
            _ => Err(UnknownAction),
        }
    }
}

/// A notable effect of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Mark {
    /// A sold out product is in stock again.
    BackInStock,
    /// The stock of a product has fallen to its [`low_stock_at`](Product::low_stock_at) or below.
    LowStock,
    /// A review was verified and is now public.
    Verified,
    /// A review is no longer verified nor public.
    Unverified,
}

/// A text is not a [`Mark`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mark of a change")]
pub struct UnknownMark;

impl FromStr for Mark {
    type Err = UnknownMark;

    fn from_str(name: &str) -> Result<Self, UnknownMark> {
        match name {
            "back_in_stock" => Ok(Self::BackInStock),
            "low_stock" => Ok(Self::LowStock),
            "verified" => Ok(Self::Verified),
            "unverified" => Ok(Self::Unverified),
            _ => Err(UnknownMark),
        }
    }
}

/// The effect of one transaction on one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangeEntry {
    /// The id of the entry.
    pub id: i64,
    /// The time of the change.
    pub at: OffsetDateTime,
    /// The kind of resource.
    pub resource: Resource,
    /// The id of the resource; for an image its public id. `*` stands for all resources of the kind.
    pub resource_id: String,
    /// The slug of the product or category; for a review that of its product.
    pub slug: Option<String>,
    /// The kind of change.
    pub action: Action,
    /// Notable effects of the change.
    pub marks: Vec<Mark>,
    /// The changed columns as a JSON object: each column has an array of the value before and the value after.
    pub diff: String,
    /// Who made the change.
    pub actor: Actor,
    /// The id of the request that made the change.
    pub request_id: Option<String>,
    /// The reason, if one is known.
    pub reason: Option<String>,
}

impl ChangeEntry {
    /// An entry without marks, request id and reason.
    pub fn new(
        id: i64,
        at: OffsetDateTime,
        (resource, resource_id): (Resource, String),
        action: Action,
        actor: Actor,
        diff: String,
    ) -> Self {
        Self {
            id,
            at,
            resource,
            resource_id,
            slug: None,
            action,
            marks: vec![],
            diff,
            actor,
            request_id: None,
            reason: None,
        }
    }

    /// The values of a member of the diff, from the first one on.
    pub(super) fn diff_of(&self, member: &str) -> Option<&str> {
        // Within a text of the diff, quotes are escaped. A member inside another one has no pair of values.
        let member = format!("\"{member}\":");
        let places = self.diff.split(&member).skip(1);
        let mut values = places.filter_map(|rest| rest.trim_start().strip_prefix('['));
        values.next().map(str::trim_start)
    }
}

/// Selects entries of the log. The default selects all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangeQuery {
    /// Only changes of this kind of resource.
    pub resource: Option<Resource>,
    /// Only changes of resources with this slug.
    pub slug: Option<String>,
    /// Only changes by actors with this kind or id.
    pub actor: Option<String>,
    /// Only changes at this time or later.
    pub since: Option<OffsetDateTime>,
    /// Only changes before this time.
    pub until: Option<OffsetDateTime>,
    /// Only entries older than the entry with this time and id.
    pub before: Option<(OffsetDateTime, i64)>,
    /// Maximum number of entries.
    pub limit: PageSize,
}

/// One page of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangePage {
    /// The entries, newest first.
    pub items: Vec<ChangeEntry>,
    /// The number of entries in the whole list.
    pub total: Total,
    /// Whether there are older entries.
    pub has_more: bool,
}

/// A position in the commit order of a log. Its format is private to the store that created it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Position(pub String);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The entries that were committed after a position.
#[derive(Debug, Clone, PartialEq)]
pub struct EntriesAfter {
    /// The position where these entries begin.
    pub beginning: Position,
    /// The entries. Each comes with the position after it and the current state of its resource.
    pub entries: Vec<(ChangeEntry, Position, ResourceState)>,
    /// The position to continue from: after the last entry, or unchanged if there are none.
    pub position: Position,
    /// Whether the limit was reached, so that there may be more entries.
    pub is_full: bool,
}

/// The current state of the resource of a log entry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResourceState {
    /// A product.
    Product(Box<Product>),
    /// A category.
    Category(Box<Category>),
    /// A review and its product.
    Review(Box<Review>, ReviewedProduct),
    /// The resource was deleted, or it is of a kind without events.
    Gone,
}

/// The log of a store that records no changes. It is always empty.
#[derive(Debug, Clone, Copy)]
pub struct NoChangeLog;

#[async_trait]
impl ChangeLog for NoChangeLog {
    async fn list(&self, _: &ChangeQuery) -> Result<ChangePage, StoreError> {
        Ok(ChangePage {
            items: vec![],
            total: Total::Exactly(0),
            has_more: false,
        })
    }

    async fn follow(&self, _: Option<&Position>, _: u16) -> Result<EntriesAfter, FollowError> {
        let position = self.latest().await?;
        Ok(EntriesAfter {
            beginning: position.clone(),
            entries: vec![],
            position,
            is_full: false,
        })
    }

    async fn latest(&self) -> Result<Position, StoreError> {
        Ok(Position(String::new()))
    }

    async fn delete_old(&self, _: Duration, _: u32) -> Result<u64, StoreError> {
        Ok(0)
    }
}
