//! Changes: which cached answers a write invalidates, the origin of writes, and the log of changes.

mod event;
mod log;
mod origin;

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;

use crate::Slug;
use crate::keys::KeyId;
use crate::sessions::SessionId;

pub use self::event::{EventType, UnknownEventType};
pub use self::log::{
    Action, ChangeEntry, ChangeLog, ChangePage, ChangeQuery, EntriesAfter, FollowError, Mark,
    NoChangeLog, Position, Resource, ResourceState, UnknownAction, UnknownMark, UnknownResource,
};
pub use self::origin::{Actor, ActorKind, Origin, UnknownActorKind};

/// A part of the shop that an answer shows. A cached answer has a tag for each part that it shows, and is invalid once
/// a change with one of these tags is committed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Tag {
    /// Lists and searches of products.
    Products,
    /// The product with this slug, whether it exists or not.
    Product(Slug),
    /// Every single product. A change of a category can affect thousands of products.
    EveryProduct,
    /// The categories, as a list or one by one.
    Categories,
    /// The reviews of the product with this slug.
    Reviews(Slug),
    /// The session of an administrator.
    Session(SessionId),
    /// The API key with this id.
    Key(KeyId),
    /// The synonyms of searches.
    Synonyms,
    /// Everything. Used for a write that touches too much for single tags.
    Everything,
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Products => f.write_str("products"),
            Self::Product(slug) => write!(f, "product:{slug}"),
            Self::EveryProduct => f.write_str("every-product"),
            Self::Categories => f.write_str("categories"),
            Self::Reviews(slug) => write!(f, "reviews:{slug}"),
            Self::Session(id) => write!(f, "session:{id}"),
            Self::Key(id) => write!(f, "key:{id}"),
            Self::Synonyms => f.write_str("synonyms"),
            Self::Everything => f.write_str("everything"),
        }
    }
}

/// A text is not a [`Tag`] or [`Change`] in their text form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a change that this version knows")]
pub struct UnknownChange;

impl FromStr for Tag {
    type Err = UnknownChange;

    fn from_str(text: &str) -> Result<Self, UnknownChange> {
        let slug = |text: &str| text.parse().map_err(|_| UnknownChange);
        match text.split_once(':') {
            None if text == "products" => Ok(Self::Products),
            None if text == "every-product" => Ok(Self::EveryProduct),
            None if text == "categories" => Ok(Self::Categories),
            None if text == "synonyms" => Ok(Self::Synonyms),
            None if text == "everything" => Ok(Self::Everything),
            Some(("product", of)) => Ok(Self::Product(slug(of)?)),
            Some(("reviews", of)) => Ok(Self::Reviews(slug(of)?)),
            Some(("key", id)) => id.parse().map(Self::Key).map_err(|_| UnknownChange),
            Some(("session", id)) => id.parse().map(Self::Session).map_err(|_| UnknownChange),
            _ => Err(UnknownChange),
        }
    }
}

/// The effect of one write.
///
/// Its text form is its name, followed by its tags:
///
/// ```
/// use eggypro_domain::changes::{Change, Tag};
///
/// let change: Change = "1234 products product:egg-bites".parse()?;
/// assert_eq!(change.tags, [Tag::Products, Tag::Product("egg-bites".parse().unwrap())]);
/// assert_eq!(change.to_string(), "1234 products product:egg-bites");
/// # Ok::<(), eggypro_domain::changes::UnknownChange>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Unique among all writes to the same store. Contains no white space.
    pub name: String,
    /// The parts of the shop that the write changes.
    pub tags: Vec<Tag>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.tags.iter().try_for_each(|tag| write!(f, " {tag}"))
    }
}

impl FromStr for Change {
    type Err = UnknownChange;

    fn from_str(text: &str) -> Result<Self, UnknownChange> {
        let mut words = text.split(' ');
        let name = words.next().filter(|name| !name.is_empty());
        Ok(Self {
            name: name.ok_or(UnknownChange)?.to_owned(),
            tags: words.map(str::parse).collect::<Result<_, _>>()?,
        })
    }
}

/// Receives changes, for example to invalidate cached answers.
#[async_trait]
pub trait ChangeFollower: Send + Sync {
    /// Applies a committed change. The writer waits for it before it answers the client, so a client that received the
    /// answer to its write never reads older data.
    async fn changed(&self, change: &Change);

    /// Called when changes are received again and all missed changes were already delivered with
    /// [`changed`](Self::changed).
    fn reconnected(&self);

    /// Called when changes are received again but some may have been missed: any data may have changed.
    async fn missed_changes(&self);

    /// Called when changes by other processes are no longer received. This lasts until
    /// [`reconnected`](Self::reconnected) or [`missed_changes`](Self::missed_changes) is called.
    fn disconnected(&self);
}

/// Ignores all changes.
#[derive(Debug, Clone, Copy)]
pub struct NoFollower;

#[async_trait]
impl ChangeFollower for NoFollower {
    async fn changed(&self, _: &Change) {}

    fn reconnected(&self) {}

    async fn missed_changes(&self) {}

    fn disconnected(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_round_trip() {
        let slug: Slug = "a-1".parse().unwrap();
        for tag in [
            Tag::Products,
            Tag::Product(slug.clone()),
            Tag::EveryProduct,
            Tag::Categories,
            Tag::Reviews(slug),
            Tag::Session(SessionId::random()),
            Tag::Key("0123456789aZ".parse().unwrap()),
            Tag::Synonyms,
            Tag::Everything,
        ] {
            assert_eq!(tag.to_string().parse(), Ok(tag));
        }
        for unknown in [
            "",
            "product",
            "product:",
            "product:A",
            "orders",
            "products:a",
        ] {
            assert_eq!(unknown.parse::<Tag>(), Err(UnknownChange), "{unknown}");
        }
        assert!("".parse::<Change>().is_err());
        assert!("7 orders".parse::<Change>().is_err());
    }

    #[test]
    fn changes_round_trip() {
        let text = "7-1.5 products product:a";
        let change: Change = text.parse().unwrap();
        assert_eq!(change.to_string(), text);
    }

    #[test]
    fn the_log_of_nothing_is_empty() {
        let page = pollster::block_on(NoChangeLog.list(&ChangeQuery::default()));
        assert!(page.unwrap().items.is_empty());
        let deleted = NoChangeLog.delete_old(std::time::Duration::ZERO, 1);
        assert_eq!(pollster::block_on(deleted).unwrap(), 0);
    }
}
