//! Records of images.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Stores, named, slug, valid};
use crate::images::{ConfirmError, Image, ImageFile, ImageFormat, PublicId, Renditions};
use crate::products::{Expected, Product, ProductChanges};
use crate::reviews::NewReview;
use crate::testing::a_png;

const LONG: Duration = Duration::from_secs(3_600);

impl Stores {
    async fn reserve(&self, count: usize, time: Duration) -> Vec<Image> {
        let file = || ImageFile::try_from(crate::Bytes::from(a_png())).unwrap();
        let named: Vec<_> = (0..count).map(|_| (PublicId::random(), file())).collect();
        self.images.reserve(&named, time).await.unwrap();
        named
            .into_iter()
            .map(|(id, file)| image(id, &file))
            .collect()
    }

    async fn kept(&self, count: usize, product: Option<&Product>) -> Vec<Image> {
        let images = self.reserve(count, LONG).await;
        let product = product.map(|product| &product.slug);
        self.images.confirm(&images, product).await.unwrap();
        images
    }

    async fn show(&self, product: &Product, images: &[String]) {
        let changes = valid(ProductChanges {
            images: Some(images.to_vec()),
            ..ProductChanges::default()
        });
        let update = self.products.update(&product.slug, changes, Expected::Any);
        update.await.unwrap();
    }

    async fn claim(&self) -> Vec<PublicId> {
        self.images.claim_due(100, LONG).await.unwrap()
    }
}

fn image(id: PublicId, file: &ImageFile) -> Image {
    Image {
        original: format!("https://images.example/{id}"),
        id,
        width: file.width(),
        height: file.height(),
        format: ImageFormat::Png,
        size: file.size(),
        renditions: Renditions {
            optimized: String::new(),
            thumbnail: String::new(),
            responsive: BTreeMap::new(),
        },
    }
}

/// The URL of an image in another size.
fn small(image: &Image) -> String {
    format!("https://images.example/w_400/{}.jpg", image.id)
}

fn ids(images: &[Image]) -> Vec<PublicId> {
    let mut ids: Vec<_> = images.iter().map(|image| image.id.clone()).collect();
    ids.sort();
    ids
}

fn sorted(mut ids: Vec<PublicId>) -> Vec<PublicId> {
    ids.sort();
    ids
}

fn originals(images: &[Image]) -> Vec<String> {
    images.iter().map(|image| image.original.clone()).collect()
}

pub async fn kept_images_are_shown(stores: Stores) {
    let product = stores.create(named("Shown")).await;
    let first = stores.kept(2, Some(&product)).await;
    let second = stores.kept(1, Some(&product)).await;
    let found = stores.find(&product).await;
    assert_eq!(found.images, originals(&[first, second].concat()));
    assert_eq!(found.version, product.version + 2);
    assert_eq!(stores.claim().await, []);
}

pub async fn images_that_are_not_kept_are_due(stores: Stores) {
    let in_time = stores.reserve(1, LONG).await;
    let late = stores.reserve(2, Duration::ZERO).await;
    assert_eq!(sorted(stores.claim().await), ids(&late));
    stores.images.delete_record(&late[0].id).await.unwrap();
    let kept = stores.images.confirm(&late, None).await;
    assert!(
        matches!(kept, Err(ConfirmError::ReservationEnded)),
        "{kept:?}"
    );
    stores.images.confirm(&in_time, None).await.unwrap();
    let twice = stores.images.confirm(&in_time, None).await;
    assert!(
        matches!(twice, Err(ConfirmError::ReservationEnded)),
        "{twice:?}"
    );
}

pub async fn what_is_taken_back_can_not_be_kept(stores: Stores) {
    let images = stores.reserve(3, LONG).await;
    let (kept, taken_back) = images.split_at(1);
    stores.images.confirm(kept, None).await.unwrap();
    let all: Vec<_> = images.iter().map(|image| image.id.clone()).collect();
    let cancel = stores.images.cancel(&all, Duration::ZERO);
    assert_eq!(sorted(cancel.await.unwrap()), ids(taken_back));
    let late = stores.images.confirm(taken_back, None).await;
    assert!(
        matches!(late, Err(ConfirmError::ReservationEnded)),
        "{late:?}"
    );
    // Operations on due images do not affect kept ones.
    stores.images.delete_record(&kept[0].id).await.unwrap();
    stores.images.postpone(&kept[0].id).await.unwrap();
    stores.images.record_missing(&kept[0].id).await.unwrap();
    assert_eq!(sorted(stores.claim().await), ids(taken_back));
    let unused = stores.images.unused(Duration::ZERO, 9).await.unwrap();
    assert_eq!(unused, ids(kept));
}

