//! `/api/events`.

use std::time::{Duration, Instant};

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::changes::{
    ChangeEntry, EntriesAfter, EventType, FollowError, Position, ResourceState,
};
use utoipa::IntoParams;

use super::body::{EventBody, EventPageBody};
use crate::long_calls::LONGEST_WAIT;
use crate::message::cursor;
use crate::message::document::Document;
use crate::message::link;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ChangesRead};
use crate::state::Api;

/// The maximum and the default number of events on a page.
const MOST: u16 = 500;
const LIMIT: u16 = 100;

/// The interval of reads of the log without a notification. A committed entry is readable only after older transactions
/// have ended, and their end may cause no notification.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// The delay between a notification and the read, so that quick changes are read together.
const BATCHING_DELAY: Duration = Duration::from_millis(20);

/// The maximum time of a search for events of the requested types.
const LONGEST_SEARCH: Duration = Duration::from_secs(5);

const PARAMETERS: [&str; 4] = ["after", "types", "limit", "wait"];

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `EventQuery::read` reads")]
pub(crate) struct EventParameters {
    /// The `next_cursor` of the page before; `latest` for what happens from now on. Without it, from the oldest that is
    /// kept.
    after: Option<String>,
    /// Events of these types only, repeated or with commas between them.
    types: Option<Vec<String>>,
    /// How many a page has at most.
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: Option<u16>,
    /// How many seconds an empty page waits for the next event.
    #[param(minimum = 0, maximum = 30, default = 0)]
    wait: Option<u8>,
}

/// Read events
///
/// The oldest first, for other systems. Who goes on from `next_cursor` is given each event once and misses none, whatever
/// runs at the same time. An event shows its subject as it stands when it is read.
#[utoipa::path(
    get,
    path = "/api/events",
    tag = "changes",
    operation_id = "listEvents",
    security(("admin" = ["changes:read"])),
    params(EventParameters),
    responses(
        (status = 200, description = "A page of events, perhaps an empty one", body = EventPageBody),
        (status = 410, description = "What stood behind the cursor is not kept any more"),
    ),
)]
pub(crate) async fn read(
    _: Admin<ChangesRead>,
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let query = EventQuery::read(&request)?;
    let found = query.find(&api).await?;
    let (events, anchor) = found.page(&query);
    let next = cursor::encode(LIST, &anchor.to_string());
    let data = events.iter();
    let data = data.map(|(entry, subject, number, kind)| {
        EventBody::of(entry, subject, *number, *kind, &api.storefront)
    });
    let body = EventPageBody {
        data: data.collect(),
        next_cursor: &next,
    };
    let link = (!body.data.is_empty()).then(|| link::to_page(request.uri(), "after", &next));
    let mut response = Document::json(&body)?.respond(&request).await?;
    if let Some(link) = link.flatten() {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// The name of the list in cursors.
const LIST: &str = "events";

/// The parameters of a request.
struct EventQuery {
    after: After,
    types: Vec<EventType>,
    limit: u16,
    wait: Duration,
}

enum After {
    /// From the oldest stored event.
    Nothing,
    /// From now on.
    Latest,
    Anchor(Anchor),
}

/// The page anchor: a position in the log, and the number of events of the next entry that were already sent.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Anchor {
    position: Position,
    events: usize,
}

impl std::fmt::Display for Anchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.position, self.events)
    }
}

impl Anchor {
    fn decode(text: &str) -> Option<Self> {
        let anchor = cursor::decode(text, LIST)?;
        let (position, events) = anchor.rsplit_once('/')?;
        Some(Self {
            position: Position(position.to_owned()),
            events: events.parse().ok()?,
        })
    }
}

impl EventQuery {
    fn read(request: &HttpRequest) -> Result<Self, Problem> {
        let mut query = Query::of(request, &PARAMETERS)?;
        let after = query.read("after", |text| match text {
            "latest" => Ok(After::Latest),
            text => Anchor::decode(text)
                .map(After::Anchor)
                .ok_or("must be `latest` or the next_cursor of a page"),
        });
        let types = query.list("types", EventType::ALL.len(), |text| {
            let names = EventType::ALL.map(EventType::as_str);
            let known = text.parse::<EventType>();
            known.map_err(|_| format!("must be some of {}", names.join(", ")))
        });
        let limit = query.read("limit", |text| {
            let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
            limit.ok_or("must be a whole number from 1 to 500")
        });
        let wait = query.read("wait", |text| {
            let wait = text.parse().ok().map(Duration::from_secs);
            let wait = wait.filter(|wait| *wait <= LONGEST_WAIT);
            wait.ok_or("must be a whole number of seconds from 0 to 30")
        });
        query.finish()?;
        Ok(Self {
            after: after.unwrap_or(After::Nothing),
            types,
            limit: limit.unwrap_or(LIMIT),
            wait: wait.unwrap_or_default(),
        })
    }

