//! Tests of the calls, against a fake Cloudinary server that verifies every signature.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use eggypro_domain::health::Probe;
use eggypro_domain::images::{
    Deletion, ImageError, ImageFile, ImageFormat, ImageService, ImageStore, ImageStoreError,
    ImageTransform, PublicId, Upload,
};
use eggypro_domain::testing::InMemoryShop;
use eggypro_imaging::cloudinary::{CallError, Cloudinary, CloudinarySettings};
use eggypro_imaging::testing::{Behaviour, FakeCloudinary, KEY, SECRET, picture};

fn client(settings: CloudinarySettings) -> Cloudinary {
    Cloudinary::new(settings).unwrap()
}

/// A client with short timeouts.
fn impatient(fake: &FakeCloudinary) -> Cloudinary {
    client(CloudinarySettings {
        call_timeout: Duration::from_millis(150),
        total_timeout: Duration::from_millis(400),
        ..fake.settings()
    })
}

fn a_file() -> ImageFile {
    ImageFile::try_from(picture(ImageFormat::Jpeg, 60, 40, false)).unwrap()
}

fn is_unavailable<T: std::fmt::Debug>(result: Result<T, ImageStoreError>) -> Option<Duration> {
    match result {
        Err(error @ ImageStoreError::Unavailable { retry_after, .. }) => {
            assert!(!format!("{error:?} {error}").contains(SECRET));
            retry_after
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_picture_is_uploaded_delivered_and_deleted() {
    let fake = FakeCloudinary::start().await;
    let store = client(fake.settings());
    let (id, file) = (PublicId::random(), a_file());
    let image = store.upload(&id, &file).await.unwrap();
    assert_eq!(
        (image.width, image.height, image.size),
        (60, 40, file.size())
    );
    assert_eq!(fake.images(), [id.as_str()]);

    let request = &fake.requests()[0];
    assert_eq!(request.file.as_deref(), Some(&file.bytes()[..]));
    assert_eq!(request.fields["overwrite"], "0");
    assert!(!request.fields.contains_key("folder"));

    let version = image.original.split('/').rev().nth(2).unwrap().to_owned();
    let base = "https://res.cloudinary.com/egg%20cloud/image/upload";
    assert_eq!(image.original, format!("{base}/{version}/{id}.jpg"));
    let renditions = image.renditions;
    let url = |steps: &str| format!("{base}/{steps}/{version}/{id}");
    assert_eq!(renditions.optimized, url("c_limit,f_auto,q_80,w_800"));
    assert_eq!(
        renditions.thumbnail,
        url("c_lfill,f_auto,h_400,q_auto,w_400")
    );
    let widths: Vec<_> = renditions.responsive.into_iter().collect();
    let expected = [("1200w", 1_200), ("400w", 400), ("800w", 800)].map(|(name, width)| {
        (
            name.to_owned(),
            url(&format!("c_limit,f_auto,q_auto,w_{width}")),
        )
    });
    assert_eq!(widths, expected);
    let plain = ImageTransform::default();
    assert_eq!(store.url(&id, &version[1..], &plain), url("f_auto,q_auto"));

    assert_eq!(store.delete(&id).await, Ok(Deletion::Deleted));
    assert_eq!(store.delete(&id).await, Ok(Deletion::NotFound));
    assert_eq!(fake.requests()[1].fields["invalidate"], "1");
    assert_eq!(fake.images(), Vec::<String>::new());
}

#[tokio::test]
async fn the_base_url_of_pictures_can_be_configured() {
    let fake = FakeCloudinary::start().await;
    let store = client(CloudinarySettings {
        delivery_base: Some("https://pictures.example/".into()),
        ..fake.settings()
    });
    let image = store.upload(&PublicId::random(), &a_file()).await.unwrap();
    let thumbnail = image.renditions.thumbnail;
    assert!(thumbnail.starts_with("https://pictures.example/image/upload/c_lfill"));
}

#[tokio::test]
async fn transient_failures_are_retried_with_new_signatures() {
    let fake = FakeCloudinary::start().await;
    let store = client(fake.settings());
    for behaviour in [420, 423, 429, 500, 502, 503]
        .map(Behaviour::failure)
        .into_iter()
        .chain([Behaviour::Reset, Behaviour::HalfAnswer])
    {
        fake.next([behaviour.clone(), behaviour.clone()]);
        let id = PublicId::random();
        let image = store.upload(&id, &a_file()).await;
        assert!(image.is_ok(), "{behaviour:?}: {image:?}");
        fake.next([behaviour.clone()]);
        assert!(store.delete(&id).await.is_ok(), "{behaviour:?}");
    }
    assert_eq!(fake.images(), Vec::<String>::new());
}

#[tokio::test]
async fn permanent_failures_are_not_retried_and_show_no_secret() {
    let fake = FakeCloudinary::start().await;
    let store = client(fake.settings());
    let answer = |status, body: &str| Behaviour::Answer(status, vec![], body.to_owned());
    let unavailable = [
        Behaviour::failure(401),
        Behaviour::failure(403),
        Behaviour::failure(404),
        Behaviour::failure(200),
        answer(200, "<html>"),
        answer(200, ""),
        answer(200, "[]"),
        answer(200, "{}"),
        answer(413, "<html>"),
        answer(200, &"x".repeat(70_000)),
        // Signed with another secret.
        answer(
            200,
            r#"{"public_id":"a","version":1,"signature":"0123456789012345678901234567890123456789"}"#,
        ),
    ];
    for behaviour in unavailable {
        fake.next([behaviour]);
        assert_eq!(
            is_unavailable(store.upload(&PublicId::random(), &a_file()).await),
            None
        );
    }
    fake.next([answer(200, r#"{"result":"perhaps"}"#)]);
    is_unavailable(store.delete(&PublicId::random()).await);
    assert_eq!(fake.requests().len(), 12, "none was tried again");

    // If Cloudinary refuses a valid picture, the picture is not blamed.
    fake.next([Behaviour::failure(400)]);
    is_unavailable(store.upload(&PublicId::random(), &a_file()).await);
    let mut spoiled = picture(ImageFormat::Png, 60, 40, false).to_vec();
    let data = spoiled.windows(4).position(|name| name == b"IDAT").unwrap() + 6;
    let end = spoiled.len() - 16;
    spoiled[data..end].fill(0x55);
    let spoiled = ImageFile::try_from(bytes::Bytes::from(spoiled)).unwrap();
    fake.next([Behaviour::failure(400)]);
    let refused = store.upload(&PublicId::random(), &spoiled).await;
    assert_eq!(refused, Err(ImageStoreError::NoPicture));
}

#[tokio::test]
async fn a_wrong_secret_is_not_accepted() {
    let fake = FakeCloudinary::start().await;
    let store = client(CloudinarySettings {
        secret: "another-secret".into(),
        ..fake.settings()
    });
    is_unavailable(store.upload(&PublicId::random(), &a_file()).await);
    assert_eq!(store.ping().await, Err(CallError::Unauthorized(401)));
    assert_eq!(fake.images(), Vec::<String>::new());
    assert!(!format!("{store:?}").contains("secret"));
    let settings = format!("{:?}", fake.settings());
    assert!(
        !settings.contains(SECRET) && !settings.contains(KEY),
        "{settings}"
    );
}

#[tokio::test]
async fn retry_after_is_honoured_or_passed_on() {
    let fake = FakeCloudinary::start().await;
    let store = client(CloudinarySettings {
        total_timeout: Duration::from_secs(3),
        ..fake.settings()
    });
    let busy = |seconds| {
        let body = r#"{"error":{"message":"Rate Limit Exceeded"}}"#;
        Behaviour::Answer(420, vec![("Retry-After", seconds)], body.to_owned())
    };
    fake.next([busy("1")]);
    let started = Instant::now();
    store.upload(&PublicId::random(), &a_file()).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
    // Longer than the total timeout: passed on to the caller.
    for (given, wait) in [("60", 60), ("18446744073709551615", 86_400)] {
        fake.next([busy(given)]);
        let refused = store.upload(&PublicId::random(), &a_file()).await;
        assert_eq!(is_unavailable(refused), Some(Duration::from_secs(wait)));
    }
}

#[tokio::test]
async fn calls_time_out() {
    let fake = FakeCloudinary::start().await;
    let store = impatient(&fake);
    fake.always(Behaviour::Silent);
    let started = Instant::now();
    is_unavailable(store.upload(&PublicId::random(), &a_file()).await);
    is_unavailable(store.delete(&PublicId::random()).await);
    assert!(started.elapsed() < Duration::from_secs(2));

    // A port without a server.
    let store = client(CloudinarySettings {
        api_base: "http://127.0.0.1:1".into(),
        ..fake.settings()
    });
    is_unavailable(store.upload(&PublicId::random(), &a_file()).await);
}

#[tokio::test]
async fn a_slow_response_is_awaited() {
    let fake = FakeCloudinary::start().await;
    fake.next([Behaviour::Slow(Duration::from_millis(300))]);
    let store = client(fake.settings());
    store.upload(&PublicId::random(), &a_file()).await.unwrap();
}

#[tokio::test]
async fn the_health_check_reports_whether_the_account_can_be_used() {
    let fake = FakeCloudinary::start().await;
    let store = client(fake.settings());
    assert!(store.check().await.is_ok());
    fake.always(Behaviour::failure(500));
    assert!(store.check().await.is_err());
}

fn service(fake: &FakeCloudinary) -> ImageService {
    let store = Arc::new(client(fake.settings()));
    ImageService::new(store, Arc::new(InMemoryShop::default()))
}

#[tokio::test]
async fn six_uploads_take_as_long_as_one() {
    let fake = FakeCloudinary::start().await;
    fake.always(Behaviour::Slow(Duration::from_millis(500)));
    let upload = Upload::try_from(vec![a_file(); 6]).unwrap();
    let started = Instant::now();
    assert_eq!(service(&fake).upload(upload, None).await.unwrap().len(), 6);
    assert!(started.elapsed() < Duration::from_millis(1_500));
    assert_eq!(fake.most_at_once(), 6);
}

#[tokio::test]
async fn if_one_of_four_uploads_fails_none_is_left() {
    let fake = FakeCloudinary::start().await;
    for failure in [400, 401] {
        fake.next([
            Behaviour::Normal,
            Behaviour::Normal,
            Behaviour::failure(failure),
        ]);
        let upload = Upload::try_from(vec![a_file(); 4]).unwrap();
        let failed = service(&fake).upload(upload, None).await.unwrap_err();
        assert!(matches!(failed, ImageError::ImageStore(_)), "{failed:?}");
        assert_eq!(fake.images(), Vec::<String>::new());
    }
}
