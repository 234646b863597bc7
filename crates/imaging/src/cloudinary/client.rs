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

/// An account at Cloudinary, and how long to wait for it.
#[derive(Debug, Clone)]
pub struct CloudinarySettings {
    /// The cloud's name.
    pub cloud: String,
    /// The API key.
    pub key: SecretString,
    /// The API secret.
    pub secret: SecretString,
    /// Where calls go: `https://api.cloudinary.com`.
    pub api_base: String,
    /// What addresses of pictures begin with; `None` for `https://res.cloudinary.com/` and the cloud's name.
    pub delivery_base: Option<String>,
    /// How long a connection may take: 2 s.
    pub connect_timeout: Duration,
    /// How long one call may take: 15 s.
    pub call_timeout: Duration,
    /// How long a call may take with all its repetitions: 25 s.
    pub total_timeout: Duration,
    /// How long the first pause before a repetition is, more or less; each further one is twice as long: 250 ms.
    pub first_pause: Duration,
}

impl CloudinarySettings {
    /// The usual settings of an account.
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
    /// There is nothing to sign with.
    #[error(transparent)]
    Secret(#[from] EmptySecret),
    /// The system has no TLS to offer.
    #[error("the client can't be built")]
    Client(#[source] reqwest::Error),
}

/// How often a call is made at most.
const ATTEMPTS: u32 = 4;

/// How long a health check may take.
const PING: Duration = Duration::from_secs(3);

/// The image store of an account.
pub struct Cloudinary {
    client: Client,
    signer: Signer,
    delivery: Delivery,
    settings: CloudinarySettings,
}

impl Cloudinary {
    /// The image store of this account. Nothing is asked of it yet.
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

    /// Where a picture is delivered after this has been made of it, in the version that its upload answered.
    pub fn url(&self, id: &PublicId, version: &str, transform: &ImageTransform) -> String {
        let step = Transformation::from(*transform);
        self.delivery.url(id.as_str(), &[step], Some(version))
    }

    /// Asks whether the account can be used, which counts against the few hundred such calls that it has in an hour.
    ///
    /// # Errors
    /// When it can't.
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

    /// A signed call with these fields and parts, the time of this moment among them.
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

    /// Makes a call that may be repeated, until it goes well, fails for good or takes too long. Each try is signed anew.
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
            // Not all who were turned away come back at the same time.
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

    /// What an upload answered, if it is the answer to this upload and Cloudinary's.
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
    /// A repeated upload finds what the first one left, since nothing is overwritten and the id is ours.
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
            // Either the rest of the file does not keep what its header promised, or it is our fault.
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
