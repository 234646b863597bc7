//! What products need for the feeds of Google Merchant Center and OpenAI.

use eggypro_domain::products::Product;

use super::google::{self, MAX_BRAND, MAX_DESCRIPTION, MAX_TITLE};
use super::openai;
use crate::state::Storefront;

/// A service that reads a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FeedKind {
    /// Google Merchant Center.
    Google,
    /// OpenAI.
    OpenAi,
}

impl FeedKind {
    /// The name in the API.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::OpenAi => "openai",
        }
    }
}

const BOTH: &[FeedKind] = &[FeedKind::Google, FeedKind::OpenAi];
const GOOGLE: &[FeedKind] = &[FeedKind::Google];
const OPENAI: &[FeedKind] = &[FeedKind::OpenAi];

/// A rule of feeds that a product breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    /// The field of the product.
    pub(super) field: &'static str,
    /// What is wrong.
    pub(super) rule: String,
    /// What it causes.
    pub(super) severity: Severity,
    /// The feeds that have the rule.
    pub(super) feeds: &'static [FeedKind],
}

/// What a [`Finding`] causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Severity {
    /// The product is not in the feeds, because their readers would refuse it.
    Excluded,
    /// The product is in the feeds, but may be shown less often or less completely.
    Advised,
}

impl Severity {
    /// The name in the API.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Excluded => "excluded",
            Self::Advised => "advised",
        }
    }
}

/// What a product lacks for the feeds, whether it is active or not.
pub(super) fn missing(product: &Product, shop: &Storefront) -> Vec<Finding> {
    let mut findings = exclusions(product);
    findings.extend(lengths(product, shop));
    findings.extend(insecure_images(product));
    findings.extend(other_images(product));
    findings.extend(absent_facts(product));
    findings.extend(unpayable_prices(product, shop));
    findings
}

/// Whether a product is in the feeds: it is active and no finding excludes it.
pub(super) fn is_listed(product: &Product) -> bool {
    product.is_active && exclusions(product).is_empty()
}

fn exclusions(product: &Product) -> Vec<Finding> {
    let rules = [
        (
            product.images.is_empty(),
            "images",
            "At least one image is required",
        ),
        (
            product.description.trim().is_empty(),
            "description",
            "Description is required",
        ),
    ];
    let broken = rules.into_iter().filter(|(is_broken, ..)| *is_broken);
    let findings = broken.map(|(_, field, rule)| Finding {
        field,
        rule: rule.to_owned(),
        severity: Severity::Excluded,
        feeds: BOTH,
    });
    findings.collect()
}

/// Texts that the feeds cut.
fn lengths(product: &Product, shop: &Storefront) -> Vec<Finding> {
    let brand = product.brand.as_deref().unwrap_or(&shop.brand);
    let description = product.description.as_str();
    let group = product.group.as_ref().map_or("", |group| group.as_str());
    let texts = [
        ("title", "Title", product.shown_title(), MAX_TITLE, BOTH),
        (
            "description",
            "Description",
            description,
            MAX_DESCRIPTION,
            BOTH,
        ),
        ("brand", "Brand", brand, MAX_BRAND, BOTH),
        ("group", "Group", group, google::MAX_GROUP, GOOGLE),
        ("group", "Group", group, openai::MAX_GROUP, OPENAI),
    ];
    let long = texts
        .into_iter()
        .filter(|(_, _, text, max, _)| text.len() > *max && text.chars().count() > *max);
    let findings = long.map(|(field, label, _, max, feeds)| {
        advised(feeds, field, format!("{label} is cut to {max} characters"))
    });
    findings.collect()
}

fn insecure_images(product: &Product) -> impl Iterator<Item = Finding> {
    let images = product.images.iter();
    let insecure = images.filter(|url| !url.starts_with("https://"));
    insecure.map(|url| {
        let rule = format!("Image URL should begin with https: {url}");
        advised(BOTH, "images", rule)
    })
}

/// Images that are neither JPEG nor PNG and have no rendition that is.
fn other_images(product: &Product) -> impl Iterator<Item = Finding> {
    let images = openai::pictures(product).filter(|url| openai::is_other_format(url));
    images.map(|url| {
        let rule = format!("Image should be a JPEG or PNG: {url}");
        advised(OPENAI, "images", rule)
    })
}

fn absent_facts(product: &Product) -> Vec<Finding> {
    let rules = [
        (
            product.gtin.is_none() && product.sku.is_none(),
            GOOGLE,
            "gtin",
            "A GTIN, or else an SKU, lets Google identify the product",
        ),
        (
            product.food.is_some() && product.net_content.is_none(),
            GOOGLE,
            "net_content",
            "A food needs a net content, from which Google computes its unit price",
        ),
        (
            product.group.is_some() && product.options.is_empty(),
            OPENAI,
            "options",
            "A variant needs options, which tell it apart from the others of its group",
        ),
        (
            openai::lacks_room_for_facts(product),
            OPENAI,
            "description",
            "Description leaves no room for the facts of the food",
        ),
    ];
    let broken = rules.into_iter().filter(|(is_broken, ..)| *is_broken);
    let findings = broken.map(|(_, feeds, field, rule)| advised(feeds, field, rule.to_owned()));
    findings.collect()
}

/// Prices that the currency of the shop can't express.
fn unpayable_prices(product: &Product, shop: &Storefront) -> Option<Finding> {
    let prices = [Some(product.price), product.list_price];
    let mut prices = prices.into_iter().flatten();
    let is_too_precise = prices.any(|price| openai::is_too_precise(price, shop.currency));
    is_too_precise.then(|| {
        let rule = format!("Price has decimals, but {} has none", shop.currency.code());
        advised(BOTH, "price", rule)
    })
}

fn advised(feeds: &'static [FeedKind], field: &'static str, rule: String) -> Finding {
    Finding {
        field,
        rule,
        severity: Severity::Advised,
        feeds,
    }
}

#[cfg(test)]
mod tests;
