use std::cmp::Ordering;
use std::sync::LazyLock;

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};

/// The sort key of a name. Ignores case and accents, and compares numbers by value: `Bar 2` comes before `bar 10`.
/// Names that differ only in case or accents are equal.
///
/// The order is that of the Unicode Collation Algorithm (UTS #10) with the root collation of CLDR, at primary strength.
///
/// ```
/// use eggypro_domain::products::NameKey;
///
/// assert!(NameKey::of("bar 10") > NameKey::of("Bar 2"));
/// assert_eq!(NameKey::of("Creme"), NameKey::of("crème"));
/// ```
#[derive(Debug, Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "String", into = "String"))]
pub struct NameKey {
    name: String,
    key: Vec<u8>,
}

impl NameKey {
    /// The key of a name.
    pub fn of(name: impl Into<String>) -> Self {
        let (name, mut key) = (name.into(), Vec::new());
        match COLLATOR.as_ref() {
            // Writing to a `Vec` does not fail.
            Some(collator) => drop(collator.write_sort_key_to(&name, &mut key)),
            None => key.extend(name.to_lowercase().bytes()),
        }
        Self { name, key }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The key as bytes that sort like the names. Keys of different versions of the collation are not comparable.
    pub fn into_bytes(self) -> Vec<u8> {
        self.key
    }
}

/// Its data are compiled in, so it is always `Some`.
static COLLATOR: LazyLock<Option<CollatorBorrowed<'static>>> = LazyLock::new(|| {
    let mut preferences = CollatorPreferences::default();
    preferences.numeric_ordering = Some(CollationNumericOrdering::True);
    let mut options = CollatorOptions::default();
    options.strength = Some(Strength::Primary);
    Collator::try_new(preferences, options).ok()
});

impl PartialEq for NameKey {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for NameKey {}

impl Ord for NameKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl PartialOrd for NameKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<String> for NameKey {
    fn from(name: String) -> Self {
        Self::of(name)
    }
}

impl From<NameKey> for String {
    fn from(key: NameKey) -> Self {
        key.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_people_expect() {
        let mut names = [
            "Éclair", "Bar 10", "bar 2", "apple", "Zebra", "Ecru", "Bar 1",
        ];
        names.sort_by_key(|name| NameKey::of(*name));
        let expected = [
            "apple", "Bar 1", "bar 2", "Bar 10", "Éclair", "Ecru", "Zebra",
        ];
        assert_eq!(names, expected);
        assert_eq!(NameKey::of("Bar 02"), NameKey::of("BAR 2"));
        assert_ne!(NameKey::of("Bar 2"), NameKey::of("Bar 3"));
        assert_eq!(NameKey::of("BAR 2").as_str(), "BAR 2");
        assert_eq!(String::from(NameKey::of("BAR 2")), "BAR 2");
        let [less, more] = ["Bar 2", "Bar 10"].map(|name| NameKey::of(name).into_bytes());
        assert!(less < more);
    }
}
