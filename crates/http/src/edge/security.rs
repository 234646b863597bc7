use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

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

    pub(super) fn add_to(self, is_page: bool, response: &mut HeaderMap) {
        let mut set = |name: HeaderName, value: HeaderValue| response.append(name, value);
        set(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
        set(header::REFERRER_POLICY, NO_REFERRER);
        set(
            header::CONTENT_SECURITY_POLICY,
            if is_page { PAGE } else { DATA },
        );
        if self.is_behind_tls {
            set(header::STRICT_TRANSPORT_SECURITY, HSTS);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_clients_behind_tls_are_told_to_stay_there() {
        for is_behind_tls in [false, true] {
            let mut headers = HeaderMap::new();
            SecurityHeaders { is_behind_tls }.add_to(false, &mut headers);
            assert_eq!(
                headers.contains_key(header::STRICT_TRANSPORT_SECURITY),
                is_behind_tls
            );
            assert_eq!(headers.get(header::CONTENT_SECURITY_POLICY), Some(&DATA));
        }
    }
}
