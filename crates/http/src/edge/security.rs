use actix_web::http::header::{self, HeaderName, HeaderValue};

/// An answer of the API is data: nothing in it is to be run, shown in a frame or loaded.
const DATA: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// The documentation page runs scripts of this server, and its library styles elements as it goes.
const PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
);

const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");

/// Two years, as browsers' lists ask for.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// What browsers are told to be careful with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SecurityHeaders {
    /// Whether clients come by TLS, as they do in production.
    pub(crate) is_behind_tls: bool,
}

impl SecurityHeaders {
    /// Whether a path leads to the documentation page or what it loads.
    pub(super) fn is_page(path: &str) -> bool {
        path.starts_with("/api/docs")
    }

    /// Hands over the headers.
    pub(super) fn headers(self, is_page: bool, mut put: impl FnMut(HeaderName, HeaderValue)) {
        put(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
        put(header::REFERRER_POLICY, NO_REFERRER);
        put(
            header::CONTENT_SECURITY_POLICY,
            if is_page { PAGE } else { DATA },
        );
        if self.is_behind_tls {
            put(header::STRICT_TRANSPORT_SECURITY, HSTS);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderMap;

    #[test]
    fn only_clients_behind_tls_are_told_to_stay_there() {
        for is_behind_tls in [false, true] {
            let mut headers = HeaderMap::new();
            SecurityHeaders { is_behind_tls }
                .headers(false, |name, value| headers.append(name, value));
            assert_eq!(
                headers.contains_key(header::STRICT_TRANSPORT_SECURITY),
                is_behind_tls
            );
            assert_eq!(headers.get(header::CONTENT_SECURITY_POLICY), Some(&DATA));
        }
    }
}
