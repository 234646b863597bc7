//! Errors as the server describes them.

use eggypro_client::Error;
use eggypro_client::products::{BulkWrite, ListProducts, NewProduct, Operation};

use crate::server::{Reply, Server};

async fn answering(status: u16, body: &str) -> Server {
    let reply = Reply::json(status, body);
    Server::replying([reply.with("Content-Type", "application/problem+json")]).await
}

fn eggs() -> NewProduct {
    let price = "39.90".parse().unwrap();
    NewProduct::new("Eggs", "D", "D", price, ["Egg"])
}

#[tokio::test]
async fn broken_fields_are_typed() {
    let server = answering(
        422,
        r#"{"type":"urn:eggypro:problem:validation-failed","title":"Unprocessable Entity","status":422,
        "detail":"The body breaks the rules named under `errors`.","request_id":"r-1","hint":"read the rules",
        "errors":[{"field":"price","message":"Price must be positive"},{"field":"name","message":"Name is required"}]}"#,
    )
    .await;
    let error = server
        .client()
        .products()
        .create(&eggs())
        .await
        .unwrap_err();
    assert!(error.is_invalid() && !error.is_not_found() && !error.is_conflict());
    assert_eq!(error.code(), Some("validation-failed"));
    assert_eq!(
        error.field("price").unwrap().message,
        "Price must be positive"
    );
    assert!(error.field("slug").is_none());
    let problem = error.problem().unwrap();
    assert_eq!(problem.request_id.as_deref(), Some("r-1"));
    assert_eq!(problem.extensions["hint"], "read the rules");
    assert_eq!(
        error.to_string(),
        "422 (validation-failed): The body breaks the rules named under `errors`.; price: Price must be positive; \
         name: Name is required [request r-1]"
    );
}

#[tokio::test]
async fn other_members_are_typed() {
    let server = answering(
        412,
        r#"{"type":"urn:eggypro:problem:precondition-failed","title":"T","status":412,"detail":"D",
        "current_etag":"\"7-5\"","current_version":5,"required_permission":"products:write","available":1,
        "shortages":[{"slug":"eggs","available":1}]}"#,
    )
    .await;
    let call = server.client();
    let call = call.products().deactivate("eggs").if_match("\"7-4\"");
    let error = call.await.unwrap_err();
    assert!(error.is_precondition_failed());
    let problem = error.problem().unwrap();
    assert_eq!(problem.current_etag.as_ref().unwrap().as_str(), "\"7-5\"");
    assert_eq!(problem.current_version, Some(5));
    assert_eq!(
        problem.required_permission.as_deref(),
        Some("products:write")
    );
    assert_eq!(problem.available, Some(1));
    assert_eq!(problem.shortages[0].slug, "eggs");
    assert!(problem.extensions.is_empty());
}

#[tokio::test]
async fn failed_operations_have_results() {
    let server = answering(
        409,
        r#"{"type":"urn:eggypro:problem:operations-failed","title":"T","status":409,"detail":"D",
        "results":[{"status":424,"slug":null},{"status":404,"slug":"x","problem":{"type":"urn:eggypro:problem:not-found",
        "title":"Not Found","status":404,"detail":"There is no such product."}}]}"#,
    )
    .await;
    let write = BulkWrite::atomic([
        Operation::Create(Box::new(eggs())),
        Operation::Deactivate {
            slug: "x".to_owned(),
            if_match: None,
        },
    ]);
    let error = server.client().products().bulk(&write).await.unwrap_err();
    let results = &error.problem().unwrap().results;
    assert_eq!((results[0].status, results[1].status), (424, 404));
    assert_eq!(results[1].problem.as_ref().unwrap().code(), "not-found");
    let sent = server.received()[0].text();
    assert!(
        sent.starts_with(
            r#"{"atomic":true,"operations":[{"action":"create","body":{"name":"Eggs","#
        )
    );
    assert!(sent.contains(r#""price":39.90"#), "{sent}");
    assert!(
        sent.ends_with(r#"{"action":"deactivate","slug":"x"}]}"#),
        "{sent}"
    );
}

#[tokio::test]
async fn answers_that_are_no_problems_are_statuses() {
    for (status, content_type) in [(418, "text/html"), (400, "application/problem+json")] {
        let reply = Reply::json(status, "<html>").with("Content-Type", content_type);
        let server = Server::replying([reply]).await;
        let error = server.client().products().get("eggs").await.unwrap_err();
        assert!(matches!(error, Error::Status { status: given, .. } if given == status));
    }
}

#[tokio::test]
async fn other_answers_are_decode_errors() {
    for body in ["", "<html>", "{}", r#"{"data":[{}],"pagination":null}"#] {
        let server = Server::replying([Reply::json(200, body)]).await;
        let client = server.client();
        let list = ListProducts::default();
        let error = client.products().list(&list).await.unwrap_err();
        assert!(
            matches!(
                error,
                Error::Decode {
                    operation: "listProducts",
                    ..
                }
            ),
            "{body}"
        );
        assert!(
            error
                .to_string()
                .starts_with("the answer of listProducts can't be read: ")
        );
    }
}
