//! The operations of the client compared with those of the OpenAPI document.

use std::collections::BTreeSet;
use std::path::Path;

use eggypro_client::categories::NewCategory;
use eggypro_client::changes::{FollowEvents, ListChanges};
use eggypro_client::imports::ImportOptions;
use eggypro_client::keys::NewApiKey;
use eggypro_client::products::{
    BulkWrite, ExportProducts, ListProducts, NewProduct, ProductPatch, SearchProducts, Status,
};
use eggypro_client::reservations::NewReservation;
use eggypro_client::reviews::{Decision, ListAllReviews, ListReviews, NewReview};
use eggypro_client::search_index::Synonyms;
use eggypro_client::stock::{MovementReason, NewMovement, NewMovements};
use eggypro_client::webhooks::{NewWebhook, WebhookPatch};
use eggypro_client::{Client, OPERATIONS, Upload};
use serde_json::Value;

use crate::server::{Reply, Server};

/// The operation ids, methods and paths of the document.
type Operations = BTreeSet<(String, String, String)>;

/// The reviewed OpenAPI document. `None` in a published package, which does not have it.
fn document() -> Option<Value> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if !repository.join("crates/domain").exists() {
        return None;
    }
    let path = "tests/tests/openapi/snapshots/openapi__the_document_is_as_reviewed.snap";
    let path = repository.join(path);
    let snapshot = std::fs::read_to_string(path).unwrap();
    let start = snapshot.find("\n{").unwrap();
    Some(serde_json::from_str(&snapshot[start..]).unwrap())
}

fn documented(document: &Value) -> Operations {
    let mut operations = Operations::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if let Some(id) = operation["operationId"].as_str() {
                let method = method.to_uppercase();
                operations.insert((id.to_owned(), method, path.clone()));
            }
        }
    }
    operations
}

#[test]
fn the_table_is_that_of_the_document() {
    let table = OPERATIONS.iter().map(|operation| {
        let method = operation.method.to_string();
        (operation.id.to_owned(), method, operation.path.to_owned())
    });
    if let Some(document) = document() {
        assert_eq!(table.collect::<Operations>(), documented(&document));
    }
}

#[test]
fn conditional_reads_are_those_of_the_document() {
    let Some(document) = document() else {
        return;
    };
    for operation in OPERATIONS {
        let method = operation.method.to_string().to_lowercase();
        let answers = &document["paths"][operation.path][&method]["responses"];
        let is_file = operation.id.ends_with("Feed") || operation.id == "readSitemap";
        let expected = answers.get("304").is_some() && !is_file;
        assert_eq!(operation.is_conditional, expected, "{}", operation.id);
    }
}

/// Whether an address is one of a path with parameters.
fn is_of(address: &str, path: &str) -> bool {
    let address = address.split('?').next().unwrap();
    let (mut parts, mut pattern) = (address.split('/'), path.split('/'));
    loop {
        match (parts.next(), pattern.next()) {
            (None, None) => return true,
            // The id of an image has slashes.
            (Some(_), Some("{public_id}")) => return true,
            (Some(part), Some(expected)) if part == expected || expected.starts_with('{') => {}
            _ => return false,
        }
    }
}

/// Awaits calls and ignores their results.
macro_rules! call {
    ($($call:expr;)*) => { $(drop($call.await);)* };
}

#[tokio::test]
async fn every_operation_has_a_method() {
    let server = Server::replying([Reply::problem(404, "not-found")]).await;
    let client = server.client();
    products(&client).await;
    stock_and_reviews(&client).await;
    administration(&client).await;
    files(&client).await;
    let received = server.received();
    let Some(document) = document() else {
        return;
    };
    let documented = documented(&document);
    let mut called = Operations::new();
    for request in &received {
        let fits = |(_, method, path): &&(String, String, String)| {
            *method == request.method && is_of(&request.path, path)
        };
        let mut fitting: Vec<_> = documented.iter().filter(fits).collect();
        // `/api/products/search` is also an address of a slug.
        fitting.sort_by_key(|(_, _, path)| path.contains('{'));
        let operation = fitting.first();
        assert!(operation.is_some(), "{} {}", request.method, request.path);
        called.extend(operation.map(|operation| (*operation).clone()));
    }
    assert_eq!(called, documented);
}

async fn products(client: &Client) {
    let new = NewProduct::new("Eggs", "D", "D", "1".parse().unwrap(), ["Egg"]);
    let products = client.products();
    call! {
        products.list(&ListProducts::default());
        products.search(&SearchProducts::new("egg"));
        products.suggest("egg");
        products.get("eggs");
        products.create(&new);
        products.replace("eggs", &new);
        products.patch("eggs", &ProductPatch::default());
        products.deactivate("eggs");
        products.remove("eggs");
        products.bulk(&BulkWrite::atomic([]));
        products.export(&ExportProducts::default());
        products.json_ld("eggs");
    }
    let categories = client.categories();
    call! {
        categories.list();
        categories.list_by(&Status::All);
        categories.get("bars");
        categories.create(&NewCategory::new("Bars"));
        categories.replace("bars", &NewCategory::new("Bars"));
        categories.remove("bars");
    }
    let index = client.search_index();
    call! {
        index.synonyms();
        index.replace_synonyms(&Synonyms::default());
        index.check();
    }
}

async fn stock_and_reviews(client: &Client) {
    let order = NewMovements {
        reason: MovementReason::Sale,
        reference: None,
        lines: vec![],
    };
    call! {
        client.stock().move_one("eggs", &NewMovement::by(1, MovementReason::Delivery));
        client.stock().move_all(&order);
        client.stock().movements("eggs", None, None);
        client.reservations().create(&NewReservation::new("order-1"));
        client.reservations().get("r");
        client.reservations().confirm("r");
        client.reservations().release("r");
        client.reviews().list("eggs", &ListReviews::default());
        client.reviews().create("eggs", &NewReview::new("Ada", 5, "Good."));
        client.reviews().queue(&ListAllReviews::default());
        client.reviews().verify(1, true);
        client.reviews().decide(&[1], &Decision::Verify);
        client.reviews().remove(1);
    }
}

async fn administration(client: &Client) {
    let webhooks = client.webhooks();
    let new = NewWebhook::new("https://erp.example/hook", ["*"]);
    call! {
        client.greeting();
        client.metrics(Some(7));
        client.health().read();
        client.health().live();
        client.health().ready();
        client.session().begin();
        client.session().caller();
        client.session().end();
        client.keys().list();
        client.keys().create(&NewApiKey::new("Warehouse", []));
        client.keys().rotate("k", None);
        client.keys().revoke("k");
        client.changes().list(&ListChanges::default());
        client.changes().events(&FollowEvents::default(), 0);
        webhooks.list();
        webhooks.get("w");
        webhooks.create(&new);
        webhooks.patch("w", &WebhookPatch::default());
        webhooks.remove("w");
        webhooks.rotate_secret("w");
        webhooks.test("w");
        webhooks.deliveries("w", None, None);
        webhooks.retry("w", "4.0");
    }
}

async fn files(client: &Client) {
    let imports = client.imports();
    call! {
        imports.start(Upload::bytes("a"), &ImportOptions::default());
        imports.list(None, None);
        imports.get("i");
        imports.cancel("i");
        imports.errors("i");
        client.images().upload([Upload::bytes("a")]);
        client.images().upload_to("eggs", [Upload::bytes("a")]);
        client.images().delete("shop/7");
        client.feeds().report();
        client.feeds().google();
        client.feeds().openai();
        client.feeds().sitemap();
    }
}
