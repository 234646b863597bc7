//! What products need for the feed of Google Merchant Center.

use eggypro_domain::products::Product;

use super::google::{MAX_BRAND, MAX_DESCRIPTION, MAX_GROUP, MAX_TITLE};
use crate::state::Storefront;

/// A rule of the feed that a product breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    /// The field of the product.
    pub(super) field: &'static str,
    /// What is wrong.
    pub(super) rule: String,
    /// What it causes.
    pub(super) severity: Severity,
}

/// What a [`Finding`] causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Severity {
    /// The product is not in the feed, because Google would refuse it.
    Excluded,
    /// The product is in the feed, but Google may show it less often or less completely.
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

/// What a product lacks for the feed, whether it is active or not.
pub(super) fn missing(product: &Product, shop: &Storefront) -> Vec<Finding> {
    let mut findings = exclusions(product);
    findings.extend(lengths(product, shop));
    findings.extend(insecure_images(product));
    findings.extend(absent_facts(product));
    findings
}

/// Whether a product is in the feed: it is active and no finding excludes it.
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
    });
    findings.collect()
}

/// Texts that the feed cuts.
fn lengths(product: &Product, shop: &Storefront) -> Vec<Finding> {
    let brand = product.brand.as_deref().unwrap_or(&shop.brand);
    let group = product.group.as_ref().map_or("", |group| group.as_str());
    let texts = [
        ("title", "Title", product.shown_title(), MAX_TITLE),
        (
            "description",
            "Description",
            product.description.as_str(),
            MAX_DESCRIPTION,
        ),
        ("brand", "Brand", brand, MAX_BRAND),
        ("group", "Group", group, MAX_GROUP),
    ];
    let long = texts
        .into_iter()
        .filter(|(_, _, text, max)| text.len() > *max && text.chars().count() > *max);
    let findings = long.map(|(field, label, _, max)| {
        let rule = format!("{label} is cut to {max} characters");
        advised(field, rule)
    });
    findings.collect()
}

fn insecure_images(product: &Product) -> impl Iterator<Item = Finding> {
    let images = product.images.iter();
    let insecure = images.filter(|url| !url.starts_with("https://"));
    insecure.map(|url| {
        advised(
            "images",
            format!("Image URL should begin with https: {url}"),
        )
    })
}

fn absent_facts(product: &Product) -> Vec<Finding> {
    let mut findings = vec![];
    if product.gtin.is_none() && product.sku.is_none() {
        let rule = "A GTIN, or else an SKU, lets Google identify the product";
        findings.push(advised("gtin", rule.to_owned()));
    }
    if product.food.is_some() && product.net_content.is_none() {
        let rule = "A food needs a net content, from which Google computes its unit price";
        findings.push(advised("net_content", rule.to_owned()));
    }
    findings
}

fn advised(field: &'static str, rule: String) -> Finding {
    Finding {
        field,
        rule,
        severity: Severity::Advised,
    }
}

#[cfg(test)]
mod tests;
