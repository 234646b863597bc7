//! Sitemaps of the products' pages. They contain no pages of categories, because the shop's settings have no URL of
//! those.
//!
//! Source: the protocol of sitemaps.org, version 0.9.

use eggypro_domain::products::Product;
use time::{OffsetDateTime, UtcOffset};

use super::push_element;
use crate::state::Storefront;

/// Maximum number of pages in a sitemap, and of sitemaps in an index. The maximum size, 50 MiB, leaves about 1000 bytes
/// for each.
pub(super) const MAX_ENTRIES: usize = 50_000;

/// The beginning of a sitemap.
pub(super) const HEAD: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
    "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
);

/// The end of a sitemap.
pub(super) const TAIL: &str = "</urlset>\n";

/// The beginning of an index of sitemaps.
pub(super) const INDEX_HEAD: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
    "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
);

/// The end of an index of sitemaps.
pub(super) const INDEX_TAIL: &str = "</sitemapindex>\n";

/// Appends the page of a product to a sitemap.
pub(super) fn write_page(out: &mut String, product: &Product, shop: &Storefront) {
    out.push_str("<url>");
    push_element(out, "loc", &shop.url_of(&product.slug));
    push_element(out, "lastmod", &w3c(product.updated_at));
    out.push_str("</url>\n");
}

/// Appends a sitemap to an index.
pub(super) fn write_sitemap(out: &mut String, location: &str) {
    out.push_str("<sitemap>");
    push_element(out, "loc", location);
    out.push_str("</sitemap>\n");
}

/// A time in the format "Date and Time Formats" of the W3C, in UTC and without fractions of a second.
fn w3c(time: OffsetDateTime) -> String {
    let time = time.to_offset(UtcOffset::UTC);
    let (year, month, day) = (time.year(), u8::from(time.month()), time.day());
    let (hour, minute, second) = time.to_hms();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests;
