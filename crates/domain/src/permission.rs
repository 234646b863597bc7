use std::fmt;

/// Something that a caller may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
}

impl Permission {
    /// Every permission, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::ProductsRead,
        Self::ProductsWrite,
        Self::ProductsDelete,
        Self::ReviewsModerate,
        Self::MetricsRead,
    ];

    /// The permission of this name on the wire.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|permission| permission.as_str() == name)
    }

    /// The name on the wire, such as `products:write`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProductsRead => "products:read",
            Self::ProductsWrite => "products:write",
            Self::ProductsDelete => "products:delete",
            Self::ReviewsModerate => "reviews:moderate",
            Self::MetricsRead => "metrics:read",
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
