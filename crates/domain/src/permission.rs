use std::fmt;
use std::str::FromStr;

/// Something that a caller may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub enum Permission {
    /// See products that the public can't see.
    ProductsRead,
    /// Create and change products, categories and images.
    ProductsWrite,
    /// Deactivate and remove products and images.
    ProductsDelete,
    /// Verify and remove reviews, and see those that wait for it.
    ReviewsModerate,
    /// See how requests went.
    MetricsRead,
    /// See what was changed, and by whom.
    ChangesRead,
    /// See API keys, make them and end them.
    KeysManage,
}

impl Permission {
    /// Every permission, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::ProductsRead,
        Self::ProductsWrite,
        Self::ProductsDelete,
        Self::ReviewsModerate,
        Self::MetricsRead,
        Self::ChangesRead,
        Self::KeysManage,
    ];

    /// The name on the wire, such as `products:write`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProductsRead => "products:read",
            Self::ProductsWrite => "products:write",
            Self::ProductsDelete => "products:delete",
            Self::ReviewsModerate => "reviews:moderate",
            Self::MetricsRead => "metrics:read",
            Self::ChangesRead => "changes:read",
            Self::KeysManage => "keys:manage",
        }
    }
}

/// A text names no [`Permission`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a permission")]
pub struct UnknownPermission;

impl FromStr for Permission {
    type Err = UnknownPermission;

    /// By its name on the wire.
    fn from_str(name: &str) -> Result<Self, UnknownPermission> {
        let mut all = Self::ALL.into_iter();
        let named = all.find(|permission| permission.as_str() == name);
        named.ok_or(UnknownPermission)
    }
}

impl TryFrom<String> for Permission {
    type Error = UnknownPermission;

    fn try_from(name: String) -> Result<Self, UnknownPermission> {
        name.parse()
    }
}

impl From<Permission> for String {
    fn from(permission: Permission) -> Self {
        permission.as_str().to_owned()
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
