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
