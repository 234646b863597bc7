mod lookups;

use std::time::Duration;

use actix_web::dev::ServiceRequest;
use actix_web::http::header;
use eggypro_auth::{AdminUser, PresentedKey, RunningSession, SessionState, bearer};
use eggypro_ratelimit::Client;
use time::OffsetDateTime;

use super::rate_limits::RateLimits;
use crate::message::problem::Problem;
use crate::state::Api;

/// The credentials of a request. The edge checks them once for each request; public handlers ignore them.
#[derive(Debug, Clone)]
pub(crate) enum Credentials {
    /// No credentials.
    None,
    /// Wrong credentials.
    Wrong,
    /// The token of a session that has ended.
    Ended,
    /// A key that has expired or was revoked.
    EndedKey,
    /// A key or session token that could not be checked, and the reason.
    Unknown(Box<Problem>),
    /// Not checked, because the address has sent wrong credentials too often. The lock ends after this time.
    Locked(Duration),
    /// The token of a session.
    Session(RunningSession),
    /// The admin secret itself.
    Secret(AdminUser),
    /// An API key.
    Key(AdminUser),
}

impl Credentials {
    /// Checks the credentials of a request from this address. A session token is valid even from a locked address.
    /// Otherwise an attacker could lock out administrators who share the address.
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
        // Each attempt takes one atomic step of the limiter, so concurrent attempts can't bypass it: a wrong attempt is
        // counted, a valid one reads the number of wrong ones before it.
        match Self::of_secret_or_key(token, api, rates, client, now).await {
            Self::Wrong => match rates.count_wrong(client).await {
                Some(reset) => Self::Locked(reset),
                None => Self::Wrong,
            },
            valid @ (Self::Secret(_) | Self::Key(_)) => match rates.wrong_so_far(client).await {
                0 => valid,
                wrong => match rates.lock(wrong) {
                    Some(reset) => Self::Locked(reset),
                    None => {
                        rates.forget_wrong(client).await;
                        valid
                    }
                },
            },
            other => other,
        }
    }

    /// Checks a secret or a key. [`of`](Self::of) counts wrong attempts and enforces the lock.
    async fn of_secret_or_key(
        token: &str,
        api: &Api,
        rates: &RateLimits,
        client: Client<'_>,
        now: OffsetDateTime,
    ) -> Self {
        // A malformed key needs no look-up.
        let Some(given) = PresentedKey::read(token) else {
            return match api.admin.identify_by_secret(token) {
                Some(user) => Self::Secret(user),
                None => Self::Wrong,
            };
        };
        // Nor does a key from a locked address: an attacker can make up any number of well-formed keys.
        if let Some(reset) = rates.lock(rates.wrong_so_far(client).await) {
            return Self::Locked(reset);
        }
        match lookups::find_key(api, &given.id).await {
            Ok(Some((_, digest))) if !given.is(digest) => Self::Wrong,
            Ok(Some((key, _))) if key.holds_at(now) => {
                api.key_uses.record(&key.id, now);
                Self::Key(AdminUser::of_key(&key))
            }
            Ok(Some(_)) => Self::EndedKey,
            Ok(None) => Self::Wrong,
            Err(problem) => Self::Unknown(Box::new(problem)),
        }
    }

    /// Checks whether a session was ended before it expired. A session of an API key ends with the key.
    async fn of_session(mut session: RunningSession, api: &Api, now: OffsetDateTime) -> Self {
        match lookups::has_ended(api, &session).await {
            Ok(true) => return Self::Ended,
            Ok(false) => {}
            Err(problem) => return Self::Unknown(Box::new(problem)),
        }
        let Some(id) = session.user.key().cloned() else {
            return Self::Session(session);
        };
        match lookups::find_key(api, &id).await {
            Ok(Some((key, _))) if key.holds_at(now) => {
                api.key_uses.record(&key.id, now);
                session.user = AdminUser::of_key(&key);
                Self::Session(session)
            }
            Ok(_) => Self::EndedKey,
            Err(problem) => Self::Unknown(Box::new(problem)),
        }
    }

    /// The caller, if the credentials are valid.
    pub(super) fn user(&self) -> Option<&AdminUser> {
        match self {
            Self::Session(session) => Some(&session.user),
            Self::Secret(user) | Self::Key(user) => Some(user),
            _ => None,
        }
    }
}
