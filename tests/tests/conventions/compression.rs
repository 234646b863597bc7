//! Compressed answers and their tags.

use std::io::Read;

use super::*;

#[tokio::test]
async fn each_encoding_has_its_own_tag() {
    let shop = shop_with_a_long_product().await;
    let plain = shop.anonymous().get(PRODUCT).await.expect(200);
    assert!(plain.header("vary").contains("Accept-Encoding"));
    assert_eq!(plain.header("content-encoding"), "");
    let tag = plain.header("etag").trim_end_matches('"').to_owned();
    for (accepted, encoding) in [
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip", "gzip"),
        ("gzip;q=0.5, br;q=0.1", "gzip"),
        ("br, x", "br"),
    ] {
        let packed = get_with(&shop, PRODUCT, &[("Accept-Encoding", accepted)])
            .await
            .expect(200);
        assert_eq!(packed.header("content-encoding"), encoding);
        assert_eq!(packed.header("etag"), format!("{tag}-{encoding}\""));
        assert!(packed.bytes.len() < plain.bytes.len() / 3);
        assert_eq!(unpacked(encoding, &packed.bytes), plain.bytes);
        let known = [
            ("Accept-Encoding", accepted),
            ("If-None-Match", packed.header("etag")),
        ];
        get_with(&shop, PRODUCT, &known).await.expect(304);
        let other_form = [
            ("Accept-Encoding", accepted),
            ("If-None-Match", plain.header("etag")),
        ];
        get_with(&shop, PRODUCT, &other_form).await.expect(200);
        // The tag of any encoding names the state.
        let admin = shop.admin();
        let stale = admin
            .request("PATCH", PRODUCT)
            .header("If-Match", format!("\"1-99-{encoding}\""));
        admin.send(stale.json(&json!({}))).await.expect_problem(412);
    }
    for refused in ["identity", "deflate", "br;q=0", ""] {
        let answer = get_with(&shop, PRODUCT, &[("Accept-Encoding", refused)])
            .await
            .expect(200);
        assert_eq!(answer.header("content-encoding"), "");
    }
}

fn unpacked(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut plain = vec![];
    match encoding {
        "br" => brotli::BrotliDecompress(&mut &*bytes, &mut plain).unwrap(),
        "zstd" => plain = zstd::decode_all(bytes).unwrap(),
        _ => {
            flate2::read::GzDecoder::new(bytes)
                .read_to_end(&mut plain)
                .unwrap();
        }
    }
    plain
}

#[tokio::test]
async fn tags_with_the_suffix_of_apache_are_recognised() {
    let shop = TestShop::start().await;
    let small = get_with(&shop, "/api/categories", &[("Accept-Encoding", "gzip")])
        .await
        .expect(200);
    assert_eq!(small.header("content-encoding"), "");
    let tag = small.header("etag").trim_matches('"').to_owned();
    for (encoding, accepted) in [
        ("gzip", "gzip"),
        ("br", "gzip, br"),
        ("gzip", "br, gzip;q=0.5"),
    ] {
        let known = format!("\"{tag}-{encoding}\"");
        let again = [
            ("Accept-Encoding", accepted),
            ("If-None-Match", known.as_str()),
        ];
        get_with(&shop, "/api/categories", &again).await.expect(304);
        // A 304 would make a cache send these bytes to a client that does not accept their encoding.
        for refused in ["zstd", "identity", &format!("{encoding};q=0")] {
            let other = [
                ("Accept-Encoding", refused),
                ("If-None-Match", known.as_str()),
            ];
            get_with(&shop, "/api/categories", &other).await.expect(200);
        }
        let plain = [("If-None-Match", known.as_str())];
        get_with(&shop, "/api/categories", &plain).await.expect(200);
    }
}

#[tokio::test]
async fn answers_from_200_bytes_are_compressed() {
    let shop = TestShop::start().await;
    shop.create_product(json!({ "name": "Eggs" })).await;
    let plain = get_with(&shop, "/api/products/eggs", &[]).await.expect(200);
    assert!(
        (200..1_000).contains(&plain.bytes.len()),
        "{}",
        plain.bytes.len()
    );
    let packed = get_with(&shop, "/api/products/eggs", &[("Accept-Encoding", "gzip")]).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.bytes.len() < plain.bytes.len());
}
