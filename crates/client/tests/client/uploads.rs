//! Files that are uploaded and downloaded.

use std::io;

use bytes::Bytes;
use eggypro_client::imports::{ImportFormat, ImportOptions};
use eggypro_client::products::ExportProducts;
use eggypro_client::{Error, Upload};
use futures_util::{StreamExt, stream};

use crate::server::{Reply, Server};

const STARTED: &str = r#"{"id":"i","status":"running"}"#;
const IMAGES: &str = r#"{"images":[{"public_id":"shop/7","width":9,"height":6,"format":"jpeg","size":3,"original":"o",
    "optimized":"o","thumbnail":"t","responsive":{"400w":"r"}}]}"#;

/// A stream of two parts.
fn one_time(length: Option<u64>) -> Upload {
    let parts = ["sku,price\n", "EP-1,2\n"].map(|part| Ok::<_, io::Error>(Bytes::from(part)));
    Upload::stream(stream::iter(parts), length)
}

#[tokio::test]
async fn a_file_is_sent_again_from_its_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("products.csv");
    std::fs::write(&path, "sku,price\nEP-1,2\n").unwrap();
    for file in [Upload::file(&path), Upload::bytes("sku,price\nEP-1,2\n")] {
        let server = Server::replying([Reply::Cut, Reply::json(202, STARTED)]).await;
        let options = ImportOptions {
            format: Some(ImportFormat::Csv),
            dry_run: true,
            ..ImportOptions::default()
        };
        let client = server.client();
        client.imports().start(file, &options).await.unwrap();
        let received = server.received();
        assert_eq!(received.len(), 2);
        for request in &received {
            assert_eq!(request.path, "/api/imports?format=csv&dry_run=true");
            assert_eq!(request.text(), "sku,price\nEP-1,2\n");
            assert_eq!(request.header("content-length"), Some("17"));
            assert_eq!(
                request.header("idempotency-key"),
                received[0].header("idempotency-key")
            );
        }
    }
}

#[tokio::test]
async fn a_stream_is_not_sent_again_after_it_was_read() {
    for length in [None, Some(17)] {
        let server = Server::replying([Reply::Cut, Reply::json(202, STARTED)]).await;
        let client = server.client();
        let options = ImportOptions::default();
        let call = client.imports().start(one_time(length), &options);
        assert!(matches!(call.await, Err(Error::Transport(_))));
        assert_eq!(server.received().len(), 1);
        assert_eq!(server.received()[0].text(), "sku,price\nEP-1,2\n");
        let is_chunked = server.received()[0].header("transfer-encoding").is_some();
        assert_eq!(is_chunked, length.is_none());
    }
}

#[tokio::test]
async fn images_are_sent_as_a_form() {
    let server = Server::replying([Reply::Cut, Reply::json(201, IMAGES)]).await;
    let client = server.client();
    let files = [Upload::bytes("one"), Upload::bytes("two")];
    let uploaded = client.images().upload_to("eggs", files).await.unwrap();
    assert_eq!(uploaded.images[0].public_id, "shop/7");
    let received = server.received();
    assert_eq!(received.len(), 2);
    for request in received {
        assert_eq!(request.path, "/api/products/eggs/images");
        let content_type = request.header("content-type").unwrap();
        let boundary = content_type
            .strip_prefix("multipart/form-data; boundary=")
            .unwrap();
        let text = request.text();
        assert_eq!(text.matches(boundary).count(), 3, "{text}");
        assert_eq!(
            text.matches("form-data; name=\"file\"; filename=\"file\"")
                .count(),
            2
        );
        assert!(text.contains("\r\n\r\none\r\n") && text.contains("\r\n\r\ntwo\r\n"));
    }
}

#[tokio::test]
async fn a_missing_file_is_an_error() {
    let server = Server::replying([Reply::json(202, STARTED)]).await;
    let client = server.client();
    let file = Upload::file("/no/such/file");
    let error = client
        .imports()
        .start(file, &ImportOptions::default())
        .await;
    assert!(matches!(error, Err(Error::File(_))));
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn downloads_are_saved() {
    let server = Server::replying([
        Reply::problem(503, "service-unavailable"),
        Reply::json(200, "slug,price\neggs,1\n"),
        Reply::problem(403, "forbidden"),
        Reply::HalfAnswer,
    ])
    .await;
    let client = server.client();
    let export = ExportProducts::default();
    let download = client.products().export(&export).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("products.csv");
    download.save(&path).await.unwrap();
    assert_eq!(
        std::fs::read_to_string(path).unwrap(),
        "slug,price\neggs,1\n"
    );
    let error = client.products().export(&export).await.unwrap_err();
    assert!(error.is_forbidden());
    // A file that ends early is no complete file.
    let download = client.products().export(&export).await.unwrap();
    assert!(matches!(download.bytes().await, Err(Error::Transport(_))));
}

#[tokio::test(start_paused = true)]
async fn a_download_that_stalls_ends() {
    let server = Server::replying([Reply::Stalled]).await;
    let client = server.client();
    let export = ExportProducts::default();
    let mut download = client.products().export(&export).await.unwrap();
    assert_eq!(download.chunk().await.unwrap().unwrap(), "{\"id\":");
    assert!(download.chunk().await.unwrap_err().is_timeout());
    let stream = client.products().export(&export).await.unwrap();
    let parts: Vec<_> = stream.into_stream().collect().await;
    assert_eq!(parts.len(), 2);
    assert!(parts[0].is_ok() && parts[1].is_err());
}
