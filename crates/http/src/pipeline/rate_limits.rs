use std::time::{Duration, SystemTime};

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use eggypro_domain::keys::KeyId;
use eggypro_ratelimit::{Budget, Client, CountedRequests, Decision, Limiter, Policy};

use crate::message::problem::Problem;

/// The rate limits of requests and of wrong credentials.
#[derive(Debug)]
pub struct RateLimits {
    /// Counts the requests.
    pub limiter: Limiter,
    /// For each client: an address with a user agent.
    pub standard: Policy,
    /// For each address that writes anonymously.
    pub strict: Policy,
    /// For the anonymous writes of all addresses together.
    pub strict_global: Policy,
    /// For each address with wrong credentials.
    pub wrong_credentials: Policy,
    /// For each API key.
    pub keys: Policy,
    /// For each address that reads documents.
    pub documents: Policy,
    /// For each address that reads pictures or health.
    pub open: Policy,
}

/// The limit of an address with all its user agents, as a multiple of the standard limit.
const CEILING: u64 = 10;

/// The budgets that a request has spent, and the decision.
#[derive(Debug)]
pub(super) struct Spent<'a> {
    pub(super) decision: Decision,
    budgets: [Budget<'a>; 2],
    at: Duration,
}

/// An anonymous write that is counted under the global policy.
#[derive(Debug)]
pub(super) struct GlobalWrite {
    at: Duration,
}

impl RateLimits {
    /// The default limits, which are constants of [`Policy`].
    pub fn new(limiter: Limiter) -> Self {
        Self {
            limiter,
            standard: Policy::STANDARD,
            strict: Policy::STRICT,
            strict_global: Policy::STRICT_GLOBAL,
            wrong_credentials: Policy::AUTH,
            keys: Policy::KEYS,
            documents: Policy::DOCUMENTS,
            open: Policy::OPEN,
        }
    }

    /// Whether standard requests are counted in memory and regardless of their outcome, as the fast path requires.
    pub(super) fn are_simple(&self) -> bool {
        !self.limiter.is_shared() && self.standard.counted == CountedRequests::Every
    }

