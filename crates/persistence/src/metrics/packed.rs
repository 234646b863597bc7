use std::collections::HashMap;

use diesel::prelude::*;
use eggypro_domain::metrics::RequestRecord;
use foldhash::quality::RandomState;
use ipnet::IpNet;
use time::OffsetDateTime;

use crate::schema::api_metrics_packed;

/// How many requests share a row at most. The table allows 65 535, of which the view makes the last digits of an id.
const FULL: usize = 10_000;

/// Requests that share a row: those that went the same way.
#[derive(Insertable)]
#[diesel(table_name = api_metrics_packed, treat_none_as_default_value = false)]
pub(super) struct Packed<'a> {
    endpoint: &'a str,
    method: &'static str,
    status_code: i32,
    user_agent: Option<&'a str>,
    requests: i32,
    last_at: OffsetDateTime,
    created_at: Vec<OffsetDateTime>,
    response_times: Vec<i32>,
    ip_addresses: Vec<Option<IpNet>>,
}

impl<'a> Packed<'a> {
    pub(super) fn of(requests: &'a [RequestRecord]) -> Vec<Self> {
        let mut places = HashMap::with_hasher(RandomState::default());
        let mut rows: Vec<Self> = Vec::new();
        for request in requests {
            let alike = (
                &*request.endpoint,
                request.method,
                request.status,
                request.user_agent.as_deref(),
            );
            let place = places.entry(alike).or_insert(rows.len());
            if rows.get(*place).is_none_or(Self::is_full) {
                *place = rows.len();
                rows.push(Self::for_like_of(request));
            }
            rows[*place].add(request);
        }
        rows
    }

    fn for_like_of(request: &'a RequestRecord) -> Self {
        Self {
            endpoint: &request.endpoint,
            method: request.method,
            status_code: request.status.into(),
            user_agent: request.user_agent.as_deref(),
            requests: 0,
            last_at: request.at.into(),
            created_at: Vec::new(),
            response_times: Vec::new(),
            ip_addresses: Vec::new(),
        }
    }

    fn is_full(&self) -> bool {
        self.created_at.len() >= FULL
    }

    fn add(&mut self, request: &RequestRecord) {
        self.requests += 1;
        let at = request.at.into();
        self.last_at = self.last_at.max(at);
        self.created_at.push(at);
        let milliseconds = request.milliseconds().try_into();
        self.response_times.push(milliseconds.unwrap_or(i32::MAX));
        self.ip_addresses.push(request.address.map(IpNet::from));
    }
}
