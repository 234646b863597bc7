use std::collections::BTreeMap;
use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Characters that are escaped in ids.
const IN_IDS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'/')
    .remove(b':');

/// Characters that are escaped in a segment of a path.
const IN_SEGMENTS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~');

/// Builds the delivery URLs of pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    base: String,
    forces_version: bool,
}

/// One step of a picture's transformation. Values are numbers or Cloudinary's keywords. Empty values are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transformation(Vec<String>);

impl Delivery {
    /// Delivery from Cloudinary's own domain.
    pub fn of(cloud: &str) -> Self {
        Self::from_base(&format!("https://res.cloudinary.com/{}", segment(cloud)))
    }

    /// Delivery from another base URL, such as a private CDN: the part before `/image/upload/…`.
    pub fn from_base(base: &str) -> Self {
        Self {
            base: base.trim_end_matches('/').to_owned(),
            forces_version: true,
        }
    }

    /// Leaves out the `v1` that is otherwise inserted for an id with folders and without a version.
    #[must_use]
    pub fn without_forced_version(self) -> Self {
        Self {
            forces_version: false,
            ..self
        }
    }

    /// The URL of a picture after these steps, in the version that its upload returned. An id that is itself a URL is
    /// returned unchanged.
    pub fn url(&self, id: &str, steps: &[Transformation], version: Option<&str>) -> String {
        self.url_with_extension(id, steps, version, None)
    }

    /// Like [`Delivery::url`], with an extension such as `webp`, which also sets the format.
    pub fn url_with_extension(
        &self,
        id: &str,
        steps: &[Transformation],
        version: Option<&str>,
        extension: Option<&str>,
    ) -> String {
        if is_address(id) {
            return id.to_owned();
        }
        let id = escaped(&without_double_slashes(id));
        let steps = Transformation::chain(steps);
        let version = match version {
            Some(version) => format!("v{version}"),
            None if self.forces_version && id.contains('/') && !begins_with_version(&id) => {
                "v1".into()
            }
            None => String::new(),
        };
        let mut url = format!("{}/image/upload", self.base);
        for part in [steps, version, id] {
            if !part.is_empty() {
                url.push('/');
                url.push_str(&part);
            }
        }
        if let Some(extension) = extension {
            url.push('.');
            url.push_str(extension);
        }
        url
    }

    /// The URLs of a picture in several widths, with a common base step. The keys are the widths, such as `400w`.
    pub fn responsive(
        &self,
        id: &str,
        base: &Transformation,
        widths: &[u32],
        version: Option<&str>,
    ) -> BTreeMap<String, String> {
        let of = |width: &u32| {
            let step = base.clone().width(width);
            (format!("{width}w"), self.url(id, &[step], version))
        };
        widths.iter().map(of).collect()
    }
}

impl Transformation {
    /// Width in pixels, or as a fraction of the original if it is less than 1.
    #[must_use]
    pub fn width(self, width: impl Display) -> Self {
        self.with("w", &normalized(&width.to_string()))
    }

    /// Height, with the same units as the width.
    #[must_use]
    pub fn height(self, height: impl Display) -> Self {
        self.with("h", &normalized(&height.to_string()))
    }

    /// Crop mode: `fill`, `fit`, `limit`, `thumb` or `scale`.
    #[must_use]
    pub fn crop(self, crop: impl Display) -> Self {
        self.with("c", &crop.to_string())
    }

    /// Quality: 1 to 100, or `auto`.
    #[must_use]
    pub fn quality(self, quality: impl Display) -> Self {
        self.with("q", &normalized(&quality.to_string()))
    }

    /// Format: `webp`, `jpg`, `png`, or `auto` for the best format that the browser accepts.
    #[must_use]
    pub fn format(self, format: impl Display) -> Self {
        self.with("f", &format.to_string())
    }

    /// The part of the picture that cropping keeps, such as `face`.
    #[must_use]
    pub fn gravity(self, gravity: impl Display) -> Self {
        self.with("g", &gravity.to_string())
    }

    /// Device pixel ratio.
    #[must_use]
    pub fn dpr(self, dpr: impl Display) -> Self {
        self.with("dpr", &normalized(&dpr.to_string()))
    }

    /// The text of consecutive steps, as used in URLs and forms.
    pub fn chain(steps: &[Self]) -> String {
        let steps: Vec<String> = steps
            .iter()
            .map(Self::component)
            .filter(|step| !step.is_empty())
            .collect();
        without_double_slashes(&steps.join("/"))
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        // The last value wins.
        self.0.retain(|pair| pair.split('_').next() != Some(name));
        if !value.is_empty() {
            self.0.push(format!("{name}_{value}"));
        }
        self
    }

    fn component(&self) -> String {
        let mut pairs = self.0.clone();
        pairs.sort();
        pairs.join(",")
    }
}

/// Abbreviates an expression such as `width * 2` to Cloudinary's keywords. Leaves other values unchanged.
fn normalized(value: &str) -> String {
    const WORDS: [(&str, &str); 13] = [
        ("*", "mul"),
        ("/", "div"),
        ("+", "add"),
        ("-", "sub"),
        ("^", "pow"),
        ("width", "w"),
        ("height", "h"),
        ("initial_width", "iw"),
        ("initial_height", "ih"),
        ("aspect_ratio", "ar"),
        ("page_count", "pc"),
        ("face_count", "fc"),
        ("current_page", "cp"),
    ];
    fn short(word: &str) -> &str {
        let entry = WORDS.iter().find(|(long, _)| *long == word);
        entry.map_or(word, |(_, short)| short)
    }
    let words: Vec<&str> = value.split_whitespace().map(short).collect();
    words.join("_")
}

fn is_address(id: &str) -> bool {
    id.starts_with("http://") || id.starts_with("https://")
}

fn begins_with_version(id: &str) -> bool {
    let digits = id.strip_prefix('v');
    digits.is_some_and(|digits| digits.starts_with(|first: char| first.is_ascii_digit()))
}

/// Replaces each double slash by a single one from left to right, except after a colon.
fn without_double_slashes(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(next) = rest.next() {
        result.push(next);
        if next != ':' && rest.as_str().starts_with("//") {
            result.push('/');
            rest.nth(1);
        }
    }
    result
}

/// Decodes an id once and encodes it again, so that both encoded and plain ids are accepted.
fn escaped(id: &str) -> String {
    let decoded = percent_decode_str(id).decode_utf8_lossy();
    utf8_percent_encode(&decoded, IN_IDS).to_string()
}

/// Escapes a text as one segment of a path.
pub(super) fn segment(text: &str) -> String {
    utf8_percent_encode(text, IN_SEGMENTS).to_string()
}
