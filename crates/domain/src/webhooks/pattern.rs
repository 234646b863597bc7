use std::fmt;
use std::str::FromStr;

use crate::changes::EventType;

/// Which types of events a webhook receives: `*` for all, `product.*` for those of a group, or a single one such as
/// `product.updated`.
///
/// ```
/// use eggypro_domain::changes::EventType;
/// use eggypro_domain::webhooks::TypePattern;
///
/// let products: TypePattern = "product.*".parse()?;
/// assert!(products.matches(EventType::ProductLowStock));
/// assert!(!products.matches(EventType::StockMoved));
/// # Ok::<(), eggypro_domain::webhooks::UnknownTypePattern>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TypePattern(Types);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Types {
    All,
    /// Those of a group, such as `product`.
    Group(&'static str),
    One(EventType),
}

/// A text is not a [`TypePattern`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownTypePattern;

impl TypePattern {
    /// Matches all types.
    pub const ALL: Self = Self(Types::All);

    /// All patterns: that of all types, those of groups, and those of single types.
    pub fn known() -> Vec<Self> {
        let mut groups: Vec<&str> = vec![];
        for kind in EventType::ALL {
            if !groups.contains(&kind.group()) {
                groups.push(kind.group());
            }
        }
        let groups = groups.into_iter().map(Types::Group);
        let single = EventType::ALL.into_iter().map(Types::One);
        let all = [Types::All].into_iter().chain(groups).chain(single);
        all.map(Self).collect()
    }

    /// Whether an event of this type is received.
    pub fn matches(self, kind: EventType) -> bool {
        match self.0 {
            Types::All => true,
            Types::Group(group) => kind.group() == group,
            Types::One(one) => kind == one,
        }
    }
}

impl fmt::Display for TypePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Types::All => f.write_str("*"),
            Types::Group(group) => write!(f, "{group}.*"),
            Types::One(kind) => f.write_str(kind.as_str()),
        }
    }
}

impl FromStr for TypePattern {
    type Err = UnknownTypePattern;

    fn from_str(text: &str) -> Result<Self, UnknownTypePattern> {
        let known = Self::known().into_iter();
        let mut same = known.filter(|pattern| pattern.to_string() == text);
        same.next().ok_or(UnknownTypePattern)
    }
}

impl fmt::Display for UnknownTypePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = TypePattern::known();
        let known: Vec<String> = known.iter().map(ToString::to_string).collect();
        write!(f, "Type must be one of {}", known.join(", "))
    }
}

impl std::error::Error for UnknownTypePattern {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_read_as_they_are_shown() {
        let known = TypePattern::known();
        // All, and those of products, categories, reviews, stock and webhooks.
        assert_eq!(known.len(), 1 + 5 + EventType::ALL.len());
        for pattern in known {
            assert_eq!(pattern.to_string().parse(), Ok(pattern));
        }
    }

    #[test]
    fn unknown_patterns_are_refused_with_the_known_ones() {
        for text in [
            "",
            "**",
            "product",
            "product.",
            "product.*.*",
            "*.updated",
            "Product.*",
            "order.*",
            "webhook.test",
            " *",
        ] {
            assert_eq!(
                text.parse::<TypePattern>(),
                Err(UnknownTypePattern),
                "{text}"
            );
        }
        let message = UnknownTypePattern.to_string();
        assert!(
            message.starts_with(
                "Type must be one of *, product.*, category.*, review.*, stock.*, webhook.*, product.created, "
            ),
            "{message}"
        );
    }

    #[test]
    fn a_pattern_matches_its_types() {
        let matching = |pattern: &str| -> usize {
            let pattern: TypePattern = pattern.parse().unwrap();
            let all = EventType::ALL.into_iter();
            all.filter(|kind| pattern.matches(*kind)).count()
        };
        assert_eq!(matching("*"), EventType::ALL.len());
        assert_eq!((matching("product.*"), matching("stock.*")), (5, 1));
        assert_eq!(matching("review.verified"), 1);
    }
}
