use std::fmt;
use std::time::Duration;

use reqwest::Response;
use reqwest::header::RETRY_AFTER;

use crate::Failure;
use crate::schedule::retry_after;

/// An attempt to deliver an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// What came of it.
    pub outcome: Outcome,
    /// How long the answer or the failure took, in milliseconds.
    pub milliseconds: u64,
}

/// What came of an attempt. As text, it is a short sentence for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver has the event: any status from 200 to 299.
    Delivered {
        /// The status.
        status: u16,
    },
    /// The receiver wants no more events: 410.
    Gone,
    /// The receiver answered with any other status.
    Refused {
        /// The status.
        status: u16,
        /// How long the receiver asks to wait. [`next_attempt`](crate::next_attempt) limits it.
        retry_after: Option<Duration>,
    },
    /// There was no answer.
    Failed(Failure),
}

impl Outcome {
    /// The status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Delivered { status } | Self::Refused { status, .. } => Some(*status),
            Self::Gone => Some(410),
            Self::Failed(_) => None,
        }
    }

    /// The outcome that this answer to an attempt at `timestamp` means.
    pub(super) fn of(response: &Response, timestamp: i64) -> Self {
        match response.status().as_u16() {
            status @ 200..=299 => Self::Delivered { status },
            410 => Self::Gone,
            status => {
                let header = response.headers().get(RETRY_AFTER);
                let header = header.and_then(|header| header.to_str().ok());
                Self::Refused {
                    status,
                    retry_after: header.and_then(|header| retry_after(header, timestamp)),
                }
            }
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delivered { status } => write!(formatter, "the receiver answered {status}"),
            Self::Gone => formatter.write_str("the receiver answered 410 and wants no more events"),
            Self::Refused { status, .. } if (300..400).contains(status) => write!(
                formatter,
                "the receiver answered {status}, and redirects are not followed"
            ),
            Self::Refused { status, .. } => write!(formatter, "the receiver answered {status}"),
            Self::Failed(failure) => failure.fmt(formatter),
        }
    }
}
