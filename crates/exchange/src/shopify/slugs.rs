//! Slugs that are made from Shopify's texts.

use eggypro_domain::Slug;

use crate::cells::MAX_ENTRIES;

/// The slug of a handle. A handle with other characters than a slug is converted.
pub(super) fn handle(handle: &str) -> Option<Slug> {
    let slug = handle.parse().ok();
    slug.or_else(|| Slug::from_name(handle))
}

/// The slugs of categories: the type, then the tags, each once. Tags without a letter or digit are left out.
pub(super) fn categories(kind: Option<&str>, tags: Option<&str>) -> Vec<Slug> {
    let tags = tags.unwrap_or_default().split(',');
    let mut slugs: Vec<Slug> = vec![];
    for slug in kind.into_iter().chain(tags).filter_map(Slug::from_name) {
        // More than a product can have, so that the list is refused.
        if slugs.len() == MAX_ENTRIES {
            break;
        }
        if !slugs.contains(&slug) {
            slugs.push(slug);
        }
    }
    slugs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_and_tags_become_slugs() {
        assert_eq!(handle("whey--1kg").unwrap().as_str(), "whey--1kg");
        assert_eq!(handle("Whey_1kg").unwrap().as_str(), "whey-1kg");
        assert_eq!(handle("!!!"), None);
        let slugs = categories(
            Some("Protein powder"),
            Some("Vegan, protein powder, ,!!!, Süß"),
        );
        let slugs: Vec<_> = slugs.iter().map(Slug::as_str).collect();
        assert_eq!(slugs, ["protein-powder", "vegan", "suss"]);
    }
}
