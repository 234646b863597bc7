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
mod tests;
