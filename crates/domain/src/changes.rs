//! What changes, and who wants to know: what writes change for readers, so that who keeps answers knows which ones no
//! longer hold; where writes come from; and the log of it all.

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
    Action, ChangeEntry, ChangeLog, ChangePage, ChangeQuery, FollowError, Followed, Mark,
    NoChangeLog, Position, Resource, Subject, UnknownAction, UnknownMark, UnknownResource,
};
pub use self::origin::{Actor, ActorKind, Origin, UnknownActorKind};

/// A part of what readers see. An answer that is kept bears a tag for each part that it shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Tag {
    /// Lists of products and searches among them.
    Products,
    /// The product of this slug, be there one or not.
    Product(Slug),
    /// Every single product, which a change of a category may touch by the thousand.
    EveryProduct,
    /// The categories, in a list or one by one.
    Categories,
    /// The reviews of the product of this slug.
    Reviews(Slug),
    /// The session of an administrator.
    Session(SessionId),
    /// The API key of this id.
    Key(KeyId),
    /// The synonyms of searches.
    Synonyms,
    /// All that readers see: a write touched more than can be told one by one.
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

/// A text names no tag or no change.
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

/// What one write has changed.
///
/// It travels as text, its name before its tags:
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
    /// Names the write among all writes to the same store, without white space.
    pub name: String,
    /// What it has touched.
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

/// Who wants to know what has changed.
#[async_trait]
pub trait Audience: Send + Sync {
    /// Hears of a change that is committed. The writer is answered when this has returned, so that nobody who knows of
    /// the write reads what was before it.
    async fn changed(&self, change: &Change);

    /// Hears that from now on all changes are heard, and that those which were missed have been told of meanwhile.
    fn hears_again(&self);

    /// Hears that changes may have been missed, so that anything may have changed, and that from now on all are heard.
    async fn missed_changes(&self);

    /// Hears that the changes of others are not heard, until [`missed_changes`](Self::missed_changes) says otherwise.
    fn hears_nothing(&self);
}

/// Keeps nothing, and so need not know.
#[derive(Debug, Clone, Copy)]
pub struct Nobody;

#[async_trait]
impl Audience for Nobody {
    async fn changed(&self, _: &Change) {}

    fn hears_again(&self) {}

    async fn missed_changes(&self) {}

    fn hears_nothing(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_is_read_as_it_is_written() {
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
}
