use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use eggypro_ratelimit::{Budget, Decision, Limiter, Policy};

use crate::problem::Problem;

/// How often clients may call, and how often they may be wrong.
#[derive(Debug)]
pub struct RateLimits {
    /// Counts.
    pub limiter: Limiter,
    /// For each client: an address with a user agent.
    pub standard: Policy,
    /// For each address with wrong credentials.
    pub wrong_credentials: Policy,
}

/// What may pass an address under the standard policy, whatever user agents it names.
const CEILING: u64 = 10;

const FIFTEEN_MINUTES: Duration = Duration::from_secs(15 * 60);

impl RateLimits {
    /// The standard limits: 100 requests and 5 wrong credentials in 15 minutes.
    pub fn new(limiter: Limiter) -> Self {
        Self {
            limiter,
            standard: Policy {
                name: "standard",
                limit: 100,
                window: FIFTEEN_MINUTES,
            },
            wrong_credentials: Policy {
                name: "auth",
                limit: 5,
                window: FIFTEEN_MINUTES,
            },
        }
    }

    /// Counts a request of a client under the standard policy.
    pub(super) async fn spend(&self, address: &str, headers: &HeaderMap) -> Decision {
        let agent = headers
            .get(header::USER_AGENT)
            .map_or(&b""[..], HeaderValue::as_bytes);
        let client = format!("{address} {}", String::from_utf8_lossy(agent));
        let ceiling = Policy {
            name: "standard-address",
            limit: self.standard.limit.saturating_mul(CEILING),
            ..self.standard
        };
        let budgets = [
            Budget {
                policy: self.standard,
                client: &client,
            },
            Budget {
                policy: ceiling,
                client: address,
            },
        ];
        self.limiter.spend(&budgets, now()).await
    }

    /// How often an address has been wrong in the window that runs now.
    pub(super) async fn wrong_so_far(&self, address: &str) -> u64 {
        self.limiter.spent(self.wrong(address), now()).await
    }

    /// How long an address that was wrong so often is not heard.
    pub(super) fn lock(&self, wrong_so_far: u64) -> Option<Duration> {
        let is_locked = wrong_so_far >= self.wrong_credentials.limit;
        is_locked.then(|| self.wrong_credentials.reset(now()))
    }

    /// Counts wrong credentials of an address.
    pub(super) async fn count_wrong(&self, address: &str) {
        self.limiter.spend(&[self.wrong(address)], now()).await;
    }

    /// Forgets the wrong credentials of an address.
    pub(super) async fn forget_wrong(&self, address: &str) {
        self.limiter.restore(self.wrong(address), now()).await;
    }

    fn wrong<'a>(&self, address: &'a str) -> Budget<'a> {
        Budget {
            policy: self.wrong_credentials,
            client: address,
        }
    }
}

/// Health and documents are for everybody at any rate.
pub(super) fn are_limited(request: &ServiceRequest) -> bool {
    let path = request.path();
    !(path.starts_with("/api/health")
        || path.starts_with("/api/docs")
        || path == "/api/openapi.json")
}

/// What a client is counted by: its address, and of IPv6 the network of 64 bits that one customer has.
pub(super) fn counted(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// Tells a client what is left.
pub(super) fn add_to(decision: &Decision, response: &mut HeaderMap) {
    let figures = [
        ("ratelimit-limit", decision.limit),
        ("ratelimit-remaining", decision.remaining),
        ("ratelimit-reset", whole_seconds(decision.reset)),
    ];
    for (name, figure) in figures {
        response.insert(HeaderName::from_static(name), figure.into());
    }
}

/// The answer to who calls too often.
pub(crate) fn too_many(detail: &str, reset: Duration) -> Problem {
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", detail)
        .with_header(header::RETRY_AFTER, whole_seconds(reset).into())
}

fn whole_seconds(duration: Duration) -> u64 {
    duration
        .as_millis()
        .div_ceil(1_000)
        .try_into()
        .unwrap_or(u64::MAX)
}

fn now() -> Duration {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}
