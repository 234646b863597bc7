use actix_web::ResponseError;
use eggypro_domain::testing::InMemoryShop;
use futures_util::stream;

use super::*;

const TIME: Duration = Duration::from_secs(10);

fn upload(shop: &Arc<InMemoryShop>) -> Upload {
    Upload::new(shop.clone(), NewImport::new("csv"), 4 * MAX_CHUNK)
}

/// A file that arrives in parts of these lengths.
fn file(lengths: Vec<usize>) -> impl Stream<Item = Result<Bytes, Problem>> + Unpin {
    let parts = lengths.into_iter();
    stream::iter(parts.map(|length| Ok(Bytes::from(vec![b'x'; length]))))
}

#[actix_web::test]
async fn a_file_is_stored_in_full_chunks_and_a_rest() {
    let shop = Arc::new(InMemoryShop::default());
    let mut upload = upload(&shop);
    let parts = file(vec![MAX_CHUNK - 1, 3, 2 * MAX_CHUNK]);
    upload.receive(parts, TIME).await.unwrap();
    let id = upload.complete().await.unwrap();
    let import = shop.find(id).await.unwrap().unwrap();
    assert_eq!(import.status, ImportStatus::Running);
    for (number, expected) in [
        (0, Some(MAX_CHUNK)),
        (1, Some(MAX_CHUNK)),
        (2, Some(MAX_CHUNK)),
        (3, Some(2)),
        (4, None),
    ] {
        let chunk = shop.chunk(id, number).await.unwrap();
        assert_eq!(chunk.map(|chunk| chunk.len()), expected, "{number}");
    }
}

#[actix_web::test]
async fn an_upload_that_is_dropped_is_cancelled() {
    let shop = Arc::new(InMemoryShop::default());
    let mut upload = upload(&shop);
    upload.receive(file(vec![MAX_CHUNK]), TIME).await.unwrap();
    let id = upload.import.unwrap();
    let status = async || shop.find(id).await.unwrap().unwrap().status;
    assert_eq!(status().await, ImportStatus::Receiving);
    drop(upload);
    while status().await != ImportStatus::Cancelled {
        tokio::task::yield_now().await;
    }
    assert_eq!(shop.chunk(id, 0).await.unwrap(), None);
}

#[actix_web::test]
async fn a_file_is_neither_empty_nor_too_large_nor_too_slow() {
    let shop = Arc::new(InMemoryShop::default());
    let empty = upload(&shop);
    assert_eq!(empty.complete().await.unwrap_err().status_code(), 400);

    let mut large = upload(&shop);
    let most = file(vec![4 * MAX_CHUNK]);
    large.receive(most, TIME).await.unwrap();
    let more = large.receive(file(vec![1]), TIME).await.unwrap_err();
    assert_eq!(more.status_code(), 413);
    assert_eq!(more.detail(), "File size exceeds 4MB limit");

    let mut slow = upload(&shop);
    let never = slow.receive(stream::pending(), Duration::from_millis(1));
    assert_eq!(never.await.unwrap_err().status_code(), 408);
}

#[actix_web::test]
async fn an_import_that_was_cancelled_receives_no_more() {
    let shop = Arc::new(InMemoryShop::default());
    let mut upload = upload(&shop);
    upload.receive(file(vec![MAX_CHUNK]), TIME).await.unwrap();
    shop.cancel(upload.import.unwrap()).await.unwrap();
    let refused = upload.receive(file(vec![MAX_CHUNK]), TIME).await;
    assert_eq!(refused.unwrap_err().status_code(), 409);
    assert_eq!(upload.complete().await.unwrap_err().status_code(), 409);
}
