use super::{Cursor, Facets};

/// Maximum that stores count to, so the cost of a page does not depend on the length of its list.
pub const COUNT_LIMIT: u32 = 10_000;

/// Maximum number of items on a page: 1 to 100, by default 20.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "u32", into = "u32"))]
pub struct PageSize(u8);

impl PageSize {
    /// The largest page size, 100.
    pub const MAX: Self = Self(100);

    /// The number of items.
    pub const fn get(self) -> u32 {
        self.0 as u32
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self(20)
    }
}

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

/// A number is not a valid [`PageSize`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A page has 1 to 100 items")]
pub struct InvalidPageSize;

impl TryFrom<u32> for PageSize {
    type Error = InvalidPageSize;

    fn try_from(size: u32) -> Result<Self, InvalidPageSize> {
        match u8::try_from(size) {
            Ok(size @ 1..=100) => Ok(Self(size)),
            _ => Err(InvalidPageSize),
        }
    }
}

impl From<PageSize> for u32 {
    fn from(size: PageSize) -> Self {
        size.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_sizes_have_bounds() {
        for size in [0, 101, 257] {
            assert_eq!(PageSize::try_from(size), Err(InvalidPageSize));
        }
        assert_eq!(PageSize::try_from(100), Ok(PageSize::MAX));
        assert_eq!(PageSize::default().get(), 20);
    }

    #[test]
    fn totals_are_bounded() {
        assert_eq!(Total::from_bounded_count(10_000), Total::Exactly(10_000));
        assert_eq!(Total::from_bounded_count(10_001), Total::AtLeast(10_000));
    }
}
