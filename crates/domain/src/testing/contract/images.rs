//! The records of images.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Stores, named, slug};
use crate::images::{Image, ImageFile, ImageFormat, KeepError, PublicId, Renditions};
use crate::products::{Expected, Product};
use crate::testing::a_png;

const LONG: Duration = Duration::from_secs(3_600);

impl Stores {
    async fn reserve(&self, count: usize, time: Duration) -> Vec<Image> {
        let file = || ImageFile::new(a_png().into()).unwrap();
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
        self.images.keep(&images, product).await.unwrap();
        images
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
    stores.images.forget(&late[0].id).await.unwrap();
    let kept = stores.images.keep(&late, None).await;
    assert!(matches!(kept, Err(KeepError::Late)), "{kept:?}");
    stores.images.keep(&in_time, None).await.unwrap();
    let twice = stores.images.keep(&in_time, None).await;
    assert!(matches!(twice, Err(KeepError::Late)), "{twice:?}");
}

pub async fn a_product_has_room_for_so_many_images(stores: Stores) {
    let product = stores.create(named("Full")).await;
    stores.kept(19, Some(&product)).await;
    let check = |count| stores.images.check_room(&product.slug, count);
    check(1).await.unwrap();
    assert!(matches!(check(2).await, Err(KeepError::TooManyImages)));
    let two = stores.reserve(2, Duration::ZERO).await;
    let kept = stores.images.keep(&two, Some(&product.slug)).await;
    assert!(matches!(kept, Err(KeepError::TooManyImages)), "{kept:?}");
    assert_eq!(stores.find(&product).await.images.len(), 19);
    let nothing = slug("nothing");
    let checked = stores.images.check_room(&nothing, 1).await;
    assert!(matches!(checked, Err(KeepError::ProductNotFound)));
    let kept = stores.images.keep(&two, Some(&nothing)).await;
    assert!(matches!(kept, Err(KeepError::ProductNotFound)), "{kept:?}");
    assert_eq!(sorted(stores.claim().await), ids(&two));
}

pub async fn a_discarded_image_is_shown_nowhere(stores: Stores) {
    let product = stores.create(named("One")).await;
    let images = stores.kept(2, Some(&product)).await;
    let mut other = named("Other");
    other.images = vec![
        images[0].original.clone(),
        "https://example.com/a.jpg".into(),
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
    let mut other = named("Other");
    other.images = originals(&images[..1]);
    let other = stores.create(other).await;
    let remove = stores.products.remove(&product.slug, Expected::Any);
    remove.await.unwrap();
    // What another product shows stays for it.
    assert_eq!(stores.claim().await, ids(&images[1..]));
    assert_eq!(stores.find(&other).await.images, originals(&images[..1]));
    let unused = stores.images.unused(Duration::ZERO, 9).await.unwrap();
    assert_eq!(unused, ids(&of_nobody));
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
    // Who claimed it is gone, perhaps.
    assert_eq!(claim(9, LONG).await.unwrap(), second);
    let images = stores.reserve(2, Duration::ZERO).await;
    stores.images.postpone(&images[0].id).await.unwrap();
    stores.images.forget(&images[1].id).await.unwrap();
    assert_eq!(stores.claim().await, []);
}
