use std::fmt;
use std::time::{Duration, Instant, SystemTime};

use async_trait::async_trait;
use eggypro_domain::StoreError;
use eggypro_domain::health::Probe;
use eggypro_domain::images::{
    Deletion, Image, ImageFile, ImageStore, ImageStoreError, ImageTransform, PublicId, Renditions,
};
use reqwest::multipart::{Form, Part};
use reqwest::{Body, Client, RequestBuilder, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;
use tokio::task::spawn_blocking;

use super::call::{CallError, once};
use crate::picture;

use super::{Algorithm, Delivery, EmptySecret, Fields, Signer, Transformation, endpoint};

/// An account at Cloudinary, with timeouts.
#[derive(Debug, Clone)]
pub struct CloudinarySettings {
    /// The cloud name.
    pub cloud: String,
    /// The API key.
    pub key: SecretString,
    /// The API secret.
    pub secret: SecretString,
    /// Base URL of the API: `https://api.cloudinary.com` by default.
    pub api_base: String,
    /// Base URL of pictures; `None` for `https://res.cloudinary.com/` and the cloud name.
    pub delivery_base: Option<String>,
    /// Maximum time to connect: 2 s by default.
    pub connect_timeout: Duration,
    /// Maximum time of one attempt: 15 s by default.
    pub call_timeout: Duration,
    /// Maximum time of a call with all its retries: 25 s by default.
    pub total_timeout: Duration,
    /// Approximate pause before the first retry: 250 ms by default. Each further pause is twice as long.
    pub first_pause: Duration,
}

impl CloudinarySettings {
    /// The default settings for an account.
    pub fn new(cloud: String, key: SecretString, secret: SecretString) -> Self {
        Self {
            cloud,
            key,
            secret,
            api_base: "https://api.cloudinary.com".to_owned(),
            delivery_base: None,
            connect_timeout: Duration::from_secs(2),
            call_timeout: Duration::from_secs(15),
            total_timeout: Duration::from_secs(25),
            first_pause: Duration::from_millis(250),
        }
    }
}

/// Why settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSettings {
    /// The API secret is empty.
    #[error(transparent)]
    Secret(#[from] EmptySecret),
    /// The HTTP client can't be built, for example because TLS is not available.
    #[error("the client can't be built")]
    Client(#[source] reqwest::Error),
}

/// Maximum number of attempts of a call.
const ATTEMPTS: u32 = 4;

/// Maximum time of a health check.
const PING: Duration = Duration::from_secs(3);

/// The image store of a Cloudinary account.
pub struct Cloudinary {
    client: Client,
    signer: Signer,
    delivery: Delivery,
    settings: CloudinarySettings,
}

impl Cloudinary {
    /// The image store of this account. Makes no call yet.
    ///
    /// # Errors
    /// When the settings can't be used.
    pub fn new(settings: CloudinarySettings) -> Result<Self, InvalidSettings> {
        let client = Client::builder()
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.call_timeout)
            .redirect(redirect::Policy::none())
            .build()
            .map_err(InvalidSettings::Client)?;
        let delivery = match &settings.delivery_base {
            Some(base) => Delivery::from_base(base),
            None => Delivery::of(&settings.cloud),
        };
        Ok(Self {
            client,
            signer: Signer::new(settings.secret.clone(), Algorithm::Sha1)?,
            delivery,
            settings,
        })
    }

    /// The delivery URL of a picture with this transformation, in the version that its upload returned.
    pub fn url(&self, id: &PublicId, version: &str, transform: &ImageTransform) -> String {
        let step = Transformation::from(*transform);
        self.delivery.url(id.as_str(), &[step], Some(version))
    }

    /// Checks whether the account can be used. Such calls are limited to a few hundred per hour.
    ///
    /// # Errors
    /// When the account can't be used.
    pub async fn ping(&self) -> Result<(), CallError> {
        let prefix = self.settings.api_base.trim_end_matches('/');
        let cloud = super::delivery::segment(&self.settings.cloud);
        let secret = self.settings.secret.expose_secret();
        let ask = self
            .client
            .get(format!("{prefix}/v1_1/{cloud}/ping"))
            .basic_auth(self.settings.key.expose_secret(), Some(secret))
            .timeout(PING);
        once(ask).await.map(drop)
    }

    /// A signed call with these fields and parts. Adds the current time as a field.
    fn signed(&self, action: &str, fields: Fields, form: Form) -> RequestBuilder {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let timestamp = now.unwrap_or_default().as_secs().to_string();
        let fields = fields.with("timestamp", timestamp);
        let signed = self
            .signer
            .signed(fields, self.settings.key.expose_secret());
        let form = signed.iter().fold(form, |form, (name, value)| {
            form.text(name, value.to_owned())
        });
        let Self { settings, .. } = self;
        let url = endpoint(&settings.api_base, &settings.cloud, "image", action);
        self.client.post(url).multipart(form)
    }

    /// Retries an idempotent call until it succeeds, fails permanently or times out. Each attempt has a new signature.
    async fn repeated(
        &self,
        make: impl Fn() -> RequestBuilder,
    ) -> Result<Map<String, Value>, CallError> {
        let end = Instant::now() + self.settings.total_timeout;
        let mut pause = self.settings.first_pause;
        for attempt in 1.. {
            let result = tokio::time::timeout_at(end.into(), once(make())).await;
            let error = match result.unwrap_or(Err(CallError::TimedOut)) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            // Jitter, so that rejected clients do not retry at the same time.
            let wait = pause.mul_f64(rand::random_range(0.75..=1.25));
            let wait = error.retry_after().unwrap_or(wait);
            let is_last =
                attempt == ATTEMPTS || wait >= end.saturating_duration_since(Instant::now());
            if is_last || !error.is_transient() {
                tracing::warn!(%error, attempt, "a call to the image service failed");
                return Err(error);
            }
            tokio::time::sleep(wait).await;
            pause *= 2;
        }
        Err(CallError::TimedOut)
    }

    /// The image from the response to an upload. Checks that the response belongs to this upload and is signed by
    /// Cloudinary.
    fn uploaded(
        &self,
        id: &PublicId,
        file: &ImageFile,
        answer: Map<String, Value>,
    ) -> Result<Image, CallError> {
        let unreadable = CallError::Unreadable(200);
        let answer = serde_json::from_value::<Uploaded>(Value::Object(answer));
        let answer = answer.map_err(|_| unreadable)?;
        let version = answer.version.to_string();
        let expected = self.signer.of_answer(id.as_str(), &version);
        let is_signed = bool::from(expected.as_bytes().ct_eq(answer.signature.as_bytes()));
        if answer.public_id != id.as_str() || !is_signed {
            return Err(unreadable);
        }
        let format = answer.format.as_deref().and_then(|name| name.parse().ok());
        let format = format.unwrap_or(file.format());
        Ok(Image {
            id: id.clone(),
            width: answer.width.unwrap_or(file.width()),
            height: answer.height.unwrap_or(file.height()),
            format,
            size: answer.bytes.unwrap_or(file.size()),
            original: self.delivery.url_with_extension(
                id.as_str(),
                &[],
                Some(&version),
                Some(format.as_str()),
            ),
            renditions: Renditions::transforms()
                .map(|transform| self.url(id, &version, &transform)),
        })
    }
}

#[derive(Deserialize)]
struct Uploaded {
    public_id: String,
    version: u64,
    signature: String,
    width: Option<u32>,
    height: Option<u32>,
    format: Option<String>,
    bytes: Option<u32>,
}

#[async_trait]
impl Probe for Cloudinary {
    async fn check(&self) -> Result<(), StoreError> {
        let state = self.ping().await;
        state.map_err(|error| StoreError::Unavailable(error.to_string()))
    }
}

#[async_trait]
impl ImageStore for Cloudinary {
    /// A retried upload returns the result of the first one, since uploads overwrite nothing and the id is random.
    async fn upload(&self, id: &PublicId, file: &ImageFile) -> Result<Image, ImageStoreError> {
        let call = || {
            let fields = Fields::default()
                .with("public_id", id.as_str())
                .with_flag("overwrite", false);
            let body = Body::from(file.bytes().clone());
            let part = Part::stream_with_length(body, file.size().into()).file_name("file");
            let part = part.mime_str("application/octet-stream");
            let form = match part {
                Ok(part) => Form::new().part("file", part),
                Err(_) => Form::new(),
            };
            self.signed("upload", fields, form)
        };
        match self.repeated(call).await {
            Ok(answer) => Ok(self.uploaded(id, file, answer)?),
            // Either the file is corrupt after its header, or the request is wrong.
            Err(CallError::Refused) if !is_decodable(file).await => Err(ImageStoreError::NoPicture),
            Err(error) => Err(error.into()),
        }
    }

    async fn delete(&self, id: &PublicId) -> Result<Deletion, ImageStoreError> {
        let call = || {
            let fields = Fields::default()
                .with("public_id", id.as_str())
                .with_flag("invalidate", true);
            self.signed("destroy", fields, Form::new())
        };
        let answer = self.repeated(call).await?;
        match answer.get("result").and_then(Value::as_str) {
            Some("ok") => Ok(Deletion::Deleted),
            Some("not found") => Ok(Deletion::NotFound),
            _ => Err(CallError::Unreadable(200).into()),
        }
    }
}

async fn is_decodable(file: &ImageFile) -> bool {
    let file = file.clone();
    let decoding = spawn_blocking(move || picture::decode(&file).is_some());
    decoding.await.unwrap_or(false)
}

impl From<ImageTransform> for Transformation {
    fn from(transform: ImageTransform) -> Self {
        let mut made = Self::default()
            .quality(transform.quality)
            .format(transform.format.as_str());
        if let Some(width) = transform.width {
            made = made.width(width);
        }
        if let Some(height) = transform.height {
            made = made.height(height);
        }
        if let Some(crop) = transform.crop {
            made = made.crop(crop.as_str());
        }
        made
    }
}

impl fmt::Debug for Cloudinary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cloudinary")
            .field("cloud", &self.settings.cloud)
            .finish_non_exhaustive()
    }
}
