//! Images, imports and exports.

use eggypro_client::Upload;
use eggypro_client::imports::{ImportOptions, ImportStatus};
use eggypro_client::products::{ExportFormat, ExportProducts};
use eggypro_tests::a_photo;
use futures_util::stream;

use super::*;

const INTERVAL: Duration = Duration::from_millis(50);

#[tokio::test]
async fn images_are_uploaded_and_deleted() {
    let shop = TestShop::start().await;
    let admin = admin(&shop);
    admin.products().create(&a_product("Eggs")).await.unwrap();
    let photo = a_photo();
    let files = [Upload::bytes(photo.clone()), Upload::bytes(photo.clone())];
    let uploaded = admin.images().upload_to("eggs", files).await.unwrap();
    let ids: Vec<&str> = uploaded
        .images
        .iter()
        .map(|image| &*image.public_id)
        .collect();
    let product = admin.products().get("eggs").await.unwrap();
    assert_eq!(product.images.len(), 2);
    assert_eq!(product.media[0].public_id.as_deref(), Some(ids[0]));
    assert_eq!(
        (uploaded.images[0].width, uploaded.images[0].height),
        (900, 600)
    );
    let half = photo.len() / 2;
    let parts = [photo[..half].to_vec(), photo[half..].to_vec()];
    let parts = parts.map(|part| Ok(part.into()));
    let free = admin
        .images()
        .upload([Upload::stream(stream::iter(parts), None)]);
    let free = free.await.unwrap();
    assert!(!free.images[0].responsive.is_empty());
    for image in uploaded.images.iter().chain(&free.images) {
        admin.images().delete(&image.public_id).await.unwrap();
    }
    let product = admin.products().get("eggs").await.unwrap();
    assert!(product.images.is_empty());
    assert_eq!(shop.image_files(), 0);
    let refused = admin.images().upload([Upload::bytes("no image")]).await;
    assert_eq!(refused.unwrap_err().status(), Some(415));
}

#[tokio::test]
async fn an_export_that_is_imported_changes_nothing() {
    let shop = TestShop::start().await;
    let admin = admin(&shop);
    for name in ["Eggs", "Bars"] {
        admin.products().create(&a_product(name)).await.unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("products");
    for format in [ExportFormat::Csv, ExportFormat::Ndjson] {
        let export = ExportProducts {
            format: Some(format),
            ..ExportProducts::default()
        };
        let file = admin.products().export(&export).await.unwrap();
        file.save(&path).await.unwrap();
        let imports = admin.imports();
        let options = ImportOptions::default();
        let started = imports.start(Upload::file(&path), &options).await.unwrap();
        let import = imports.wait(&started.id, INTERVAL).await.unwrap();
        assert_eq!(import.status, ImportStatus::Done);
        assert_eq!((import.unchanged, import.failed, import.done), (2, 0, 2));
    }
}

#[tokio::test]
async fn refused_rows_are_reported() {
    let shop = TestShop::start().await;
    let admin = admin(&shop);
    let table =
        "sku,name,description,details,price,ingredients\nA,Egg,d,d,1,Egg\nB,Bar,d,d,-1,Egg\n";
    let options = ImportOptions {
        dry_run: true,
        ..ImportOptions::default()
    };
    let started = admin
        .imports()
        .start(Upload::bytes(table), &options)
        .await
        .unwrap();
    let import = admin.imports().wait(&started.id, INTERVAL).await.unwrap();
    assert_eq!((import.created, import.failed), (1, 1));
    assert!(import.dry_run && import.preview.is_some());
    assert_eq!(
        (&*import.errors[0].column, import.errors[0].row),
        ("price", 3)
    );
    let errors = admin.imports().errors(&started.id).await.unwrap();
    let errors = errors.bytes().await.unwrap();
    assert!(String::from_utf8_lossy(&errors).contains("error"));
    let imports = admin.imports().all().collect().await.unwrap();
    assert_eq!(imports, [import.summary]);
    let ended = admin.imports().cancel(&started.id).await;
    assert!(ended.unwrap_err().is_conflict());
}
