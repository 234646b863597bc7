use actix_web::http::header::{self, HeaderName, HeaderValue};

/// An answer of the API is data: nothing in it is to be run, shown in a frame or loaded.
const DATA: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// The documentation page runs scripts of this server, and its library styles elements as it goes.
const PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
);

const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");

/// What browsers are told to be careful with.
#[derive(Debug)]
pub(crate) struct SecurityHeaders {
    /// The value of `Strict-Transport-Security`, where clients come by TLS.
    pub(crate) hsts: Option<HeaderValue>,
}

impl SecurityHeaders {
    /// Whether a path leads to the documentation page or what it loads.
    pub(super) fn is_page(path: &str) -> bool {
        path.starts_with("/api/docs")
    }

    /// Hands over the headers.
    pub(super) fn headers(&self, is_page: bool, mut put: impl FnMut(HeaderName, HeaderValue)) {
        put(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
        put(header::REFERRER_POLICY, NO_REFERRER);
        put(
            header::CONTENT_SECURITY_POLICY,
            if is_page { PAGE } else { DATA },
        );
        if let Some(hsts) = &self.hsts {
            put(header::STRICT_TRANSPORT_SECURITY, hsts.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderMap;

    #[test]
    fn strict_transport_security_is_sent_as_it_is_set() {
        let year = HeaderValue::from_static("max-age=31536000");
        for hsts in [None, Some(year)] {
            let mut headers = HeaderMap::new();
            let security = SecurityHeaders { hsts: hsts.clone() };
            security.headers(false, |name, value| headers.append(name, value));
            let sent = headers.get(header::STRICT_TRANSPORT_SECURITY);
            assert_eq!(sent, hsts.as_ref());
            assert_eq!(headers.get(header::CONTENT_SECURITY_POLICY), Some(&DATA));
        }
    }
}
