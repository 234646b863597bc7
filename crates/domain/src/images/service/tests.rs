use pollster::block_on;

use super::*;
use crate::products::{NewProduct, Product, ProductService};
use crate::testing::{InMemoryImages, InMemoryShop, a_png};
use crate::{Unvalidated, images::InvalidUpload};

struct Shop {
    records: Arc<InMemoryShop>,
    store: Arc<InMemoryImages>,
    images: ImageService,
    product: Product,
}

fn shop() -> Shop {
    let (records, store) = (
        Arc::<InMemoryShop>::default(),
        Arc::<InMemoryImages>::default(),
    );
    let products = ProductService::new(records.clone(), records.clone());
    let product = Unvalidated::new(NewProduct::example()).validate().unwrap();
    Shop {
        images: ImageService::new(store.clone(), records.clone()),
        product: block_on(products.create(product)).unwrap(),
        records,
        store,
    }
}

fn upload(count: usize) -> Upload {
    let file = ImageFile::try_from(crate::Bytes::from(a_png())).unwrap();
    Upload::try_from(vec![file; count]).unwrap()
}

fn away() -> Option<ImageStoreError> {
    Some(ImageStoreError::Unavailable {
        reason: "as a test".into(),
        retry_after: None,
    })
}

impl Shop {
    fn upload(&self, count: usize) -> Result<Vec<Image>, ImageError> {
        block_on(self.images.upload(upload(count), Some(&self.product.slug)))
    }

    fn shown(&self) -> Vec<String> {
        let products = ProductService::new(self.records.clone(), self.records.clone());
        block_on(products.read(&self.product.slug)).unwrap().images
    }

    fn due(&self) -> Vec<PublicId> {
        block_on(self.records.claim_due(99, Duration::ZERO)).unwrap()
    }
}

#[test]
fn an_upload_has_one_to_ten_files() {
    assert_eq!(Upload::try_from(vec![]).unwrap_err(), InvalidUpload::NoFile);
    let files = upload(10).files().to_vec();
    let eleven = [&files[..], &files[..1]].concat();
    assert_eq!(
        Upload::try_from(eleven).unwrap_err(),
        InvalidUpload::TooManyFiles
    );
}

#[test]
fn uploaded_images_are_stored_and_shown() {
    let shop = shop();
    let images = shop.upload(3).unwrap();
    let originals: Vec<_> = images.iter().map(|image| image.original.clone()).collect();
    assert_eq!(shop.shown(), originals);
    assert_eq!(shop.store.images().len(), 3);
    let loose = block_on(shop.images.upload(upload(1), None)).unwrap();
    assert_eq!(loose.len(), 1);
    assert_eq!(shop.shown(), originals);
}

#[test]
fn all_files_are_stored_or_none() {
    let shop = shop();
    for error in [Some(ImageStoreError::NoPicture), away()] {
        shop.store.fail_uploads([None, None, error.clone(), None]);
        let failed = shop.upload(4).unwrap_err();
        assert!(matches!(failed, ImageError::ImageStore(cause) if Some(&cause) == error.as_ref()));
        assert_eq!(shop.store.images(), []);
        assert_eq!(shop.shown(), Vec::<String>::new());
    }
    assert_eq!(shop.due(), [], "their records are gone as well");
}

#[test]
fn failed_removals_are_retried() {
    let shop = shop();
    shop.store.fail_uploads([None, away()]);
    shop.store.fail_deletions([away(), None]);
    shop.upload(2).unwrap_err();
    assert_eq!(shop.store.images().len(), 1);
    // Not immediately, since the store may need time to recover.
    assert_eq!(
        block_on(shop.images.remove_due()).unwrap(),
        Removed::default()
    );
    shop.records.pass_time(Duration::from_secs(60));
    let done = Removed {
        removed: 1,
        postponed: 0,
    };
    assert_eq!(block_on(shop.images.remove_due()).unwrap(), done);
    assert_eq!(shop.store.images(), []);
}

