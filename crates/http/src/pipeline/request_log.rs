use std::borrow::Cow;
use std::cell::Cell;
use std::net::IpAddr;
use std::time::{Instant, SystemTime};

use actix_web::http::header::HeaderValue;
use actix_web::http::{Method, StatusCode};
use eggypro_domain::metrics::{
    RequestDetail, RequestKind, RequestRecord, RequestRecorder, RequestTiming,
};

/// Maximum length of a stored user agent, in bytes.
const LONGEST_AGENT: usize = 255;

/// The record of a request before its answer is ready.
pub(super) struct PendingRecord<'a> {
    /// The time of arrival.
    pub(super) at: SystemTime,
    pub(super) started: Instant,
    pub(super) endpoint: Cow<'static, str>,
    pub(super) method: &'static str,
    pub(super) agent: Option<&'a HeaderValue>,
    pub(super) address: IpAddr,
    /// `Counted` until the request has passed the rate limits.
    pub(super) detail: Cell<RequestDetail>,
}

impl<'a> PendingRecord<'a> {
    /// The client's user agent as text, at most 255 bytes long.
    pub(super) fn user_agent(&self) -> Option<Cow<'a, str>> {
        self.agent.map(agent_text)
    }

    /// The client's user agent as it was received; empty if there is none.
    pub(super) fn agent_bytes(&self) -> &'a [u8] {
        self.agent.map_or(b"", HeaderValue::as_bytes)
    }

    /// Records the request when its answer is ready.
    pub(super) fn finish(self, status: StatusCode, recorder: &dyn RequestRecorder) {
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

/// The pattern of a route, without the regular expressions of its parameters.
pub(super) fn pattern_of(matched: Option<String>) -> Cow<'static, str> {
    match matched {
        None => Cow::Borrowed("unmatched"),
        Some(pattern) => match pattern.split_once(':') {
            None => Cow::Owned(pattern),
            Some((name, _)) => Cow::Owned(format!("{name}}}")),
        },
    }
}

/// The name of a standard method. Other names are not stored, since clients can make up any number of them.
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

/// The user agent as text, cut to [`LONGEST_AGENT`].
fn agent_text(agent: &HeaderValue) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(agent.as_bytes());
    let end = text.floor_char_boundary(LONGEST_AGENT);
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..end]),
        // A copy without the spare capacity of the full text.
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
    fn user_agents_are_cut_between_characters() {
        let header = HeaderValue::from_bytes("é".repeat(200).as_bytes()).unwrap();
        assert_eq!(agent_text(&header).len(), 254);
        let header = HeaderValue::from_bytes(&[0xff; 2_000]).unwrap();
        assert_eq!(agent_text(&header).into_owned().capacity(), 255);
    }
}
