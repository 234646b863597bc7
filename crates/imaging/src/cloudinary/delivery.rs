use std::collections::BTreeMap;
use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands in an id as it is.
const IN_IDS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'/')
    .remove(b':');

/// What stands in one segment of a path as it is.
const IN_SEGMENTS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~');

/// Where pictures are delivered from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    base: String,
    forces_version: bool,
}

/// One step of what is made of a picture. Values are numbers or Cloudinary's words for them; what is empty is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transformation(Vec<String>);

impl Delivery {
    /// Cloudinary's own delivery of a cloud's pictures.
    pub fn of(cloud: &str) -> Self {
        Self::from_base(&format!("https://res.cloudinary.com/{}", segment(cloud)))
    }

    /// Delivery from an address such as that of a private CDN, before `/image/upload/…`.
    pub fn from_base(base: &str) -> Self {
        Self {
            base: base.trim_end_matches('/').to_owned(),
            forces_version: true,
        }
    }

    /// The same without the `v1` that stands for the version of an id in folders where none is given.
    #[must_use]
    pub fn without_forced_version(self) -> Self {
        Self {
            forces_version: false,
            ..self
        }
    }

    /// The address of a picture after these steps, in the version that its upload answered. An id that is an address
    /// itself is returned as it is.
    pub fn url(&self, id: &str, steps: &[Transformation], version: Option<&str>) -> String {
        self.url_with_extension(id, steps, version, None)
    }

    /// The same with an extension such as `webp`, which is a format as well.
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

    /// The addresses of a picture in several widths after a common step, each named by its width, as in `400w`.
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
    /// How wide, in pixels, or as a part of the original where it is less than 1.
    #[must_use]
    pub fn width(self, width: impl Display) -> Self {
        self.with("w", &normalized(&width.to_string()))
    }

    /// How high.
    #[must_use]
    pub fn height(self, height: impl Display) -> Self {
        self.with("h", &normalized(&height.to_string()))
    }

    /// How it is made to fit: `fill`, `fit`, `limit`, `thumb`, `scale`.
    #[must_use]
    pub fn crop(self, crop: impl Display) -> Self {
        self.with("c", &crop.to_string())
    }

    /// 1 to 100, or `auto`.
    #[must_use]
    pub fn quality(self, quality: impl Display) -> Self {
        self.with("q", &normalized(&quality.to_string()))
    }

    /// `webp`, `jpg`, `png`, or `auto` for what the caller's browser takes.
    #[must_use]
    pub fn format(self, format: impl Display) -> Self {
        self.with("f", &format.to_string())
    }

    /// Which part is kept, such as `face`.
    #[must_use]
    pub fn gravity(self, gravity: impl Display) -> Self {
        self.with("g", &gravity.to_string())
    }

    /// How many pixels of the screen a pixel has.
    #[must_use]
    pub fn dpr(self, dpr: impl Display) -> Self {
        self.with("dpr", &normalized(&dpr.to_string()))
    }

    /// Steps that follow each other, as they stand in an address or a form.
    pub fn chain(steps: &[Self]) -> String {
        let steps: Vec<String> = steps
            .iter()
            .map(Self::component)
            .filter(|step| !step.is_empty())
            .collect();
        without_double_slashes(&steps.join("/"))
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        // The last word counts.
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

/// An expression such as `width * 2` in Cloudinary's short words; anything else as it is.
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
        let known = WORDS.iter().find(|(long, _)| *long == word);
        known.map_or(word, |(_, short)| short)
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

/// Every double slash that no colon stands before is one, from left to right.
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

/// Decoded once and encoded again, so that an id may come in either form.
fn escaped(id: &str) -> String {
    let decoded = percent_decode_str(id).decode_utf8_lossy();
    utf8_percent_encode(&decoded, IN_IDS).to_string()
}

/// A text as one segment of a path.
pub(super) fn segment(text: &str) -> String {
    utf8_percent_encode(text, IN_SEGMENTS).to_string()
}