#[test]
fn nothing_is_uploaded_for_a_refused_product() {
    let shop = shop();
    shop.upload(10).unwrap();
    shop.upload(10).unwrap();
    let full = shop.upload(1).unwrap_err();
    assert!(matches!(
        full,
        ImageError::Keep(ConfirmError::TooManyImages)
    ));
    let slug = "nothing".parse().unwrap();
    let failed = block_on(shop.images.upload(upload(1), Some(&slug))).unwrap_err();
    assert!(matches!(
        failed,
        ImageError::Keep(ConfirmError::ProductNotFound)
    ));
    assert_eq!(shop.store.images().len(), 20);
}

#[test]
fn failed_deletions_are_retried() {
    let shop = shop();
    let images = shop.upload(2).unwrap();
    let delete = |image: &Image| block_on(shop.images.delete(&image.id));
    delete(&images[0]).unwrap();
    assert!(matches!(delete(&images[0]), Err(ImageError::NotFound)));
    assert_eq!(shop.store.images(), [images[1].id.clone()]);
    shop.store.fail_deletions([away()]);
    delete(&images[1]).unwrap();
    assert_eq!(shop.shown(), Vec::<String>::new());
    assert_eq!(shop.store.images().len(), 1);
    shop.records.pass_time(Duration::from_secs(60));
    shop.store.fail_deletions([away()]);
    let postponed = Removed {
        removed: 0,
        postponed: 1,
    };
    assert_eq!(block_on(shop.images.remove_due()).unwrap(), postponed);
    shop.records.pass_time(Duration::from_secs(120));
    assert_eq!(block_on(shop.images.remove_due()).unwrap().removed, 1);
    assert_eq!(shop.store.images(), []);
}

#[test]
fn unused_images_are_removed() {
    let shop = shop();
    shop.upload(1).unwrap();
    let loose = block_on(shop.images.upload(upload(2), None)).unwrap();
    let age = Duration::from_secs(3_600);
    assert_eq!(
        block_on(shop.images.sweep(age)).unwrap(),
        Removed::default()
    );
    shop.records.pass_time(age);
    assert_eq!(
        block_on(shop.images.unused(age, 9)).unwrap().len(),
        loose.len()
    );
    assert_eq!(block_on(shop.images.sweep(age)).unwrap().removed, 2);
    assert_eq!(shop.store.images().len(), 1);
}

#[test]
fn all_due_images_are_removed() {
    let shop = shop();
    for _ in 0..5 {
        block_on(shop.images.upload(upload(10), None)).unwrap();
    }
    assert_eq!(
        block_on(shop.images.sweep(Duration::ZERO)).unwrap().removed,
        50
    );
    assert_eq!(shop.store.images(), []);
}

#[test]
fn a_store_that_is_away_is_asked_for_one_batch() {
    let shop = shop();
    for _ in 0..3 {
        block_on(shop.images.upload(upload(10), None)).unwrap();
    }
    shop.store.fail_deletions(vec![away(); 30]);
    let removed = block_on(shop.images.sweep(Duration::ZERO)).unwrap();
    let one_batch = Removed {
        removed: 0,
        postponed: 20,
    };
    assert_eq!(removed, one_batch);
}

#[test]
fn metadata_is_removed_unless_the_shop_keeps_it() {
    let png = a_png();
    // After the signature and the header.
    let (head, rest) = png.split_at(33);
    let text = [&[0, 0, 0, 4], b"tEXt".as_slice(), b"a\0bc", &[0; 4]].concat();
    let file = crate::Bytes::from([head, &text, rest].concat());
    let images = shop().images;
    assert_eq!(images.file(file.clone()).unwrap().bytes(), &png);
    let keeping = images.with_metadata(ImageMetadata::Kept);
    assert_eq!(keeping.file(file.clone()).unwrap().bytes(), &file);
}