pub async fn what_is_shown_again_is_wanted_again(stores: Stores) {
    let images = stores.kept(2, None).await;
    assert_eq!(
        stores.images.discard_unused(Duration::ZERO).await.unwrap(),
        2
    );
    let mut product = named("Late");
    product.images = vec![small(&images[0])];
    stores.create(product).await;
    assert_eq!(stores.claim().await, ids(&images[1..]));
    let discard = stores.images.discard(&images[0].id, LONG);
    assert!(discard.await.unwrap(), "it is wanted");
}

pub async fn a_missing_image_is_looked_for_often(stores: Stores) {
    let image = stores.reserve(1, Duration::ZERO).await.remove(0);
    let mut times = 0;
    while stores.images.claim_due(9, Duration::ZERO).await.unwrap() == [image.id.clone()] {
        times += 1;
        stores.images.record_missing(&image.id).await.unwrap();
        assert_eq!(stores.claim().await, [], "it is looked for later");
        // Simulates that the image is due again.
        let this = [image.id.clone()];
        let again = stores.images.cancel(&this, Duration::ZERO);
        again.await.unwrap();
    }
    assert!((3..9).contains(&times), "{times}");
}

pub async fn a_product_has_room_for_so_many_images(stores: Stores) {
    let product = stores.create(named("Full")).await;
    stores.kept(19, Some(&product)).await;
    let check = |count| stores.images.check_image_limit(&product.slug, count);
    check(1).await.unwrap();
    assert!(matches!(check(2).await, Err(ConfirmError::TooManyImages)));
    let two = stores.reserve(2, Duration::ZERO).await;
    let kept = stores.images.confirm(&two, Some(&product.slug)).await;
    assert!(matches!(kept, Err(ConfirmError::TooManyImages)), "{kept:?}");
    assert_eq!(stores.find(&product).await.images.len(), 19);
    let nothing = slug("nothing");
    let checked = stores.images.check_image_limit(&nothing, 1).await;
    assert!(matches!(checked, Err(ConfirmError::ProductNotFound)));
    let kept = stores.images.confirm(&two, Some(&nothing)).await;
    assert!(
        matches!(kept, Err(ConfirmError::ProductNotFound)),
        "{kept:?}"
    );
    assert_eq!(sorted(stores.claim().await), ids(&two));
}

pub async fn a_discarded_image_is_shown_nowhere(stores: Stores) {
    let product = stores.create(named("One")).await;
    let images = stores.kept(2, Some(&product)).await;
    let mut other = named("Other");
    other.images = vec![
        images[0].original.clone(),
        "https://example.com/a.jpg".into(),
        small(&images[0]),
    ];
    let other = stores.create(other).await;
    let discard = async |time| stores.images.discard(&images[0].id, time).await.unwrap();
    assert!(discard(Duration::ZERO).await);
    assert!(!discard(Duration::ZERO).await, "it is not wanted any more");
    assert_eq!(stores.find(&product).await.images, originals(&images[1..]));
    let found = stores.find(&other).await;
    assert_eq!(found.images, ["https://example.com/a.jpg"]);
    assert_eq!(found.version, other.version + 1);
    assert_eq!(stores.claim().await, ids(&images[..1]));
    let unknown = PublicId::random();
    assert!(!stores.images.discard(&unknown, LONG).await.unwrap());
}

pub async fn a_removed_product_takes_its_images_along(stores: Stores) {
    let product = stores.create(named("Removed")).await;
    let images = stores.kept(2, Some(&product)).await;
    let of_nobody = stores.kept(1, None).await;
    let attached = stores.kept(1, None).await;
    let changes = ProductChanges {
        images: Some(originals(&[images.clone(), attached.clone()].concat())),
        ..ProductChanges::default()
    };
    let update = stores
        .products
        .update(&product.slug, valid(changes), Expected::Any);
    update.await.unwrap();
    let mut other = named("Other");
    other.images = originals(&images[..1]);
    let other = stores.create(other).await;
    let remove = stores.products.remove(&product.slug, Expected::Any);
    remove.await.unwrap();
    // An image that another product shows is not due.
    let gone = [&images[1..], &attached].concat();
    assert_eq!(sorted(stores.claim().await), ids(&gone));
    assert_eq!(stores.find(&other).await.images, originals(&images[..1]));
    let unused = stores.images.unused(Duration::ZERO, 9).await.unwrap();
    assert_eq!(unused, ids(&of_nobody));
    stores
        .products
        .remove(&other.slug, Expected::Any)
        .await
        .unwrap();
    assert_eq!(stores.claim().await, ids(&images[..1]));
}

