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
mod tests {
    use super::*;

    fn options(of: &[(&str, &str)]) -> Vec<ProductOption> {
        let options = of.iter().map(|(name, value)| ProductOption {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        });
        options.collect()
    }

    #[test]
    fn variants_have_the_same_names_and_other_values() {
        let other: Slug = "bar".parse().unwrap();
        let of_other = options(&[("Size", "1 kg"), ("Flavour", "Vanilla")]);
        let find =
            |of: &[(&str, &str)]| VariantClash::find(&options(of), [(&other, of_other.as_slice())]);
        assert_eq!(find(&[("Flavour", "Cacao"), ("Size", "1 kg")]), None);
        assert_eq!(
            find(&[("Flavour", "Vanilla"), ("Size", "1 kg")]),
            Some(VariantClash::Values(other.clone()))
        );
        let names = Some(VariantClash::Names(vec!["Flavour".into(), "Size".into()]));
        assert_eq!(find(&[("Size", "2 kg")]), names);
        assert_eq!(find(&[]), names);
    }

    #[test]
    fn clashes_say_what_would_be_right() {
        let names = |names: &[&str]| {
            let names = names.iter().map(|name| (*name).to_owned());
            VariantClash::Names(names.collect()).to_string()
        };
        let beginning = "The other products of this group have";
        assert_eq!(names(&[]), format!("{beginning} no options"));
        assert_eq!(
            names(&["Flavour", "Size"]),
            format!("{beginning} the options Flavour, Size")
        );
        let clash = VariantClash::Values("bar".parse().unwrap());
        assert_eq!(clash.to_string(), "bar has the same options in this group");
    }
}
