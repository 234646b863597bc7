use std::fmt;

use super::ProductOption;
use crate::Slug;

/// Why a product can't be a variant of the other products of its group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariantClash {
    /// The other products have options with these names.
    Names(Vec<String>),
    /// This product has the same values.
    Values(Slug),
}

impl fmt::Display for VariantClash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Names(names) if names.is_empty() => {
                f.write_str("The other products of this group have no options")
            }
            Self::Names(names) => {
                let names = names.join(", ");
                write!(
                    f,
                    "The other products of this group have the options {names}"
                )
            }
            Self::Values(slug) => write!(f, "{slug} has the same options in this group"),
        }
    }
}

impl VariantClash {
    /// Compares options with those of the other products of a group.
    pub fn find<'a>(
        options: &[ProductOption],
        others: impl IntoIterator<Item = (&'a Slug, &'a [ProductOption])>,
    ) -> Option<Self> {
        let sorted = |options: &[ProductOption]| {
            let mut options = options.to_vec();
            options.sort();
            options
        };
        let options = sorted(options);
        let names = |options: &[ProductOption]| -> Vec<String> {
            options.iter().map(|option| option.name.clone()).collect()
        };
        others.into_iter().find_map(|(slug, other)| {
            let other = sorted(other);
            if names(&other) != names(&options) {
                Some(Self::Names(names(&other)))
            } else if other == options {
                Some(Self::Values(slug.clone()))
            } else {
                None
            }
        })
    }
}

#[cfg(test)]
mod tests;
