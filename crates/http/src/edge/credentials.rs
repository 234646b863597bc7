use std::time::Duration;

use actix_web::dev::ServiceRequest;
use actix_web::http::header;
use eggypro_auth::{AdminUser, RunningSession, SessionState, bearer};
use eggypro_ratelimit::Client;
use time::OffsetDateTime;

use super::rates::RateLimits;
use crate::api::Api;
use crate::problem::Problem;
use crate::session as sessions;

/// What a request says of its caller, found once at the edge. Handlers that need nobody in particular ignore it.
#[derive(Debug, Clone)]
pub(crate) enum Credentials {
    /// Nothing.
    None,
    /// Something wrong.
    Wrong,
    /// The token of a session that has ended.
    Ended,
    /// The token of a session of which can't be known whether it was ended, and why.
    Unknown(Box<Problem>),
    /// Whatever it is, it helps nobody: the address has been wrong too often, and will be heard again after this.
    Locked(Duration),
    /// The token of a session.
    Session(RunningSession),
    /// The admin secret itself.
    Secret(AdminUser),
}

impl Credentials {
    /// Reads and judges the credentials of a request from this address. A session's token passes even from an address
    /// that is locked: guessing secrets must not lock out who works there.
    pub(super) async fn of(
        request: &ServiceRequest,
        api: &Api,
        rates: &RateLimits,
        client: Client<'_>,
    ) -> Self {
        let mut headers = request.headers().get_all(header::AUTHORIZATION);
        let Some(header) = headers.next() else {
            return Self::None;
        };
        let is_one = headers.next().is_none();
        let token = header.to_str().ok().filter(|_| is_one).and_then(bearer);
        let Some(token) = token else {
            return Self::Wrong;
        };
        match api
            .admin
            .identify_by_session(token, OffsetDateTime::now_utc())
        {
            Some(SessionState::Running(session)) => {
                return match sessions::has_ended(api, &session).await {
                    Ok(true) => Self::Ended,
                    Ok(false) => Self::Session(session),
                    Err(problem) => Self::Unknown(Box::new(problem)),
                };
            }
            Some(SessionState::Ended) => return Self::Ended,
            None => {}
        }
        // A guess counts by one step of the limiter, whatever else runs at the same time: a wrong one adds, a right one
        // reads how many were added before it.
        match api.admin.identify_by_secret(token) {
            Some(user) => match rates.wrong_so_far(client).await {
                0 => Self::Secret(user),
                wrong => match rates.lock(wrong) {
                    Some(reset) => Self::Locked(reset),
                    None => {
                        rates.forget_wrong(client).await;
                        Self::Secret(user)
                    }
                },
            },
            None => match rates.count_wrong(client).await {
                Some(reset) => Self::Locked(reset),
                None => Self::Wrong,
            },
        }
    }

    pub(super) fn are_right(&self) -> bool {
        matches!(self, Self::Session(_) | Self::Secret(_))
    }
}
