use std::time::{Duration, SystemTime};

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use eggypro_domain::keys::KeyId;
use eggypro_ratelimit::{Budget, Client, Counted, Decision, Limiter, Policy};

use crate::problem::Problem;

/// How often clients may call, and how often they may be wrong.
#[derive(Debug)]
pub struct RateLimits {
    /// Counts.
    pub limiter: Limiter,
    /// For each client: an address with a user agent.
    pub standard: Policy,
    /// For each address that writes without credentials.
    pub strict: Policy,
    /// For all of those addresses together.
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

/// What may pass an address under the standard policy, whatever user agents it names.
const CEILING: u64 = 10;

/// What a request has spent, and whether it may pass.
#[derive(Debug)]
pub(super) struct Spent<'a> {
    pub(super) decision: Decision,
    budgets: [Budget<'a>; 2],
    at: Duration,
}

/// An anonymous write that is counted among those of all.
#[derive(Debug)]
pub(super) struct GlobalWrite {
    at: Duration,
}

impl RateLimits {
    /// The limits of [`Policy`].
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

    /// Whether a request is counted here and now, and for good.
    pub(super) fn are_simple(&self) -> bool {
        !self.limiter.is_shared() && self.standard.counted == Counted::Every
    }

    /// Counts a request of a client, which came then, under the standard policy.
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

    /// The same without waiting; `None` where it would have to.
    pub(super) fn spend_at_once(
        &self,
        client: Client<'_>,
        agent: &[u8],
        at: SystemTime,
    ) -> Option<Decision> {
        let budgets = self.standard_budgets(client, agent);
        self.limiter.spend_at_once(&budgets, since_epoch(at))
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

    /// Counts a request of an API key, which came then.
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

    /// Counts an anonymous write that its address may make, among those of all.
    ///
    /// # Errors
    /// A 503 where all together have written too much.
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

    /// Gives back what a write has spent that came to nothing: what is not kept fills no disk.
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

    /// Gives back what a request has spent that went in a way which the policy doesn't count. That a client has the latest
    /// already counts under the ceiling of its address alone, which is a tenth.
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

    /// Gives back what was [spent at once](Self::spend_at_once) by a client that has the latest already.
    pub(super) fn give_back_at_once(&self, client: Client<'_>, agent: &[u8], at: SystemTime) {
        let [standard, _] = self.standard_budgets(client, agent);
        self.limiter.give_back_at_once(&[standard], since_epoch(at));
    }

    /// How often an address has been wrong in the window that runs now.
    pub(super) async fn wrong_so_far(&self, client: Client<'_>) -> u64 {
        self.limiter.spent(self.wrong(client), now()).await
    }

    /// How long an address that was wrong so often is not heard.
    pub(super) fn lock(&self, wrong_so_far: u64) -> Option<Duration> {
        let is_locked = wrong_so_far >= self.wrong_credentials.limit;
        is_locked.then(|| self.wrong_credentials.reset(now()))
    }

    /// Counts wrong credentials of an address. One that is wrong too often, be it with many requests at once, is not
    /// heard for the time that is returned.
    pub(super) async fn count_wrong(&self, client: Client<'_>) -> Option<Duration> {
        let decision = self.limiter.spend([self.wrong(client)], now()).await;
        if decision.is_allowed && decision.remaining == 0 {
            tracing::warn!(
                "an address has brought wrong credentials too often and is not heard for a while"
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

/// What bounds how often an address may ask for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing: what an orchestrator asks, which must be answered under any flood.
    Free,
    /// The policy for documents, whoever calls.
    Document,
    /// The policy for health and pictures, whoever calls.
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
            _ if path.starts_with("/media/") => Self::Open,
            _ => Self::Standard,
        }
    }
}

// As constants, since a name that is made at run time is looked at letter by letter.
const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Whether a request writes what anybody may write.
pub(super) fn is_open_write(request: &ServiceRequest) -> bool {
    // As the router reads it, however it is encoded.
    let path = request.match_info().as_str();
    let of_product = path.strip_prefix("/api/products/");
    *request.method() == Method::POST && of_product.is_some_and(|path| path.ends_with("/reviews"))
}

/// Hands over the headers that tell a client what is left.
pub(super) fn headers(decision: &Decision, mut put: impl FnMut(HeaderName, HeaderValue)) {
    put(LIMIT, digits(decision.limit));
    put(REMAINING, digits(decision.remaining));
    put(RESET, digits(whole_seconds(decision.reset)));
}

/// A number as a header's value, with one allocation where the conversion of the library takes two.
fn digits(number: u64) -> HeaderValue {
    let mut digits = itoa::Buffer::new();
    // No digit is one that a header may not have.
    HeaderValue::from_str(digits.format(number)).unwrap_or(HeaderValue::from_static("0"))
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
    since_epoch(SystemTime::now())
}

fn since_epoch(at: SystemTime) -> Duration {
    at.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}
