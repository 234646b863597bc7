//! Services besides the database: Redis, Cloudinary, Sentry.

use std::path::Path;

use eggypro_imaging::cloudinary::CloudinarySettings;
use percent_encoding::percent_decode_str;
use sentry::types::Dsn;
use url::Url;

use super::reader::{self, Reader};
use crate::shop::{ImageSettings, RedisSettings};

pub(super) fn redis(reader: &mut Reader) -> Option<RedisSettings> {
    // Vercel and Upstash call it `KV_URL`.
    let name = reader.first_set(["REDIS_URL", "KV_URL"]);
    let url = reader.secret(name, reader::redis_url);
    let timeout = reader.parsed("REDIS_TIMEOUT_MS", reader::short_time);
    let mut settings = RedisSettings::new(url?);
    settings.timeout = timeout.unwrap_or(settings.timeout);
    Some(settings)
}

const CLOUDINARY: [&str; 3] = [
    "CLOUDINARY_CLOUD_NAME",
    "CLOUDINARY_API_KEY",
    "CLOUDINARY_API_SECRET",
];

pub(super) fn images(reader: &mut Reader, is_production: bool, data: &Path) -> ImageSettings {
    let mut address = |name| {
        let is_url = |text: &str| reader::http_url(text).map(|()| text.to_owned());
        reader.parsed(name, is_url)
    };
    let (api_base, delivery_base) = (
        address("CLOUDINARY_API_BASE"),
        address("CLOUDINARY_DELIVERY_BASE"),
    );
    let Some([cloud, key, secret]) = cloudinary_account(reader, is_production) else {
        return ImageSettings::Folder(data.join("images"));
    };
    let defaults = CloudinarySettings::new(cloud, key.into(), secret.into());
    ImageSettings::Cloudinary(CloudinarySettings {
        api_base: api_base.unwrap_or(defaults.api_base),
        delivery_base,
        ..defaults
    })
}

/// The cloud's name, the key and the secret, from three variables or from the one address that Cloudinary gives out.
fn cloudinary_account(reader: &mut Reader, is_production: bool) -> Option<[String; 3]> {
    let is_any_set = CLOUDINARY.iter().any(|name| reader.is_set(name));
    let are_all_set = CLOUDINARY.iter().all(|name| reader.is_set(name));
    // The cloud's name may be set alone, for a front end.
    if !are_all_set && reader.is_set("CLOUDINARY_URL") {
        return reader.parsed("CLOUDINARY_URL", read_cloudinary_url);
    }
    if is_production || is_any_set {
        CLOUDINARY.iter().for_each(|name| reader.require(name));
    }
    match CLOUDINARY.map(|name| reader.text(name)) {
        [Some(cloud), Some(key), Some(secret)] => Some([cloud, key, secret]),
        _ => None,
    }
}

/// Reads `cloudinary://key:secret@cloud`. The parameter `secure` is allowed, since HTTPS is used anyway.
fn read_cloudinary_url(text: &str) -> Result<[String; 3], &'static str> {
    const PROBLEM: &str =
        "must be cloudinary://KEY:SECRET@CLOUD, without any parameter but secure=true";
    let url = Url::parse(text).map_err(|_| PROBLEM)?;
    let is_known = url.query_pairs().all(|(name, _)| name == "secure");
    let is_plain = matches!(url.path(), "" | "/") && url.port().is_none();
    if url.scheme() != "cloudinary" || !is_known || !is_plain || url.fragment().is_some() {
        return Err(PROBLEM);
    }
    let decoded = |text: &str| {
        let text = percent_decode_str(text)
            .decode_utf8()
            .map_err(|_| PROBLEM)?;
        if text.is_empty() {
            Err(PROBLEM)
        } else {
            Ok(text.into_owned())
        }
    };
    Ok([
        decoded(url.host_str().unwrap_or_default())?,
        decoded(url.username())?,
        decoded(url.password().unwrap_or_default())?,
    ])
}

pub(super) fn sentry(reader: &mut Reader, is_production: bool) -> Option<Dsn> {
    let is_enabled = reader.parsed("ENABLE_ERROR_TRACKING", reader::boolean);
    let dsn = reader.parsed("SENTRY_DSN", |text| {
        text.parse::<Dsn>()
            .map_err(|_| "must be the DSN of a project, such as https://key@host/1")
    });
    dsn.filter(|_| is_production && is_enabled.unwrap_or(true))
}
