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
        assert_eq!(u32::from(PageSize::MAX), 100);
    }
}
