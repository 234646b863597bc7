use std::collections::HashMap;

use diesel::prelude::*;
use eggypro_domain::metrics::{RequestGroup, RequestKind, RequestTiming};
use foldhash::quality::RandomState;
use ipnet::IpNet;
use time::OffsetDateTime;

use crate::schema::api_metrics_packed;

/// Maximum number of requests in a row. The table allows 65 535, since the view computes the id of a request as
/// `row id * 65536 + index`.
const MAX_REQUESTS: usize = 10_000;

/// Requests that share a row. They differ only in their times and addresses.
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
    pub(super) fn of(requests: &'a [RequestGroup]) -> Vec<Self> {
        let mut indexes = HashMap::with_hasher(RandomState::default());
        let mut rows: Vec<Self> = Vec::new();
        for RequestGroup { kind, timings } in requests {
            let alike = (
                &*kind.endpoint,
                kind.method,
                kind.status,
                kind.user_agent.as_deref(),
            );
            if timings.is_empty() {
                continue;
            }
            let index = indexes.entry(alike).or_insert(rows.len());
            let address = kind.address.map(IpNet::from);
            for timing in timings {
                if rows.get(*index).is_none_or(Self::is_full) {
                    *index = rows.len();
                    rows.push(Self::for_kind(kind, timing));
                }
                rows[*index].add(timing, address);
            }
        }
        rows
    }

    fn for_kind(kind: &'a RequestKind<'_>, first: &RequestTiming) -> Self {
        Self {
            endpoint: &kind.endpoint,
            method: kind.method,
            status_code: kind.status.into(),
            user_agent: kind.user_agent.as_deref(),
            requests: 0,
            last_at: first.at.into(),
            created_at: Vec::new(),
            response_times: Vec::new(),
            ip_addresses: Vec::new(),
        }
    }

    fn is_full(&self) -> bool {
        self.created_at.len() >= MAX_REQUESTS
    }

    fn add(&mut self, timing: &RequestTiming, address: Option<IpNet>) {
        self.requests += 1;
        let at = timing.at.into();
        self.last_at = self.last_at.max(at);
        self.created_at.push(at);
        let milliseconds = timing.milliseconds().try_into();
        self.response_times.push(milliseconds.unwrap_or(i32::MAX));
        self.ip_addresses.push(address);
    }
}
