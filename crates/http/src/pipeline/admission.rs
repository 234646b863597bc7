//! Admits a request: checks its credentials and counts it.

use actix_web::HttpMessage;
use actix_web::dev::ServiceRequest;
use eggypro_domain::Permission;
use eggypro_domain::keys::KeyId;
use eggypro_ratelimit::{Client, Decision};

use super::Edge;
use super::credentials::Credentials;
use super::rate_limits::{self, Kind, Spent};
use super::request_log::PendingRecord;

impl Edge {
    /// Counts a request by the policies of its kind. Returns what it has spent under the standard policy, and the
    /// decision.
    pub(super) async fn count<'a>(
        &self,
        request: &ServiceRequest,
        pending: &PendingRecord<'a>,
    ) -> (Option<Spent<'a>>, Option<Decision>) {
        let client = Client::at(pending.address);
        match Kind::of(request.path()) {
            Kind::Free => (None, None),
            Kind::Document => (None, Some(self.rates.spend_document(client).await)),
            Kind::Open => (None, Some(self.rates.spend_open(client).await)),
            Kind::Standard => {
                let caller = self.admit(request, pending).await;
                let mut decision = match &caller {
                    Caller::Anonymous(spent) => Some(spent.decision),
                    Caller::Key { decision, .. } => Some(*decision),
                    Caller::Admin => None,
                };
                let writes = rate_limits::is_open_write(request);
                if writes && decision.is_some_and(|decision| decision.is_allowed) {
                    match &caller {
                        Caller::Key {
                            front_end: Some(id),
                            ..
                        } => {
                            let shopper = self.shopper(request, pending, id);
                            decision = Some(self.rates.spend_strict(shopper).await);
                        }
                        Caller::Anonymous(_) => {
                            decision = Some(self.rates.spend_strict(client).await);
                        }
                        _ => {}
                    }
                }
                match caller {
                    Caller::Anonymous(spent) => (Some(spent), decision),
                    _ => (None, decision),
                }
            }
        }
    }

    /// The client that a front end calls for: the forwarded client if the front end is a trusted proxy, else the front
    /// end's key.
    fn shopper<'a>(
        &self,
        request: &ServiceRequest,
        pending: &PendingRecord<'_>,
        key: &'a KeyId,
    ) -> Client<'a> {
        let peer = request
            .head()
            .peer_addr
            .map(|peer| peer.ip().to_canonical());
        if peer == Some(pending.address) {
            Client::all().with_agent(key.as_str().as_bytes())
        } else {
            Client::at(pending.address)
        }
    }

    /// Checks the credentials, passes them to the handlers and counts the request. Each API key is counted separately.
    /// Callers with the admin secret or a session of it are not counted.
    async fn admit<'a>(&self, request: &ServiceRequest, pending: &PendingRecord<'a>) -> Caller<'a> {
        let client = Client::at(pending.address);
        let credentials = Credentials::of(request, &self.api, &self.rates, client).await;
        let caller = match credentials.user() {
            Some(user) => match user.key() {
                Some(key) => Caller::Key {
                    decision: self.rates.spend_key(key, pending.at).await,
                    front_end: (!user.may(Permission::ReviewsModerate)).then(|| key.clone()),
                },
                None => Caller::Admin,
            },
            None => {
                let agent = pending.agent_bytes();
                Caller::Anonymous(self.rates.spend(client, agent, pending.at).await)
            }
        };
        if !matches!(credentials, Credentials::None) {
            request.extensions_mut().insert(credentials);
        }
        caller
    }
}

/// The caller of a request, as rate limits distinguish it.
enum Caller<'a> {
    /// Without valid credentials.
    Anonymous(Spent<'a>),
    /// With an API key.
    Key {
        decision: Decision,
        /// The key's id, if it belongs to a front end: a key without `reviews:moderate`, which writes reviews for
        /// shoppers.
        front_end: Option<KeyId>,
    },
    /// With the admin secret or a session of it.
    Admin,
}