    /// Counts a request of a client under the standard policy. `at` is its time of arrival.
    pub(super) async fn spend<'a>(
        &self,
        client: Client<'a>,
        agent: &'a [u8],
        at: SystemTime,
    ) -> Spent<'a> {
        let (budgets, at) = (self.standard_budgets(client, agent), since_epoch(at));
        Spent {
            decision: self.limiter.spend(budgets, at).await,
            budgets,
            at,
        }
    }

    /// Like [`spend`](Self::spend), without waiting; `None` if it would have to wait.
    pub(super) fn try_spend_in_memory(
        &self,
        client: Client<'_>,
        agent: &[u8],
        at: SystemTime,
    ) -> Option<Decision> {
        let budgets = self.standard_budgets(client, agent);
        self.limiter.try_spend_in_memory(&budgets, since_epoch(at))
    }

    fn standard_budgets<'a>(&self, client: Client<'a>, agent: &'a [u8]) -> [Budget<'a>; 2] {
        let ceiling = Policy {
            name: "standard-address",
            limit: self.standard.limit.saturating_mul(CEILING),
            ..self.standard
        };
        [
            Budget {
                policy: self.standard,
                client: client.with_agent(agent),
            },
            Budget {
                policy: ceiling,
                client,
            },
        ]
    }

    /// Counts a request of an API key. `at` is its time of arrival.
    pub(super) async fn spend_key(&self, key: &KeyId, at: SystemTime) -> Decision {
        let budget = Budget {
            policy: self.keys,
            client: Client::all().with_agent(key.as_str().as_bytes()),
        };
        self.limiter.spend([budget], since_epoch(at)).await
    }

    /// Counts an anonymous write of an address under the strict policy.
    pub(super) async fn spend_strict(&self, client: Client<'_>) -> Decision {
        self.spend_under(self.strict, client).await
    }

    /// Counts an anonymous write under the global policy, after the strict policy has allowed it.
    ///
    /// # Errors
    /// 503 if all clients together have written too much.
    pub(super) async fn spend_global(&self) -> Result<GlobalWrite, Problem> {
        let at = now();
        let decision = self.limiter.spend([self.global()], at).await;
        if decision.is_allowed {
            return Ok(GlobalWrite { at });
        }
        let detail = "Too much is written by all clients together. Try again later.";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Err(Problem::new(status, "service-unavailable", detail)
            .with_header(header::RETRY_AFTER, whole_seconds(decision.reset).into()))
    }

    /// Gives back a write that failed: it stored nothing, so it can't fill the disk.
    pub(super) async fn give_back_global(&self, write: GlobalWrite) {
        self.limiter.give_back(&[self.global()], write.at).await;
    }

    fn global(&self) -> Budget<'static> {
        Budget {
            policy: self.strict_global,
            client: Client::all(),
        }
    }

    /// Counts a read of a document.
    pub(super) async fn spend_document(&self, client: Client<'_>) -> Decision {
        self.spend_under(self.documents, client).await
    }

    /// Counts a read of a picture or health.
    pub(super) async fn spend_open(&self, client: Client<'_>) -> Decision {
        self.spend_under(self.open, client).await
    }

    async fn spend_under(&self, policy: Policy, client: Client<'_>) -> Decision {
        self.limiter.spend([Budget { policy, client }], now()).await
    }

    /// Gives back what a request has spent if the policy does not count its outcome. A 304 counts only under the
    /// ceiling of the address, that is, as a tenth of a request.
    pub(super) async fn settle(&self, spent: Spent<'_>, status: StatusCode) {
        let [standard @ Budget { policy, .. }, _] = spent.budgets;
        if !spent.decision.is_allowed {
            return;
        }
        if !policy.counted.counts(status.as_u16() < 400) {
            self.limiter.give_back(&spent.budgets, spent.at).await;
        } else if status == StatusCode::NOT_MODIFIED {
            self.limiter.give_back(&[standard], spent.at).await;
        }
    }

    /// Gives back a request that was counted by [`try_spend_in_memory`](Self::try_spend_in_memory) and answered with 304.
    pub(super) fn give_back_in_memory(&self, client: Client<'_>, agent: &[u8], at: SystemTime) {
        let [standard, _] = self.standard_budgets(client, agent);
        self.limiter
            .give_back_in_memory(&[standard], since_epoch(at));
    }

    /// The number of wrong credentials of an address in the current window.
    pub(super) async fn wrong_so_far(&self, client: Client<'_>) -> u64 {
        self.limiter.spent(self.wrong(client), now()).await
    }

    /// How long an address with this number of wrong credentials is locked; `None` if it is not locked.
    pub(super) fn lock(&self, wrong_so_far: u64) -> Option<Duration> {
        let is_locked = wrong_so_far >= self.wrong_credentials.limit;
        is_locked.then(|| self.wrong_credentials.reset(now()))
    }

    /// Counts wrong credentials of an address. Returns the time of the lock if there are too many, also when they
    /// arrive concurrently.
    pub(super) async fn count_wrong(&self, client: Client<'_>) -> Option<Duration> {
        let decision = self.limiter.spend([self.wrong(client)], now()).await;
        if decision.is_allowed && decision.remaining == 0 {
            tracing::warn!(
                "an address sent wrong credentials too often and is refused for a while"
            );
        }
        (!decision.is_allowed).then_some(decision.reset)
    }

    /// Forgets the wrong credentials of an address.
    pub(super) async fn forget_wrong(&self, client: Client<'_>) {
        self.limiter.restore(self.wrong(client), now()).await;
    }

    fn wrong<'a>(&self, client: Client<'a>) -> Budget<'a> {
        Budget {
            policy: self.wrong_credentials,
            client,
        }
    }
}

/// Which rate limits apply to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// None: probes of an orchestrator must be answered under any load.
    Free,
    /// The policy for documents, with or without credentials.
    Document,
    /// The policy for health, pictures and the page for staff, with or without credentials.
    Open,
    /// The policies for calls of the API.
    Standard,
}

impl Kind {
    pub(super) fn of(path: &str) -> Self {
        match path {
            "/api/health/live" | "/api/health/ready" => Self::Free,
            "/api/openapi.json" => Self::Document,
            "/api/health" => Self::Open,
            _ if path.starts_with("/api/docs") => Self::Document,
            // The page for staff has some ninety files.
            _ if path.starts_with("/media/") || path.starts_with("/admin/") => Self::Open,
            _ => Self::Standard,
        }
    }
}

// Constants, since names that are created at run time are validated byte by byte.
const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Whether a request is a write that needs no credentials.
pub(super) fn is_open_write(request: &ServiceRequest) -> bool {
    // The decoded path, as the router matches it.
    let path = request.match_info().as_str();
    let of_product = path.strip_prefix("/api/products/");
    *request.method() == Method::POST && of_product.is_some_and(|path| path.ends_with("/reviews"))
}

/// Passes the `RateLimit-*` headers of a decision to `put`.
pub(super) fn headers(decision: &Decision, mut put: impl FnMut(HeaderName, HeaderValue)) {
    put(LIMIT, digits(decision.limit));
    put(REMAINING, digits(decision.remaining));
    put(RESET, digits(whole_seconds(decision.reset)));
}

/// A number as a header value. Allocates once; the library's conversion allocates twice.
fn digits(number: u64) -> HeaderValue {
    let mut digits = itoa::Buffer::new();
    // Digits are always valid in a header.
    HeaderValue::from_str(digits.format(number)).unwrap_or(HeaderValue::from_static("0"))
}

/// A 429 with `Retry-After`.
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
    since_epoch(SystemTime::now())
}

fn since_epoch(at: SystemTime) -> Duration {
    at.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}
