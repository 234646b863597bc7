use actix_web::body::to_bytes;
use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use eggypro_domain::Unvalidated;
use eggypro_domain::categories::CategoryId;
use eggypro_domain::products::{CategoryRef, ContentUnit, Food, NetContent, NewProduct, ProductId};
use time::OffsetDateTime;

use super::*;

pub(super) fn product(id: i32, slug: &str) -> Product {
    let (slug, price) = (slug.parse().unwrap(), "39.9".parse().unwrap());
    let created_at = OffsetDateTime::UNIX_EPOCH;
    Product::new(ProductId(id), "Egg White".into(), slug, price, created_at)
}

pub(super) fn variant(id: i32, slug: &str, options: &[(&str, &str)]) -> Product {
    let mut product = product(id, slug);
    product.group = Some("egg-white".parse().unwrap());
    let options = options.iter().map(|(name, value)| ProductOption {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
    });
    product.options = options.collect();
    product
}

fn described(product: &Product) -> Value {
    of_product(product, &Storefront::default())
}

#[test]
fn a_product_without_facts_has_no_empty_members() {
    assert_eq!(
        described(&product(7, "egg-white")),
        json!({
            "@context": "https://schema.org",
            "@type": "Product",
            "@id": "http://localhost:3000/products/egg-white",
            "url": "http://localhost:3000/products/egg-white",
            "name": "Egg White",
            "brand": { "@type": "Brand", "name": "EggyPro" },
            "offers": {
                "@type": "Offer",
                "url": "http://localhost:3000/products/egg-white",
                "availability": "https://schema.org/OutOfStock",
                "itemCondition": "https://schema.org/NewCondition",
                "price": "39.90",
                "priceCurrency": "EUR",
            },
        })
    );
}

#[test]
fn facts_have_their_members() {
    let mut product = product(7, "egg-white");
    product.title = Some("Œuf <Blanc> & \"Co\"".into());
    product.description = "Protein.".into();
    product.images = vec!["https://a.b/1.jpg".into(), "https://a.b/2.jpg".into()];
    product.sku = Some("EP-1".parse().unwrap());
    product.gtin = Some("4006381333931".parse().unwrap());
    product.brand = Some("Ovo".into());
    product.categories = vec![CategoryRef {
        name: "Powders".into(),
        slug: "powders".parse().unwrap(),
        id: CategoryId(1),
    }];
    product.rating.distribution = [0, 0, 1, 2, 9];
    product.stock_quantity = 1;
    product.food = Some(Food {
        origin_country: Some("DE".parse().unwrap()),
        ..Food::default()
    });
    let described = described(&product);
    for (member, expected) in [
        ("/name", json!("Œuf <Blanc> & \"Co\"")),
        ("/description", json!("Protein.")),
        ("/image", json!(["https://a.b/1.jpg", "https://a.b/2.jpg"])),
        ("/sku", json!("EP-1")),
        ("/gtin", json!("4006381333931")),
        ("/brand/name", json!("Ovo")),
        ("/category", json!(["Powders"])),
        (
            "/countryOfOrigin",
            json!({ "@type": "Country", "name": "DE" }),
        ),
        ("/aggregateRating/ratingValue", json!(4.67)),
        ("/aggregateRating/reviewCount", json!(12)),
        ("/aggregateRating/bestRating", json!(5)),
        ("/offers/availability", json!("https://schema.org/InStock")),
    ] {
        assert_eq!(described.pointer(member), Some(&expected), "{member}");
    }
}

#[test]
fn a_group_has_each_variant_once() {
    let one = variant(1, "one", &[("SIZE", "1 kg"), ("Flavour", "Cocoa")]);
    let two = variant(2, "two", &[("SIZE", "2 kg"), ("Flavour", "Mint")]);
    let shop = Storefront::default();
    for variants in [vec![one.clone(), two.clone()], vec![one.clone()]] {
        let group = of_group(&two, &variants, &shop);
        assert_eq!(group["@context"], "https://schema.org");
        assert_eq!(group["@type"], "ProductGroup");
        assert_eq!(group["@id"], "http://localhost:3000/#group-egg-white");
        assert_eq!(group["productGroupID"], "egg-white");
        assert_eq!(group["name"], "Egg White");
        assert_eq!(group["url"], "http://localhost:3000/products/two");
        assert_eq!(group["variesBy"], json!(["https://schema.org/size"]));
        let variant = |product: &Product| {
            let mut variant = node(product, &shop);
            variant["inProductGroupWithID"] = json!("egg-white");
            variant
        };
        assert_eq!(group["hasVariant"], json!([variant(&two), variant(&one)]));
    }
}

