use std::time::Duration;

use actix_web::dev::ServiceRequest;
use actix_web::http::header;
use eggypro_auth::{AdminUser, GivenKey, RunningSession, SessionState, bearer};
use eggypro_ratelimit::Client;
use time::OffsetDateTime;

use super::rates::RateLimits;
use crate::api::Api;
use crate::keys;
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
    /// A key that has expired or was revoked.
    EndedKey,
    /// A key, or the token of a session, of which can't be known whether it holds, and why.
    Unknown(Box<Problem>),
    /// Whatever it is, it helps nobody: the address has been wrong too often, and will be heard again after this.
    Locked(Duration),
    /// The token of a session.
    Session(RunningSession),
    /// The admin secret itself.
    Secret(AdminUser),
    /// An API key.
    Key(AdminUser),
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
        let now = OffsetDateTime::now_utc();
        match api.admin.identify_by_session(token, now) {
            Some(SessionState::Running(session)) => {
                return Self::of_session(session, api, now).await;
            }
            Some(SessionState::Ended) => return Self::Ended,
            None => {}
        }
        // A guess counts by one step of the limiter, whatever else runs at the same time: a wrong one adds, a right one
        // reads how many were added before it.
        match Self::of_guess(token, api, rates, client, now).await {
            Self::Wrong => match rates.count_wrong(client).await {
                Some(reset) => Self::Locked(reset),
                None => Self::Wrong,
            },
            right @ (Self::Secret(_) | Self::Key(_)) => match rates.wrong_so_far(client).await {
                0 => right,
                wrong => match rates.lock(wrong) {
                    Some(reset) => Self::Locked(reset),
                    None => {
                        rates.forget_wrong(client).await;
                        right
                    }
                },
            },
            other => other,
        }
    }

    /// A secret or a key, before it is known how often its address was wrong.
    async fn of_guess(
        token: &str,
        api: &Api,
        rates: &RateLimits,
        client: Client<'_>,
        now: OffsetDateTime,
    ) -> Self {
        // Nobody is asked for one that is mistyped.
        let Some(given) = GivenKey::read(token) else {
            return match api.admin.identify_by_secret(token) {
                Some(user) => Self::Secret(user),
                None => Self::Wrong,
            };
        };
        // Nor for one that helps nobody: anybody can make what looks like a key.
        if let Some(reset) = rates.lock(rates.wrong_so_far(client).await) {
            return Self::Locked(reset);
        }
        match keys::find(api, &given.id).await {
            Ok(Some((_, digest))) if !given.is(digest) => Self::Wrong,
            Ok(Some((key, _))) if key.holds_at(now) => {
                api.key_uses.note(&key.id, now);
                Self::Key(AdminUser::of_key(&key))
            }
            Ok(Some(_)) => Self::EndedKey,
            Ok(None) => Self::Wrong,
            Err(problem) => Self::Unknown(Box::new(problem)),
        }
    }

    /// A session's token, which may have been ended before its time; one of a key ends with it.
    async fn of_session(mut session: RunningSession, api: &Api, now: OffsetDateTime) -> Self {
        match sessions::has_ended(api, &session).await {
            Ok(true) => return Self::Ended,
            Ok(false) => {}
            Err(problem) => return Self::Unknown(Box::new(problem)),
        }
        let Some(id) = session.user.key().cloned() else {
            return Self::Session(session);
        };
        match keys::find(api, &id).await {
            Ok(Some((key, _))) if key.holds_at(now) => {
                api.key_uses.note(&key.id, now);
                session.user = AdminUser::of_key(&key);
                Self::Session(session)
            }
            Ok(_) => Self::EndedKey,
            Err(problem) => Self::Unknown(Box::new(problem)),
        }
    }

    /// Who calls, if they may do what the public may not or are known otherwise.
    pub(super) fn user(&self) -> Option<&AdminUser> {
        match self {
            Self::Session(session) => Some(&session.user),
            Self::Secret(user) | Self::Key(user) => Some(user),
            _ => None,
        }
    }
}
