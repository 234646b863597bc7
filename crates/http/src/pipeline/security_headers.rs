use actix_web::http::header::{self, HeaderName, HeaderValue};

/// For data: browsers must not run it, show it in a frame or load anything for it.
const DATA: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// For the documentation page: it runs scripts of this server, and its library sets inline styles.
const PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
);

/// For the page of the staff.
const ADMIN: HeaderValue = HeaderValue::from_static(eggypro_admin::CONTENT_SECURITY_POLICY);

const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");

/// The security headers of answers.
#[derive(Debug)]
pub(crate) struct SecurityHeaders {
    /// The value of `Strict-Transport-Security`, if clients connect by TLS.
    pub(crate) hsts: Option<HeaderValue>,
}

impl SecurityHeaders {
    /// What browsers may do with what is at a path.
    pub(super) fn policy(path: &str) -> HeaderValue {
        let is_admin = path.strip_prefix("/admin");
        if is_admin.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            ADMIN
        } else if path.starts_with("/api/docs") {
            PAGE
        } else {
            DATA
        }
    }

    /// Passes the headers to `put`.
    pub(super) fn headers(
        &self,
        policy: &HeaderValue,
        mut put: impl FnMut(HeaderName, HeaderValue),
    ) {
        put(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
        put(header::REFERRER_POLICY, NO_REFERRER);
        put(header::CONTENT_SECURITY_POLICY, policy.clone());
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
    fn strict_transport_security_is_sent_as_configured() {
        let year = HeaderValue::from_static("max-age=31536000");
        for hsts in [None, Some(year)] {
            let mut headers = HeaderMap::new();
            let security = SecurityHeaders { hsts: hsts.clone() };
            security.headers(&DATA, |name, value| headers.append(name, value));
            let sent = headers.get(header::STRICT_TRANSPORT_SECURITY);
            assert_eq!(sent, hsts.as_ref());
            assert_eq!(headers.get(header::CONTENT_SECURITY_POLICY), Some(&DATA));
        }
    }
}
