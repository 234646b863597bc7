use eggypro_domain::images::Renditions;

use super::*;

/// An image of the store whose `optimized` rendition has this address.
fn stored(optimized: &str) -> Option<StoredImage> {
    let mut stored = StoredImage::new("eggs/1".parse().unwrap(), 1200, 900);
    stored.renditions = Some(Renditions {
        optimized: optimized.into(),
        thumbnail: "https://a.b/thumbnail.jpg".into(),
        responsive: BTreeMap::new(),
    });
    Some(stored)
}

#[test]
fn addresses_tell_the_format() {
    for (url, expected) in [
        ("https://a.b/1.jpg", false),
        ("https://a.b/1.jpeg", false),
        ("https://a.b/1.PNG", false),
        ("https://a.b/1.webp", true),
        ("https://a.b/1.WebP", true),
        ("https://a.b/1.avif?v=2", true),
        ("https://a.b/1.svg#egg", true),
        ("https://a.b/1.jpg?from=1.webp", false),
        ("https://a.b/1?format=webp", false),
        ("https://a.b/1.webp/2", false),
        ("https://a.b/webp", false),
        ("https://a.b/", false),
        ("https://a.b/f_auto,q_80/v1/eggs.2026", false),
    ] {
        assert_eq!(is_other_format(url), expected, "{url}");
    }
}

#[test]
fn other_formats_have_a_rendition() {
    let without_renditions = StoredImage::new("eggs/1".parse().unwrap(), 1200, 900);
    let jpeg = || stored("https://a.b/optimized.jpg");
    for (url, media, expected) in [
        ("https://a.b/1.webp", vec![], "https://a.b/1.webp"),
        ("https://a.b/1.webp", vec![None], "https://a.b/1.webp"),
        (
            "https://a.b/1.webp",
            vec![Some(without_renditions)],
            "https://a.b/1.webp",
        ),
        (
            "https://a.b/1.webp",
            vec![jpeg()],
            "https://a.b/optimized.jpg",
        ),
        ("https://a.b/1.jpg", vec![jpeg()], "https://a.b/1.jpg"),
        ("https://a.b/1", vec![jpeg()], "https://a.b/1"),
        (
            "https://a.b/1.webp",
            vec![stored("https://a.b/optimized.webp")],
            "https://a.b/1.webp",
        ),
        (
            "https://a.b/v1/1.webp",
            vec![stored("https://a.b/c_limit,f_auto/v1/1")],
            "https://a.b/c_limit%2Cf_auto/v1/1",
        ),
    ] {
        let line = item(|product| {
            product.images = vec![url.into()];
            product.media = media;
        });
        assert_eq!(line["image_url"], expected);
    }
}

#[test]
fn images_keep_their_order() {
    let line = item(|product| {
        let names = ["1.webp", "2.webp", "3.png", "é,4.jpg"];
        product.images = names.map(|name| format!("https://a.b/{name}")).into();
        product.media = vec![None, stored("https://a.b/2.jpg"), None, None];
    });
    assert_eq!(line["image_url"], "https://a.b/1.webp");
    assert_eq!(
        line["additional_image_urls"],
        json!([
            "https://a.b/2.jpg",
            "https://a.b/3.png",
            "https://a.b/%C3%A9%2C4.jpg"
        ])
    );
}

#[test]
fn all_images_are_in_the_line() {
    let url = |number: usize| format!("https://a.b/{number}.jpg");
    for images in [1, 2, 20] {
        let line = item(|product| product.images = (0..images).map(url).collect());
        let others: Vec<String> = (1..images).map(url).collect();
        assert_eq!(line["image_url"], "https://a.b/0.jpg");
        let shown = line.get("additional_image_urls").cloned();
        let expected = (!others.is_empty()).then(|| json!(others));
        assert_eq!(shown, expected, "{images}");
    }
}
