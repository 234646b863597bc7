//! One call and its response. Cloudinary's error messages are never passed on, since they repeat keys and signatures.

use std::time::{Duration, SystemTime};

use eggypro_domain::images::ImageStoreError;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Map, Value};

/// Maximum size of a response, in bytes.
const MAX_ANSWER: usize = 64 * 1024;

/// Why a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The request is invalid: 400.
    #[error("Cloudinary refuses the call")]
    Refused,
    /// The key, the secret or the cloud name is wrong, or lacks the permission: 401 or 403.
    #[error("Cloudinary does not accept the credentials ({0})")]
    Unauthorized(u16),
    /// The requested resource does not exist: 404.
    #[error("Cloudinary knows no such thing")]
    NotFound,
    /// Too many calls: 420 or 429.
    #[error("Cloudinary takes no more calls for now")]
    RateLimited {
        /// The time to wait, if the response contains it.
        retry_after: Option<Duration>,
    },
    /// Cloudinary fails: 423, 500, 502, 503 or 504.
    #[error("Cloudinary fails ({status})")]
    Failing {
        /// The status code.
        status: u16,
        /// The time to wait, if the response contains it.
        retry_after: Option<Duration>,
    },
    /// Cloudinary can't be reached, or the connection broke.
    #[error("Cloudinary can't be reached")]
    Unreachable,
    /// Cloudinary did not respond in time.
    #[error("Cloudinary did not answer in time")]
    TimedOut,
    /// The response is malformed or does not match the call.
    #[error("Cloudinary's answer can't be used ({0})")]
    Unreadable(u16),
}

impl CallError {
    /// Whether the same call may succeed a moment later.
    pub(super) fn is_transient(self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. } | Self::Failing { .. } | Self::Unreachable | Self::TimedOut
        )
    }

    /// The time to wait before a retry, if the response contains it.
    pub(super) fn retry_after(self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } | Self::Failing { retry_after, .. } => retry_after,
            _ => None,
        }
    }

    fn of_status(status: StatusCode, headers: &HeaderMap) -> Self {
        let retry_after = headers.get(RETRY_AFTER);
        let retry_after = retry_after.and_then(|text| wait(text.to_str().ok()?, SystemTime::now()));
        match status.as_u16() {
            400 => Self::Refused,
            status @ (401 | 403) => Self::Unauthorized(status),
            404 => Self::NotFound,
            420 | 429 => Self::RateLimited { retry_after },
            status @ (423 | 500 | 502..=504) => Self::Failing {
                status,
                retry_after,
            },
            status => Self::Unreadable(status),
        }
    }
}

/// Parses `Retry-After` (RFC 9110, 10.2.3): a number of seconds or a date. Limited to one day.
fn wait(value: &str, now: SystemTime) -> Option<Duration> {
    const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
    let wait = match value.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let until = httpdate::parse_http_date(value).ok()?;
            until.duration_since(now).unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST))
}

impl From<reqwest::Error> for CallError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::TimedOut
        } else {
            Self::Unreachable
        }
    }
}

impl From<CallError> for ImageStoreError {
    fn from(error: CallError) -> Self {
        Self::Unavailable {
            reason: error.to_string(),
            retry_after: error.retry_after(),
        }
    }
}

/// Makes a call once. A response with an `error` is a failure, whatever its status.
pub(super) async fn once(request: RequestBuilder) -> Result<Map<String, Value>, CallError> {
    let response = request.send().await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let answer = match serde_json::from_slice(&body(response).await?) {
        Ok(Value::Object(answer)) => Some(answer),
        _ => None,
    };
    if !status.is_success() {
        return Err(CallError::of_status(status, &headers));
    }
    answer
        .filter(|answer| !answer.contains_key("error"))
        .ok_or(CallError::Unreadable(status.as_u16()))
}

async fn body(mut response: Response) -> Result<Vec<u8>, CallError> {
    let mut body = vec![];
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(CallError::Unreadable(response.status().as_u16()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_a_number_of_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Sat, 28 Nov 2026 10:00:00 GMT").unwrap();
        for (said, seconds) in [
            ("0", Some(0)),
            ("120", Some(120)),
            ("999999999", Some(86_400)),
            ("Sat, 28 Nov 2026 10:02:00 GMT", Some(120)),
            ("Saturday, 28-Nov-26 10:00:05 GMT", Some(5)),
            ("Sat, 28 Nov 2026 09:00:00 GMT", Some(0)),
            ("Fri, 28 Nov 2036 10:00:00 GMT", Some(86_400)),
            ("soon", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(wait(said, now), seconds.map(Duration::from_secs), "{said}");
        }
    }
}
