//! Tests of the local image store.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::io::Cursor;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use eggypro_domain::images::{
    Deletion, Image, ImageFile, ImageFormat, ImageStore, ImageStoreError, PublicId,
};
use eggypro_imaging::LocalImages;
use eggypro_imaging::testing::{SERIAL_NUMBER, from_camera, picture};
use futures_util::future::join_all;
use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView, ImageDecoder, ImageReader};
use tempfile::TempDir;

const BASE: &str = "http://localhost:8080/media";

struct Folder {
    folder: TempDir,
    store: LocalImages,
}

impl Folder {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        Self {
            store: LocalImages::new(folder.path(), BASE),
            folder,
        }
    }

    async fn upload(&self, bytes: Bytes) -> Result<Image, ImageStoreError> {
        let file = ImageFile::try_from(bytes).unwrap();
        self.store.upload(&PublicId::random(), &file).await
    }

    fn file(&self, url: &str) -> PathBuf {
        self.folder
            .path()
            .join(url.strip_prefix(BASE).unwrap().trim_start_matches('/'))
    }

    fn open(&self, url: &str) -> DynamicImage {
        image::open(self.file(url)).unwrap()
    }

    fn files(&self) -> usize {
        count(self.folder.path())
    }
}

fn count(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| if path.is_dir() { count(&path) } else { 1 })
        .sum()
}

/// The sizes of all renditions: optimized, thumbnail, and by width.
fn sizes(folder: &Folder, image: &Image) -> Vec<(u32, u32)> {
    let renditions = &image.renditions;
    let mut urls = vec![&renditions.optimized, &renditions.thumbnail];
    urls.extend(["400w", "800w", "1200w"].map(|width| &renditions.responsive[width]));
    urls.into_iter()
        .map(|url| folder.open(url).dimensions())
        .collect()
}

#[tokio::test]
async fn all_renditions_are_created() {
    let folder = Folder::new();
    for format in ImageFormat::ALL {
        let bytes = picture(format, 1_600, 1_000, false);
        let image = folder.upload(bytes.clone()).await.unwrap();
        assert_eq!(
            (image.width, image.height, image.format),
            (1_600, 1_000, format)
        );
        assert_eq!(std::fs::read(folder.file(&image.original)).unwrap(), bytes);
        assert!(
            image
                .original
                .ends_with(&format!("original.{}", format.as_str()))
        );
        let expected = [(800, 500), (400, 400), (400, 250), (800, 500), (1_200, 750)];
        assert_eq!(sizes(&folder, &image), expected);
        assert!(image.renditions.thumbnail.ends_with("thumbnail.jpg"));
        // The thumbnail shows the middle: red on the left, blue on the right.
        let thumbnail = folder.open(&image.renditions.thumbnail);
        let [left, right] = [20, 380].map(|x| thumbnail.get_pixel(x, 200).0);
        assert!(left[0] > 200 && right[2] > 200, "{left:?} {right:?}");
    }
    // Small pictures are not enlarged.
    let image = folder
        .upload(picture(ImageFormat::Png, 20, 30, false))
        .await
        .unwrap();
    assert_eq!(sizes(&folder, &image), [(20, 30); 5]);
    let image = folder
        .upload(picture(ImageFormat::Jpeg, 900, 300, false))
        .await
        .unwrap();
    let expected = [(800, 267), (400, 300), (400, 133), (800, 267), (900, 300)];
    assert_eq!(sizes(&folder, &image), expected);
    // A wide picture that is high enough fills its thumbnail.
    let image = folder
        .upload(picture(ImageFormat::Jpeg, 3_000, 500, false))
        .await
        .unwrap();
    let expected = [(800, 133), (400, 400), (400, 67), (800, 133), (1_200, 200)];
    assert_eq!(sizes(&folder, &image), expected);
}

#[tokio::test]
async fn transparency_is_preserved() {
    let folder = Folder::new();
    let image = folder
        .upload(picture(ImageFormat::Png, 500, 500, true))
        .await
        .unwrap();
    let optimized = folder.open(&image.renditions.optimized);
    assert!(image.renditions.optimized.ends_with(".png"));
    assert_eq!(optimized.get_pixel(0, 0).0, [255, 0, 0, 128]);
}

#[tokio::test]
async fn renditions_are_upright() {
    let folder = Folder::new();
    // Orientation 6 is a rotation by 90° clockwise: the left side becomes the top.
    let upright = from_camera(ImageFormat::Jpeg, 6, 600, 300);
    let image = folder.upload(upright).await.unwrap();
    assert_eq!((image.width, image.height), (300, 600));
    let narrow = folder.open(&image.renditions.responsive["400w"]);
    assert_eq!(narrow.dimensions(), (300, 600));
    let [red, _, blue, _] = narrow.get_pixel(150, 20).0;
    assert!(red > 200 && blue < 60, "the top is red");
}

