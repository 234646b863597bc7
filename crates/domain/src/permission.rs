use std::fmt;
use std::str::FromStr;

/// An operation that callers need permission for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub enum Permission {
    /// See products that are not public.
    ProductsRead,
    /// Create and change products, categories and images.
    ProductsWrite,
    /// Deactivate and remove products, and remove images.
    ProductsDelete,
    /// Move and reserve stock, and see its movements.
    StockWrite,
    /// Verify and remove reviews, and see unverified ones.
    ReviewsModerate,
    /// See request statistics.
    MetricsRead,
    /// See the log of changes.
    ChangesRead,
    /// See, create, change, test and delete webhooks.
    WebhooksManage,
    /// See, create, rotate and revoke API keys.
    KeysManage,
}

impl Permission {
    /// All permissions, in display order.
    pub const ALL: [Self; 9] = [
        Self::ProductsRead,
        Self::ProductsWrite,
        Self::ProductsDelete,
        Self::StockWrite,
        Self::ReviewsModerate,
        Self::MetricsRead,
        Self::ChangesRead,
        Self::WebhooksManage,
        Self::KeysManage,
    ];

    /// The name in the API, such as `products:write`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProductsRead => "products:read",
            Self::ProductsWrite => "products:write",
            Self::ProductsDelete => "products:delete",
            Self::StockWrite => "stock:write",
            Self::ReviewsModerate => "reviews:moderate",
            Self::MetricsRead => "metrics:read",
            Self::ChangesRead => "changes:read",
            Self::WebhooksManage => "webhooks:manage",
            Self::KeysManage => "keys:manage",
        }
    }
}

/// A text is not a [`Permission`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a permission")]
pub struct UnknownPermission;

impl FromStr for Permission {
    type Err = UnknownPermission;

    /// Parses the name in the API.
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
