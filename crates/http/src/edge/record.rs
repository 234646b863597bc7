use std::borrow::Cow;
use std::cell::Cell;
use std::net::IpAddr;
use std::time::{Instant, SystemTime};

use actix_web::http::header::HeaderValue;
use actix_web::http::{Method, StatusCode};
use eggypro_domain::metrics::{
    RequestDetail, RequestKind, RequestRecord, RequestRecorder, RequestTiming,
};

/// The longest name of a client that is kept, in bytes.
const LONGEST_AGENT: usize = 255;

/// What is known of a request before its answer.
pub(super) struct Beginning<'a> {
    /// When it came.
    pub(super) at: SystemTime,
    pub(super) started: Instant,
    pub(super) endpoint: Cow<'static, str>,
    pub(super) method: &'static str,
    pub(super) agent: Option<&'a HeaderValue>,
    pub(super) address: IpAddr,
    /// Counted, until a limit has let it pass.
    pub(super) detail: Cell<RequestDetail>,
}

impl<'a> Beginning<'a> {
    /// How the client calls itself.
    pub(super) fn user_agent(&self) -> Option<Cow<'a, str>> {
        self.agent.map(name_in)
    }

    /// The same as it came, or nothing.
    pub(super) fn agent_bytes(&self) -> &'a [u8] {
        self.agent.map_or(b"", HeaderValue::as_bytes)
    }

    /// Takes note of the request, now that its answer is ready.
    pub(super) fn end(self, status: StatusCode, recorder: &dyn RequestRecorder) {
        let microseconds = self.started.elapsed().as_micros();
        let user_agent = self.user_agent();
        recorder.record(RequestRecord {
            kind: RequestKind {
                endpoint: self.endpoint,
                method: self.method,
                status: status.as_u16(),
                user_agent,
                address: Some(self.address),
            },
            timing: RequestTiming {
                at: self.at,
                microseconds: microseconds.try_into().unwrap_or(u32::MAX),
            },
            detail: self.detail.get(),
        });
    }
}

/// Records a request whose head was refused. Only its status and the client's address are known.
pub(crate) fn refused_head(
    status: StatusCode,
    address: Option<IpAddr>,
    recorder: &dyn RequestRecorder,
) {
    recorder.record(RequestRecord {
        kind: RequestKind {
            endpoint: pattern_of(None),
            method: "OTHER",
            status: status.as_u16(),
            user_agent: None,
            address,
        },
        timing: RequestTiming {
            at: SystemTime::now(),
            microseconds: 0,
        },
        detail: RequestDetail::Counted,
    });
}

/// The pattern of a route, without the expressions that bound its parts.
pub(super) fn pattern_of(matched: Option<String>) -> Cow<'static, str> {
    match matched {
        None => Cow::Borrowed("unmatched"),
        Some(pattern) => match pattern.split_once(':') {
            None => Cow::Owned(pattern),
            Some((name, _)) => Cow::Owned(format!("{name}}}")),
        },
    }
}

/// A method that is known; others are no names to be kept.
pub(super) fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

/// How a client calls itself.
fn name_in(agent: &HeaderValue) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(agent.as_bytes());
    let end = text.floor_char_boundary(LONGEST_AGENT);
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..end]),
        // Without the room that the rest took.
        Cow::Owned(text) => Cow::Owned(text[..end].to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_have_no_expressions() {
        let pattern = |text: &str| pattern_of(Some(text.to_owned()));
        assert_eq!(
            pattern("/api/images/{public_id:.+}"),
            "/api/images/{public_id}"
        );
        assert_eq!(pattern("/api/products/{slug}"), "/api/products/{slug}");
        assert_eq!(pattern_of(None), "unmatched");
    }

    #[test]
    fn names_of_clients_are_cut_between_characters() {
        let header = HeaderValue::from_bytes("é".repeat(200).as_bytes()).unwrap();
        assert_eq!(name_in(&header).len(), 254);
        let header = HeaderValue::from_bytes(&[0xff; 2_000]).unwrap();
        assert_eq!(name_in(&header).into_owned().capacity(), 255);
    }
}
