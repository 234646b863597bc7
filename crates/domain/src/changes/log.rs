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

/// The log of changes of a store, which the store itself writes, whoever changes it and however.
#[async_trait]
pub trait ChangeLog: Send + Sync {
    /// Changes, the newest first.
    ///
    /// # Errors
    /// When the store did not answer.
    async fn list(&self, query: &ChangeQuery) -> Result<ChangePage, StoreError>;

    /// At most so many entries that were committed behind a position, in an order in which none ever appears before one
    /// that was given already.
    ///
    /// # Errors
    /// See [`FollowError`].
    async fn follow(
        &self,
        position: Option<&Position>,
        limit: u16,
    ) -> Result<Followed, FollowError>;

    /// The position behind all that was committed by now.
    ///
    /// # Errors
    /// When the store did not answer.
    async fn latest(&self) -> Result<Position, StoreError>;

    /// Forgets at most so many of the entries that are older than this; how many it forgot.
    ///
    /// # Errors
    /// When the store did not answer.
    async fn forget(&self, age: Duration, limit: u32) -> Result<u64, StoreError>;
}

/// Why nobody goes on from a position.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// What stood behind it has been forgotten, or it is of another log, as after a backup was put back.
    #[error("the position is older than what is kept")]
    Gone,
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What kind of thing was changed.
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
    /// An image of the image store.
    Image,
    /// An API key.
    Key,
    /// A session of an administrator.
    Session,
    /// The synonyms of searches.
    Synonyms,
}

/// A text names no [`Resource`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a kind of resource")]
pub struct UnknownResource;

impl Resource {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Product,
        Self::Category,
        Self::Review,
        Self::Image,
        Self::Key,
        Self::Session,
        Self::Synonyms,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Category => "category",
            Self::Review => "review",
            Self::Image => "image",
            Self::Key => "key",
            Self::Session => "session",
            Self::Synonyms => "synonyms",
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

/// What was done to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Action {
    /// It was made.
    Created,
    /// It was changed.
    Updated,
    /// It was removed.
    Deleted,
}

/// A text names no [`Action`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not something that is done")]
pub struct UnknownAction;

impl Action {
    /// The name on the wire.
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

/// What happened with a change besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Mark {
    /// A product that was sold out can be bought.
    BackInStock,
    /// The public sees a review.
    Verified,
    /// The public no longer sees it.
    Unverified,
}

/// A text names no [`Mark`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mark of a change")]
pub struct UnknownMark;

impl FromStr for Mark {
    type Err = UnknownMark;

    fn from_str(name: &str) -> Result<Self, UnknownMark> {
        match name {
            "back_in_stock" => Ok(Self::BackInStock),
            "verified" => Ok(Self::Verified),
            "unverified" => Ok(Self::Unverified),
            _ => Err(UnknownMark),
        }
    }
}

/// What one transaction did to one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangeEntry {
    /// Its identity.
    pub id: i64,
    /// When it was done.
    pub at: OffsetDateTime,
    /// What kind of thing.
    pub resource: Resource,
    /// Which one: its id, of an image its public id; `*` of all at once.
    pub resource_id: String,
    /// The slug of a product or category; of a review that of its product.
    pub slug: Option<String>,
    /// What was done.
    pub action: Action,
    /// What happened besides.
    pub marks: Vec<Mark>,
    /// By column what it was before and after, as a JSON object of arrays of two.
    pub diff: String,
    /// Who did it.
    pub actor: Actor,
    /// By which request.
    pub request_id: Option<String>,
    /// Why, where that is known.
    pub reason: Option<String>,
}

impl ChangeEntry {
    /// An entry of this, without a request.
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
}

/// Which changes are asked for; by default all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangeQuery {
    /// Of this kind only.
    pub resource: Option<Resource>,
    /// Of what has this slug only.
    pub slug: Option<String>,
    /// Of actors of this kind or with this id only.
    pub actor: Option<String>,
    /// From this time on only.
    pub since: Option<OffsetDateTime>,
    /// Before this time only.
    pub until: Option<OffsetDateTime>,
    /// Only those that are older than the one of which this was so.
    pub before: Option<(OffsetDateTime, i64)>,
    /// How many at most.
    pub limit: PageSize,
}

/// A part of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangePage {
    /// The changes, the newest first.
    pub items: Vec<ChangeEntry>,
    /// How many there are in all.
    pub total: Total,
    /// Whether there are older ones.
    pub has_more: bool,
}

/// A place in the order in which changes were committed, in words of the store that made it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Position(pub String);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What was committed behind a position.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed {
    /// Where this begins.
    pub beginning: Position,
    /// The entries, each with the position behind it and what it is of, as that stands now.
    pub entries: Vec<(ChangeEntry, Position, Subject)>,
    /// Where to go on: behind the last of them, or where it was.
    pub position: Position,
    /// Whether as many were read as may be at once, so that there may be more.
    pub is_full: bool,
}

/// What an entry of the log is of, as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// A product.
    Product(Box<Product>),
    /// A category.
    Category(Box<Category>),
    /// A review, and of which product.
    Review(Box<Review>, ReviewedProduct),
    /// It is no more, or nothing that events tell of.
    Gone,
}

/// The log of a store that keeps none: it tells nothing.
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

    async fn follow(&self, _: Option<&Position>, _: u16) -> Result<Followed, FollowError> {
        let position = self.latest().await?;
        Ok(Followed {
            beginning: position.clone(),
            entries: vec![],
            position,
            is_full: false,
        })
    }

    async fn latest(&self) -> Result<Position, StoreError> {
        Ok(Position(String::new()))
    }

    async fn forget(&self, _: Duration, _: u32) -> Result<u64, StoreError> {
        Ok(0)
    }
}