#[test]
fn variants_vary_by_what_differs_and_search_engines_know() {
    for (name, values, expected) in [
        ("Size", ["1 kg", "2 kg"], json!(["https://schema.org/size"])),
        (
            "COLOUR",
            ["red", "blue"],
            json!(["https://schema.org/color"]),
        ),
        (
            "color",
            ["red", "blue"],
            json!(["https://schema.org/color"]),
        ),
        (
            "Material",
            ["a", "b"],
            json!(["https://schema.org/material"]),
        ),
        ("Pattern", ["a", "b"], json!(["https://schema.org/pattern"])),
        ("Size", ["1 kg", "1 kg"], Value::Null),
        ("Flavour", ["Cocoa", "Mint"], Value::Null),
    ] {
        let [one, two] = values.map(|value| variant(1, "one", &[(name, value)]));
        let group = of_group(&one, &[one.clone(), two], &Storefront::default());
        let varied = group.get("variesBy").cloned().unwrap_or_default();
        assert_eq!(varied, expected, "{name} {values:?}");
    }
}

#[test]
fn the_size_of_a_variant_is_that_which_distinguishes_it() {
    let mut product = variant(1, "one", &[("Size", "Large"), ("Colour", "red")]);
    product.net_content = NetContent::new(12.into(), ContentUnit::Piece).ok();
    let described = described(&product);
    assert_eq!(described["size"], "Large");
    assert_eq!(described["color"], "red");
}

#[test]
fn no_text_ends_the_script_element() {
    let mut product = product(7, "egg-white");
    product.title = Some("</script><script>alert(\"é\")</script><!--".into());
    let described = described(&product);
    let script = script(&described);
    assert!(!script.contains('<'), "{script}");
    assert!(script.contains(r"\u003c/script>"), "{script}");
    assert_eq!(serde_json::from_str::<Value>(&script).unwrap(), described);
}

async fn answered(api: &web::Data<Api>, slug: &str) -> Result<HttpResponse, Problem> {
    let request = TestRequest::default().to_http_request();
    jsonld(request, web::Path::from(slug.to_owned()), api.clone()).await
}

#[actix_web::test]
async fn answers_with_json_ld() {
    let api = web::Data::new(Api::in_memory());
    for (slug, group) in [
        ("alone", None),
        ("one", Some("bars")),
        ("two", Some("bars")),
    ] {
        let mut product = NewProduct::example();
        product.slug = Some(slug.parse().unwrap());
        product.group = group.map(|group| group.parse().unwrap());
        product.options = vec![ProductOption {
            name: "Size".into(),
            value: slug.into(),
        }];
        let product = Unvalidated::new(product).validate().unwrap();
        api.products.create(product).await.unwrap();
    }
    // The second answer comes from the cache.
    for _ in 0..2 {
        for (slug, kind, variants) in [("alone", "Product", 0), ("one", "ProductGroup", 2)] {
            let response = answered(&api, slug).await.unwrap();
            assert_eq!(response.status(), StatusCode::OK);
            let content_type = response.headers().get(header::CONTENT_TYPE);
            assert_eq!(content_type.unwrap(), JSON_LD);
            let body = to_bytes(response.into_body()).await.unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(body["@type"], kind);
            let described = body["hasVariant"].as_array().map_or(0, Vec::len);
            assert_eq!(described, variants, "{slug}");
        }
    }
    for slug in ["none", "Not a slug"] {
        assert!(answered(&api, slug).await.unwrap_err().is_not_found());
    }
}