    /// Finds events after the anchor. Waits for new ones up to the `wait` of the request.
    async fn find(&self, api: &Api) -> Result<Found, FollowError> {
        let began = Instant::now();
        let deadline = began + self.wait;
        let mut change_signal = api.change_signal.clone();
        let mut anchor = match &self.after {
            After::Nothing => None,
            After::Latest => Some(Anchor {
                position: api.changes.latest().await?,
                events: 0,
            }),
            After::Anchor(anchor) => Some(anchor.clone()),
        };
        loop {
            change_signal.mark_unchanged();
            let position = anchor.as_ref().map(|anchor| &anchor.position);
            // Events of the requested types may be rare, so a filtered read takes the largest batch.
            let batch = if self.types.is_empty() {
                self.limit
            } else {
                MOST
            };
            let followed = api.changes.follow(position, batch).await?;
            let is_full = followed.is_full;
            let found = Found {
                skipped: anchor.map_or(0, |anchor| anchor.events),
                followed,
            };
            // An empty page looks like the end of the log, so the search goes on while there are entries.
            let is_worth_more = is_full && began.elapsed() < LONGEST_SEARCH;
            let is_over = Instant::now() >= deadline && !is_worth_more;
            if found.has_any(&self.types) || is_over || api.stopping.has_begun() {
                return Ok(found);
            }
            anchor = Some(Anchor {
                position: found.followed.position,
                events: 0,
            });
            if !is_full {
                let pause = POLL_INTERVAL.min(deadline.saturating_duration_since(Instant::now()));
                // An error means that the sender is gone. Polling still works.
                let _ = tokio::time::timeout(pause, change_signal.changed()).await;
                tokio::time::sleep(BATCHING_DELAY.min(pause)).await;
            }
        }
    }
}

/// The committed entries after an anchor.
struct Found {
    /// The number of events of the first entry that were already sent.
    skipped: usize,
    followed: EntriesAfter,
}

/// An event: its entry of the log, its subject, its number among the events of that entry, and its type.
type FoundEvent<'a> = (&'a ChangeEntry, &'a ResourceState, usize, EventType);

impl Found {
    /// All events, each with the anchor after it.
    fn events(&self) -> impl Iterator<Item = (FoundEvent<'_>, Anchor)> {
        let mut before = &self.followed.beginning;
        let entries = self.followed.entries.iter().enumerate();
        entries.flat_map(move |(index, (entry, position, subject))| {
            let start = std::mem::replace(&mut before, position);
            let types = EventType::of(entry);
            let (count, skipped) = (types.len(), if index == 0 { self.skipped } else { 0 });
            let events = types.into_iter().enumerate().skip(skipped);
            events.map(move |(number, kind)| {
                let anchor = if number + 1 == count {
                    Anchor {
                        position: position.clone(),
                        events: 0,
                    }
                } else {
                    Anchor {
                        position: start.clone(),
                        events: number + 1,
                    }
                };
                ((entry, subject, number, kind), anchor)
            })
        })
    }

    fn has_any(&self, types: &[EventType]) -> bool {
        self.events().any(|(event, _)| is_wanted(types, event.3))
    }

    /// The events of a page of the requested types, and the anchor of the next page.
    fn page(&self, query: &EventQuery) -> (Vec<FoundEvent<'_>>, Anchor) {
        let wanted = self
            .events()
            .filter(|(event, _)| is_wanted(&query.types, event.3));
        let mut events: Vec<_> = wanted.take(usize::from(query.limit) + 1).collect();
        let has_more = events.len() > usize::from(query.limit);
        events.truncate(query.limit.into());
        let last = events.last().filter(|_| has_more);
        let anchor = last.map(|(_, anchor)| anchor.clone());
        let anchor = anchor.unwrap_or_else(|| Anchor {
            position: self.followed.position.clone(),
            events: 0,
        });
        (events.into_iter().map(|(event, _)| event).collect(), anchor)
    }
}

fn is_wanted(types: &[EventType], kind: EventType) -> bool {
    types.is_empty() || types.contains(&kind)
}
