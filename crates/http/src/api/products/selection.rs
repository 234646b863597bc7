//! The selection of members of products in lists.

use std::fmt::{self, Write};
use std::sync::LazyLock;

use serde::ser::Error;
use serde::{Serialize, Serializer};

use crate::message::fields::Members;
use crate::message::query::Query;

/// Every member of a product in a list.
pub(crate) const LIST_MEMBERS: [&str; 31] = [
    "id",
    "name",
    "slug",
    "description",
    "details",
    "price",
    "images",
    "media",
    "ingredients",
    "stock_quantity",
    "is_active",
    "categories",
    "rating",
    "publish_at",
    "unpublish_at",
    "low_stock_at",
    "title",
    "sku",
    "gtin",
    "brand",
    "currency",
    "list_price",
    "net_content",
    "unit_price",
    "food",
    "group",
    "options",
    "seo",
    "version",
    "created_at",
    "updated_at",
];

/// Every member of a search hit.
pub(crate) static HIT_MEMBERS: LazyLock<Vec<&str>> =
    LazyLock::new(|| [&LIST_MEMBERS[..], &["highlight"]].concat());

/// The requested members. An empty selection means all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selection(Vec<&'static str>);

impl Selection {
    pub(super) fn read(query: &mut Query<'_>) -> Self {
        Self::read_from(query, &LIST_MEMBERS)
    }

    /// Like [`read`](Self::read), for search hits.
    pub(super) fn read_for_hits(query: &mut Query<'_>) -> Self {
        Self::read_from(query, &HIT_MEMBERS)
    }

    fn read_from(query: &mut Query<'_>, members: &[&'static str]) -> Self {
        let mut wanted = query.list("fields", members.len(), |name| {
            let member = members.iter().copied().find(|member| *member == name);
            member.ok_or_else(|| format!("must be some of {}", members.join(", ")))
        });
        wanted.sort_unstable();
        Self(wanted)
    }

    /// Writes the requested members to the name of a cache key, always in the same order.
    pub(super) fn write(&self, name: &mut String) -> fmt::Result {
        let mut members = self.0.iter();
        members.try_for_each(|member| write!(name, " {member}"))
    }

    pub(super) fn of<T>(&self, item: T) -> Selected<'_, T> {
        let Self(members) = self;
        Selected { item, members }
    }
}

/// An item that serializes only the selected members.
#[derive(Debug)]
pub(super) struct Selected<'a, T> {
    item: T,
    members: &'a [&'static str],
}

impl<T: Serialize> Serialize for Selected<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.members.is_empty() {
            return self.item.serialize(serializer);
        }
        // Filters the serialized text, so that numbers keep their exact digits.
        let whole = serde_json::to_string(&self.item).map_err(S::Error::custom)?;
        let all: Members<'_> = serde_json::from_str(&whole).map_err(S::Error::custom)?;
        let is_wanted = |name: &str| self.members.contains(&name);
        serializer.collect_map(all.0.into_iter().filter(|(name, _)| is_wanted(name)))
    }
}
