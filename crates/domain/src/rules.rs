//! Rules that several inputs share, as custom validators of garde. Each message starts with the display name of the
//! field.

use garde::Error;
use url::Url;

use crate::products::MAX_IMAGES;
use crate::{Slug, text};

/// Maximum length of an image URL, in bytes. Browsers and proxies support this length reliably.
const MAX_URL_LENGTH: usize = 2_048;

/// The name of a product.
pub(crate) fn product_name(value: &str, _: &()) -> garde::Result {
    text::bounded("Name", 255, value.trim_matches(' '))?;
    text::bounded("Name", 255, value)?;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_');
    if value.bytes().all(is_allowed) {
        Ok(())
    } else {
        Err(Error::new("Name contains invalid characters"))
    }
}

/// An absolute URL of an image.
pub(crate) fn image_url(value: &str, context: &()) -> garde::Result {
    web_url("Image URL", MAX_URL_LENGTH)(value, context)
}

/// An absolute http or https URL of at most `max` bytes.
pub(crate) fn web_url(label: &'static str, max: usize) -> impl Fn(&str, &()) -> garde::Result {
    move |value, _| {
        if value.len() > max {
            return Err(Error::new(format_args!("{label} too long")));
        }
        text::without_nul(label, value)?;
        let is_web = value.starts_with("https://") || value.starts_with("http://");
        // The parser also accepts white space and a scheme without slashes.
        if is_web && !value.contains(char::is_whitespace) && Url::parse(value).is_ok() {
            Ok(())
        } else {
            Err(Error::new(format_args!(
                "{label} must be an absolute http or https URL"
            )))
        }
    }
}

/// The number of ingredients.
pub(crate) fn ingredients(value: &[String], _: &()) -> garde::Result {
    match value.len() {
        0 => Err(Error::new("At least one ingredient is required")),
        1..=50 => Ok(()),
        _ => Err(Error::new("Too many ingredients")),
    }
}

/// The number of images.
pub(crate) fn images(value: &[String], _: &()) -> garde::Result {
    if value.len() <= MAX_IMAGES {
        Ok(())
    } else {
        Err(Error::new("Too many images"))
    }
}

/// The number of texts that describe images.
pub(crate) fn alt_texts(images: &[String]) -> impl Fn(&[Option<String>], &()) -> garde::Result {
    move |texts, _| match texts.len() <= images.len() {
        true => Ok(()),
        false => Err(Error::new(MORE_MEDIA_THAN_IMAGES)),
    }
}

/// The error of an alternative text without an image.
pub(crate) const MORE_MEDIA_THAN_IMAGES: &str = "Media must not have more entries than images";

/// What an image shows.
pub(crate) fn alt_text(value: &str, context: &()) -> garde::Result {
    match value.is_empty() {
        true => Ok(()),
        false => text::line("Alternative text", 512)(value, context),
    }
}

/// The number of categories.
pub(crate) fn categories(value: &[Slug], _: &()) -> garde::Result {
    if value.len() <= 50 {
        Ok(())
    } else {
        Err(Error::new("Too many categories"))
    }
}

/// The stock at which it is time to order more.
pub(crate) fn low_stock_at(value: &i64, _: &()) -> garde::Result {
    let is_stock = (0..=i64::from(i32::MAX)).contains(value);
    is_stock
        .then_some(())
        .ok_or_else(|| Error::new("Low stock at must be between 0 and 2147483647"))
}

/// The quantity in stock.
pub(crate) fn stock_quantity(value: &i64, _: &()) -> garde::Result {
    if *value < 0 {
        Err(Error::new("Stock quantity cannot be negative"))
    } else if *value > i64::from(i32::MAX) {
        Err(Error::new("Stock quantity too high"))
    } else {
        Ok(())
    }
}