pub async fn unused_images_are_found(stores: Stores) {
    let product = stores.create(named("Shown")).await;
    stores.kept(2, Some(&product)).await;
    stores.reserve(1, LONG).await;
    let unused = stores.kept(3, None).await;
    let find = |age, limit| stores.images.unused(age, limit);
    assert_eq!(sorted(find(Duration::ZERO, 9).await.unwrap()), ids(&unused));
    assert_eq!(find(Duration::ZERO, 2).await.unwrap().len(), 2);
    assert_eq!(find(LONG, 9).await.unwrap(), []);
    assert_eq!(stores.images.discard_unused(LONG).await.unwrap(), 0);
    assert_eq!(
        stores.images.discard_unused(Duration::ZERO).await.unwrap(),
        3
    );
    assert_eq!(find(Duration::ZERO, 9).await.unwrap(), []);
    assert_eq!(sorted(stores.claim().await), ids(&unused));
}

pub async fn due_images_are_claimed_once(stores: Stores) {
    let images = stores.reserve(3, Duration::ZERO).await;
    let claim = |limit, time| stores.images.claim_due(limit, time);
    let first = claim(2, LONG).await.unwrap();
    let second = claim(2, Duration::ZERO).await.unwrap();
    assert_eq!((first.len(), second.len()), (2, 1));
    assert_eq!(sorted([first, second.clone()].concat()), ids(&images));
    // An image is due again after its claim expires.
    assert_eq!(claim(9, LONG).await.unwrap(), second);
    let images = stores.reserve(2, Duration::ZERO).await;
    stores.images.postpone(&images[0].id).await.unwrap();
    stores.images.delete_record(&images[1].id).await.unwrap();
    assert_eq!(stores.claim().await, []);
}

pub async fn restored_images_do_not_raise_the_number_of_claims(stores: Stores) {
    let mut due = vec![];
    // One after the other, so that the order in which they are due is known.
    for _ in 0..4 {
        due.extend(stores.kept(1, None).await);
        let discarded = stores.images.discard_unused(Duration::ZERO).await;
        assert_eq!(discarded.unwrap(), 1);
    }
    let mut product = named("Shown");
    product.images = originals(&due[..1]);
    stores.create(product).await;
    let first = stores.images.claim_due(2, LONG).await.unwrap();
    assert_eq!(sorted(first), ids(&due[1..3]));
    assert_eq!(stores.claim().await, ids(&due[3..]));
}

pub async fn a_product_says_what_is_known_of_its_images(stores: Stores) {
    let product = stores.create(named("Shown")).await;
    let stored = stores.kept(1, Some(&product)).await.remove(0);
    let elsewhere = "https://elsewhere.example/a.jpg".to_owned();
    let images = [elsewhere, stored.original.clone()];
    stores.show(&product, &images).await;
    let found = stores.find(&product).await;
    assert_eq!(found.images, images);
    assert_eq!(found.media, [None, Some((&stored).into())]);
    stores.images.discard(&stored.id, LONG).await.unwrap();
    let left = stores.find(&product).await;
    assert_eq!(
        (left.images.as_slice(), left.media),
        (&images[..1], vec![None])
    );
}

pub async fn what_is_taken_out_is_due_in_a_day(stores: Stores) {
    let (one, other) = (
        stores.create(named("One")).await,
        stores.create(named("Other")).await,
    );
    let images = stores.kept(3, Some(&one)).await;
    stores.show(&other, &originals(&images[..1])).await;
    stores.show(&one, &[]).await;
    let unused = async || sorted(stores.images.unused(Duration::ZERO, 9).await.unwrap());
    assert_eq!(unused().await, ids(&images[1..]));
    assert_eq!(stores.claim().await, [], "not yet");
    // An image that is shown again is no longer due.
    stores.show(&other, &originals(&images[..2])).await;
    assert_eq!(unused().await, ids(&images[2..]));
    // An image can be discarded before it is due.
    let discard = async || stores.images.discard(&images[2].id, LONG).await.unwrap();
    assert!(discard().await);
    assert!(!discard().await);
    assert_eq!(unused().await, []);
}

pub async fn what_reviews_show_is_used(stores: Stores) {
    let product = stores.create(named("Reviewed")).await;
    let images = stores.kept(3, None).await;
    let review = NewReview {
        image_url: Some(small(&images[0])),
        reviewer_image_url: Some(images[1].original.clone()),
        ..NewReview::example()
    };
    let create = stores.reviews.create(&product.slug, valid(review));
    create.await.unwrap();
    let unused = stores.images.unused(Duration::ZERO, 9).await.unwrap();
    assert_eq!(unused, [images[2].id.clone()]);
}
