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
mod tests {
    use eggypro_domain::products::ProductId;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn times_are_in_utc() {
        for (time, expected) in [
            (datetime!(2026-11-29 10:15:00 UTC), "2026-11-29T10:15:00Z"),
            (
                datetime!(2026-11-29 10:15:59.999 UTC),
                "2026-11-29T10:15:59Z",
            ),
            (
                datetime!(2027-01-01 00:30:05 +02:00),
                "2026-12-31T22:30:05Z",
            ),
            (
                datetime!(2026-02-28 23:59:59 -01:00),
                "2026-03-01T00:59:59Z",
            ),
            (OffsetDateTime::UNIX_EPOCH, "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(w3c(time), expected);
        }
    }

    #[test]
    fn a_sitemap_has_the_pages_of_products() {
        let (slug, price) = ("egg-bites".parse().unwrap(), "1".parse().unwrap());
        let created_at = datetime!(2026-11-29 10:15:00 UTC);
        let mut product = Product::new(ProductId(1), "Egg".into(), slug, price, created_at);
        product.updated_at = datetime!(2026-11-30 10:15:00 UTC);
        let shop = Storefront {
            product_url: "https://shop.example/p?of={slug}&from='map'".into(),
            ..Storefront::default()
        };
        let mut out = HEAD.to_owned();
        write_page(&mut out, &product, &shop);
        out.push_str(TAIL);
        assert_eq!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n\
             <url><loc>https://shop.example/p?of=egg-bites&amp;from=&apos;map&apos;</loc>\
             <lastmod>2026-11-30T10:15:00Z</lastmod></url>\n\
             </urlset>\n"
        );
    }

    #[test]
    fn an_index_has_sitemaps() {
        let mut out = INDEX_HEAD.to_owned();
        for number in [1, 2] {
            let location = format!("https://shop.example/sitemap-{number}.xml");
            write_sitemap(&mut out, &location);
        }
        out.push_str(INDEX_TAIL);
        assert_eq!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n\
             <sitemap><loc>https://shop.example/sitemap-1.xml</loc></sitemap>\n\
             <sitemap><loc>https://shop.example/sitemap-2.xml</loc></sitemap>\n\
             </sitemapindex>\n"
        );
    }
}
