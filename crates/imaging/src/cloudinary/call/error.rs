use std::time::{Duration, SystemTime};

use eggypro_domain::images::ImageStoreError;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::retry_after::wait;

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
    pub(in crate::cloudinary) fn is_transient(self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. } | Self::Failing { .. } | Self::Unreachable | Self::TimedOut
        )
    }

    /// The time to wait before a retry, if the response contains it.
    pub(in crate::cloudinary) fn retry_after(self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } | Self::Failing { retry_after, .. } => retry_after,
            _ => None,
        }
    }

    pub(super) fn of_status(status: StatusCode, headers: &HeaderMap) -> Self {
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
