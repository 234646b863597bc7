use std::borrow::Cow;
use std::io::{self, Write};

use actix_web::HttpMessage;
use actix_web::http::header::{
    self, AcceptEncoding, ContentEncoding, Encoding, Header, HeaderValue,
};
use eggypro_cache::Key;

/// A content coding of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Identity,
    Brotli,
    Zstd,
    Gzip,
}

impl Form {
    pub(crate) const ALL: [Self; 4] = [Self::Identity, Self::Brotli, Self::Zstd, Self::Gzip];

    pub(crate) const COMPRESSED: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    const SUPPORTED: [Encoding; 4] = [
        Encoding::brotli(),
        Encoding::zstd(),
        Encoding::gzip(),
        Encoding::identity(),
    ];

    /// The best form that the client accepts.
    pub(crate) fn accepted_by(request: &impl HttpMessage) -> Self {
        let mut headers = request.headers().get_all(header::ACCEPT_ENCODING);
        let first = headers.next().map(HeaderValue::to_str);
        match (first, headers.next()) {
            (None, _) => Self::Identity,
            (Some(Ok(list)), None) if !list.contains([';', '*']) => Self::best_of(list),
            _ => Self::negotiated(request),
        }
    }

    /// The best form in a list without weights, as browsers send it.
    fn best_of(list: &str) -> Self {
        let names = |form: Self| {
            let mut names = list.split(',').map(str::trim);
            names.any(|name| {
                form.encoding()
                    .is_some_and(|encoding| name.eq_ignore_ascii_case(encoding))
            })
        };
        let best = Self::COMPRESSED.into_iter().find(|form| names(*form));
        best.unwrap_or(Self::Identity)
    }

    fn negotiated(request: &impl HttpMessage) -> Self {
        let accepted = AcceptEncoding::parse(request).ok();
        let chosen = accepted.and_then(|accepted| accepted.negotiate(Self::SUPPORTED.iter()));
        match chosen {
            Some(Encoding::Known(ContentEncoding::Brotli)) => Self::Brotli,
            Some(Encoding::Known(ContentEncoding::Zstd)) => Self::Zstd,
            Some(Encoding::Known(ContentEncoding::Gzip)) => Self::Gzip,
            _ => Self::Identity,
        }
    }

    /// Whether the client accepts this form, even if it prefers another one.
    pub(crate) fn is_accepted_by(self, request: &impl HttpMessage) -> bool {
        let encoding = match self {
            Self::Identity => return true,
            Self::Brotli => Encoding::brotli(),
            Self::Zstd => Encoding::zstd(),
            Self::Gzip => Encoding::gzip(),
        };
        let accepted = AcceptEncoding::parse(request).ok();
        let chosen = accepted.and_then(|accepted| accepted.negotiate([&encoding].into_iter()));
        chosen == Some(encoding)
    }

    /// The form with this discriminant.
    pub(crate) fn of_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// Its name in `Content-Encoding`.
    pub(crate) fn encoding(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Brotli => Some("br"),
            Self::Zstd => Some("zstd"),
            Self::Gzip => Some("gzip"),
        }
    }

    /// The tag of the document in this form. Each form has its own, because the bytes differ.
    pub(crate) fn tag(self, tag: &str) -> String {
        match self.encoding() {
            None => tag.to_owned(),
            Some(encoding) => format!("{tag}-{encoding}"),
        }
    }

    /// The tag of the document without the suffix of a form.
    pub(crate) fn strip_suffix(tag: &str) -> &str {
        let suffixes = ["-br", "-zstd", "-gzip"];
        suffixes
            .iter()
            .find_map(|suffix| tag.strip_suffix(suffix))
            .unwrap_or(tag)
    }

    pub(crate) fn encode(self, body: &[u8]) -> io::Result<Vec<u8>> {
        let mut encoded = Vec::with_capacity(body.len() / 2);
        match self {
            Self::Identity => encoded.extend_from_slice(body),
            Self::Brotli => {
                let parameters = brotli::enc::BrotliEncoderParams {
                    quality: 5,
                    ..Default::default()
                };
                brotli::BrotliCompress(&mut &*body, &mut encoded, &parameters)?;
            }
            Self::Zstd => encoded = zstd::encode_all(body, 3)?,
            Self::Gzip => {
                let mut encoder =
                    flate2::write::GzEncoder::new(encoded, flate2::Compression::default());
                encoder.write_all(body)?;
                encoded = encoder.finish()?;
            }
        }
        Ok(encoded)
    }
}

/// The cache key of an answer in a form.
pub(crate) fn key_in(key: &Key, form: Form) -> Cow<'_, Key> {
    match form.encoding() {
        None => Cow::Borrowed(key),
        Some(encoding) => Cow::Owned(key.clone().in_form(encoding)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn the_best_accepted_form_is_chosen() {
        for (accepted, form) in [
            ("gzip, deflate, br, zstd", Form::Brotli),
            ("gzip, ZSTD", Form::Zstd),
            ("gzip", Form::Gzip),
            ("deflate", Form::Identity),
            ("", Form::Identity),
            ("br;q=0, gzip;q=0.5", Form::Gzip),
            ("identity, *;q=0", Form::Identity),
        ] {
            let request = TestRequest::default().insert_header(("Accept-Encoding", accepted));
            assert_eq!(
                Form::accepted_by(&request.to_http_request()),
                form,
                "{accepted}"
            );
        }
        let several = TestRequest::default()
            .append_header(("Accept-Encoding", "deflate"))
            .append_header(("Accept-Encoding", "gzip"));
        assert_eq!(Form::accepted_by(&several.to_http_request()), Form::Gzip);
    }

    #[test]
    fn every_form_is_found_by_its_number() {
        for form in Form::ALL {
            assert_eq!(Form::of_number(form as u8), Some(form));
        }
        assert_eq!(Form::of_number(4), None);
    }
}
