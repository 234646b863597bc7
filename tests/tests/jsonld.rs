//! Products as JSON-LD, read by a processor of JSON-LD as search engines have one.

use std::collections::{BTreeMap, BTreeSet};

use eggypro_tests::{TestShop, a_product};
use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use oxrdf::{NamedOrBlankNode, Term};
use serde_json::{Value, json};

const VOCABULARY: &str = "http://schema.org/";
const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

/// The part of the context at schema.org that concerns the properties of products, as of release 30.0: all are names of its
/// vocabulary, and these two have addresses as values.
const CONTEXT: &str = r#"{ "@context": {
    "@vocab": "http://schema.org/",
    "url": { "@type": "@id" },
    "image": { "@type": "@id" }
} }"#;

/// The properties of a group whose products have all facts, as schema.org names them.
const KNOWN: [&str; 25] = [
    "additionalProperty",
    "availability",
    "brand",
    "description",
    "hasVariant",
    "image",
    "inProductGroupWithID",
    "itemCondition",
    "name",
    "nutrition",
    "offers",
    "price",
    "priceCurrency",
    "priceSpecification",
    "priceType",
    "productGroupID",
    "proteinContent",
    "referenceQuantity",
    "servingSize",
    "sku",
    "unitCode",
    "url",
    "value",
    "valueReference",
    "weight",
];

/// The things that a document describes: their properties by name.
#[derive(Debug, Default)]
struct Graph(BTreeMap<String, BTreeMap<String, Vec<Term>>>);

impl Graph {
    fn read(document: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let parser = JsonLdParser::new().for_slice(document);
        let parser = parser.with_load_document_callback(|url, _| match url {
            "https://schema.org" => Ok(JsonLdRemoteDocument {
                document: CONTEXT.into(),
                document_url: "https://schema.org/docs/jsonldcontext.jsonld".into(),
            }),
            _ => Err(format!("{url} is not known").into()),
        });
        let mut graph = Self::default();
        for quad in parser {
            let quad = quad?;
            let properties = graph.0.entry(id(&quad.subject)).or_default();
            let name = quad.predicate.into_string();
            properties.entry(name).or_default().push(quad.object);
        }
        Ok(graph)
    }

    /// The ids of the things of a type.
    fn of_type(&self, name: &str) -> BTreeSet<&str> {
        let name = format!("<{VOCABULARY}{name}>");
        let is = |values: &Vec<Term>| values.iter().any(|value| value.to_string() == name);
        let things = self.0.iter();
        let things = things.filter(|(_, properties)| properties.get(TYPE).is_some_and(is));
        things.map(|(id, _)| id.as_str()).collect()
    }

    /// The values of a property.
    fn values(&self, id: &str, property: &str) -> Vec<&Term> {
        let properties = self.0.get(id);
        let values = properties.and_then(|of| of.get(&format!("{VOCABULARY}{property}")));
        values.into_iter().flatten().collect()
    }

    /// The only value of a property.
    fn value(&self, id: &str, property: &str) -> String {
        let values = self.values(id, property);
        assert_eq!(values.len(), 1, "{property} of {id}: {values:?}");
        match values[0] {
            Term::NamedNode(node) => node.as_str().to_owned(),
            Term::BlankNode(node) => node.to_string(),
            Term::Literal(literal) => literal.value().to_owned(),
        }
    }
}

fn id(node: &NamedOrBlankNode) -> String {
    match node {
        NamedOrBlankNode::NamedNode(node) => node.as_str().to_owned(),
        NamedOrBlankNode::BlankNode(node) => node.to_string(),
    }
}

fn a_variant(name: &str, flavour: &str) -> Value {
    a_product(json!({
        "name": name, "title": format!("Crème </script> {flavour}"), "price": 10, "list_price": 12.5,
        "images": ["https://example.com/a.jpg"], "net_content": { "value": 500, "unit": "g" },
        "stock_quantity": 3, "sku": name.to_uppercase(), "gtin": null,
        "food": {
            "allergens": ["eggs"], "diets": ["vegetarian"], "nutrition": { "basis": "100 g", "protein": 80 }
        },
        "group": "powder", "options": { "Flavour": flavour }
    }))
}

/// Asserts what Google requires of a merchant listing, as documented in July 2026.
fn assert_is_merchant_listing(graph: &Graph, product: &str) {
    assert!(!graph.value(product, "name").is_empty());
    for image in graph.values(product, "image") {
        assert!(matches!(image, Term::NamedNode(_)), "{image}");
    }
    assert!(!graph.values(product, "image").is_empty());
    let offer = graph.value(product, "offers");
    assert!(graph.of_type("Offer").contains(offer.as_str()));
    // The active price stands in the offer, or in its price specification without a type.
    let specifications = graph.values(&offer, "priceSpecification").into_iter();
    let active: Vec<String> = specifications
        .map(|specification| specification.to_string())
        .filter(|id| graph.values(id, "priceType").is_empty())
        .collect();
    let active = active.first().unwrap_or(&offer);
    assert_eq!(graph.value(active, "priceCurrency"), "EUR");
    assert_eq!(graph.value(active, "price"), "10.00");
    let availability = graph.value(&offer, "availability");
    assert_eq!(availability, "https://schema.org/InStock");
}

#[tokio::test]
async fn a_processor_reads_a_group_and_its_variants() {
    let shop = TestShop::start_with(|settings| {
        settings.storefront.product_url = "https://shop.example/p/{slug}".into();
    })
    .await;
    for (name, flavour) in [("vanilla", "Vanilla"), ("cacao", "Cacao")] {
        let variant = a_variant(name, flavour);
        shop.admin()
            .post("/api/products", &variant)
            .await
            .expect(201);
    }
    let document = shop.anonymous().get("/api/products/vanilla/jsonld").await;
    let graph = Graph::read(&document.expect(200).text()).unwrap();
    let properties = graph.0.values().flat_map(BTreeMap::keys);
    let names: BTreeSet<&str> = properties
        .filter_map(|property| property.strip_prefix(VOCABULARY))
        .collect();
    assert_eq!(names, KNOWN.into());
    let groups = graph.of_type("ProductGroup");
    assert_eq!(groups.len(), 1);
    let group = groups.first().unwrap();
    assert_eq!(graph.value(group, "productGroupID"), "powder");
    let variants = graph.of_type("Product");
    assert_eq!(graph.values(group, "hasVariant").len(), 2);
    assert_eq!(
        variants,
        [
            "https://shop.example/p/cacao",
            "https://shop.example/p/vanilla"
        ]
        .into()
    );
    for variant in variants {
        assert_is_merchant_listing(&graph, variant);
        let nutrition = graph.value(variant, "nutrition");
        assert_eq!(graph.value(&nutrition, "proteinContent"), "80 g");
    }
    let cacao = graph.value("https://shop.example/p/cacao", "name");
    assert_eq!(cacao, "Crème </script> Cacao");
}

#[tokio::test]
async fn a_processor_reads_a_product_alone() {
    let shop = TestShop::start().await;
    let images = ["https://example.com/a.jpg"];
    shop.create_product(
        json!({ "name": "Bar", "price": 10, "images": images, "stock_quantity": 1 }),
    )
    .await;
    let document = shop.anonymous().get("/api/products/bar/jsonld").await;
    let graph = Graph::read(&document.expect(200).text()).unwrap();
    let products = graph.of_type("Product");
    assert_eq!(products, ["http://localhost:3000/products/bar"].into());
    assert_is_merchant_listing(&graph, products.first().unwrap());
}