#[tokio::test]
async fn a_thin_picture_stays_small() {
    let folder = Folder::new();
    let image = folder
        .upload(picture(ImageFormat::Png, 1, 5_000, false))
        .await
        .unwrap();
    let wide = folder.open(&image.renditions.responsive["1200w"]);
    assert_eq!(wide.dimensions(), (1, 5_000));
    let image = folder
        .upload(picture(ImageFormat::Png, 5_000, 1, false))
        .await
        .unwrap();
    let wide = folder.open(&image.renditions.responsive["1200w"]);
    assert_eq!(wide.dimensions(), (1_200, 1));
    assert_eq!(
        folder.open(&image.renditions.thumbnail).dimensions(),
        (400, 1)
    );
}

#[tokio::test]
async fn a_file_that_can_not_be_decoded_leaves_nothing_behind() {
    let folder = Folder::new();
    let at = |bytes: &[u8], name: &[u8]| bytes.windows(4).position(|window| window == name);
    for (format, name) in [(ImageFormat::Png, b"IDAT"), (ImageFormat::Webp, b"VP8L")] {
        let mut bytes = picture(format, 300, 200, false).to_vec();
        // All chunks are present with their lengths, but the pixel data is corrupt.
        let (data, end) = (at(&bytes, name).unwrap() + 14, bytes.len() - 16);
        bytes[data..end].fill(0x55);
        let file = ImageFile::try_from(Bytes::from(bytes)).unwrap();
        let refused = folder.store.upload(&PublicId::random(), &file).await;
        assert_eq!(refused, Err(ImageStoreError::NoPicture), "{format:?}");
    }
    assert_eq!(folder.files(), 0);
}

#[tokio::test]
async fn a_deleted_picture_is_removed_with_all_its_renditions() {
    let folder = Folder::new();
    let other = folder
        .upload(picture(ImageFormat::Png, 30, 20, false))
        .await
        .unwrap();
    let image = folder
        .upload(picture(ImageFormat::Png, 30, 20, false))
        .await
        .unwrap();
    assert_eq!(folder.files(), 12);
    assert_eq!(folder.store.delete(&image.id).await, Ok(Deletion::Deleted));
    assert_eq!(folder.store.delete(&image.id).await, Ok(Deletion::NotFound));
    assert_eq!(folder.files(), 6);
    assert!(folder.file(&other.original).exists());
}

#[tokio::test]
async fn an_upload_can_be_retried() {
    let folder = Folder::new();
    let file = ImageFile::try_from(picture(ImageFormat::Png, 30, 20, false)).unwrap();
    let id = PublicId::random();
    let first = folder.store.upload(&id, &file).await.unwrap();
    assert_eq!(folder.store.upload(&id, &file).await.unwrap(), first);
    assert_eq!(folder.files(), 6);
}

#[tokio::test]
async fn an_unwritable_folder_is_reported_without_its_name() {
    let folder = TempDir::new().unwrap();
    let occupied = folder.path().join("occupied");
    std::fs::write(&occupied, "by a file").unwrap();
    let store = LocalImages::new(&occupied, BASE);
    let file = ImageFile::try_from(picture(ImageFormat::Png, 30, 20, false)).unwrap();
    let error = store.upload(&PublicId::random(), &file).await.unwrap_err();
    assert!(matches!(error, ImageStoreError::Unavailable { .. }));
    assert!(!error.to_string().contains("occupied"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_uploads_are_all_stored() {
    let folder = Folder::new();
    let uploads = (0..12).map(|_| folder.upload(picture(ImageFormat::Jpeg, 900, 600, false)));
    let images = join_all(uploads).await;
    assert!(images.iter().all(Result::is_ok));
    assert_eq!(folder.files(), 72);
}

#[test]
fn removing_metadata_changes_no_pixel() {
    for format in ImageFormat::ALL {
        for orientation in 1..=8 {
            let picture = from_camera(format, orientation, 60, 40);
            let with = ImageFile::try_from(picture).unwrap();
            let without = with.clone().without_metadata();
            let has_number = |file: &ImageFile| {
                let mut parts = file.bytes().windows(SERIAL_NUMBER.len());
                parts.any(|part| part == SERIAL_NUMBER)
            };
            assert!(has_number(&with) && !has_number(&without), "{format:?}");
            assert_eq!(read(&with), read(&without), "{format:?} {orientation}");
        }
    }
}

/// The orientation and the pixels of a picture.
fn read(file: &ImageFile) -> (Orientation, DynamicImage) {
    let reader = ImageReader::new(Cursor::new(file.bytes())).with_guessed_format();
    let mut decoder = reader.unwrap().into_decoder().unwrap();
    let orientation = decoder.orientation().unwrap();
    (orientation, DynamicImage::from_decoder(decoder).unwrap())
}
