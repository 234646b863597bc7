//! The options of a product and the selection of a variant by them.

use eggypro_domain::products::{Product, ProductOption};
use serde::Serialize;

use super::catalog_product::is_available;

/// An option with all its values, in the order in which the variants have them.
pub(super) fn options(variants: &[Product]) -> Vec<(&str, Vec<&str>)> {
    let mut options: Vec<(&str, Vec<&str>)> = vec![];
    for option in variants.iter().flat_map(|variant| &variant.options) {
        let value = option.value.as_str();
        let known = options
            .iter_mut()
            .find(|(name, _)| name.eq_ignore_ascii_case(&option.name));
        match known {
            Some((_, values)) if values.contains(&value) => {}
            Some((_, values)) => values.push(value),
            None => options.push((&option.name, vec![value])),
        }
    }
    options
}

/// Whether a variant has all of these options.
pub(super) fn has_all(variant: &Product, selected: &[ProductOption]) -> bool {
    let has = |option| variant.options.iter().any(|own| is_same(own, option));
    selected.iter().all(has)
}

fn is_same(own: &ProductOption, other: &ProductOption) -> bool {
    own.name.eq_ignore_ascii_case(&other.name) && own.value == other.value
}

/// The selections that hold together for at least one variant. Those that no variant has are dropped. Then, until a
/// variant has all the others, the least preferred one is dropped: one without a preference before the others.
pub(super) fn effective(
    variants: &[Product],
    asked: &[ProductOption],
    preferences: &[String],
) -> Vec<ProductOption> {
    let rank = |option: &ProductOption| {
        let mut names = preferences.iter();
        names
            .position(|name| name.eq_ignore_ascii_case(&option.name))
            .unwrap_or(usize::MAX)
    };
    let existing = |asked: &ProductOption| {
        let mut all = variants.iter().flat_map(|variant| &variant.options);
        all.find(|own| is_same(own, asked)).cloned()
    };
    let mut selected: Vec<ProductOption> = asked.iter().filter_map(existing).collect();
    while !variants.iter().any(|variant| has_all(variant, &selected)) {
        let ranked = selected.iter().enumerate();
        let least = ranked.max_by_key(|(index, option)| (rank(option), *index));
        let Some((index, _)) = least else {
            break;
        };
        selected.remove(index);
    }
    selected
}

/// What choosing a value would lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Signals {
    /// Whether one of the variants can be bought.
    pub(super) available: bool,
    /// Whether there is such a variant.
    pub(super) exists: bool,
}

impl Signals {
    /// What choosing `value` of the option `name` would lead to, while the other selections stay.
    pub(super) fn of(
        name: &str,
        value: &str,
        variants: &[Product],
        selected: &[ProductOption],
    ) -> Self {
        let others = selected.iter().cloned();
        let others = others.filter(|option| !option.name.eq_ignore_ascii_case(name));
        let mut chosen: Vec<ProductOption> = others.collect();
        chosen.push(ProductOption {
            name: name.to_owned(),
            value: value.to_owned(),
        });
        let mut signals = Self {
            available: false,
            exists: false,
        };
        for variant in variants {
            if has_all(variant, &chosen) {
                signals.exists = true;
                signals.available |= is_available(variant);
            }
        }
        signals
    }
}
