mod size;

use super::{Cursor, Facets};

pub use self::size::{InvalidPageSize, PageSize};

/// Maximum that stores count to, so the cost of a page does not depend on the length of its list.
pub const COUNT_LIMIT: u32 = 10_000;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Page<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// The number of items in the whole list.
    pub total: Total,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<Cursor>,
    /// The requested facets; `None` if none was requested.
    pub facets: Option<Facets>,
}

/// The number of items in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Total {
    /// The exact number.
    Exactly(u32),
    /// [`COUNT_LIMIT`] or more. The value is the limit.
    AtLeast(u32),
}

impl Total {
    /// The total for a count that stopped at `COUNT_LIMIT + 1`. See [`COUNT_LIMIT`].
    pub fn from_bounded_count(count: u32) -> Self {
        if count > COUNT_LIMIT {
            Self::AtLeast(COUNT_LIMIT)
        } else {
            Self::Exactly(count)
        }
    }

    /// The count that gives this total, the inverse of [`from_bounded_count`](Self::from_bounded_count).
    pub fn bounded_count(self) -> u32 {
        match self {
            Self::Exactly(count) => count,
            Self::AtLeast(limit) => limit + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_bounded() {
        assert_eq!(Total::from_bounded_count(10_000), Total::Exactly(10_000));
        assert_eq!(Total::from_bounded_count(10_001), Total::AtLeast(10_000));
        for count in [0, 9_999, 10_000, 10_001] {
            assert_eq!(Total::from_bounded_count(count).bounded_count(), count);
        }
    }
}
