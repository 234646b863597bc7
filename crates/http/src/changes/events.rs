//! `/api/events`

use std::time::{Duration, Instant};

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::changes::{ChangeEntry, EventType, FollowError, Followed, Position, Subject};
use utoipa::IntoParams;

use super::body::{EventBody, EventPageBody};
use crate::admin::{Admin, ChangesRead};
use crate::api::Api;
use crate::cursor;
use crate::document::Document;
use crate::link;
use crate::problem::Problem;
use crate::query::Query;

pub(crate) const PATH: &str = "/api/events";

/// How long a caller may wait for the next event.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How many events a page has at most, and unless it is told.
const MOST: u16 = 500;
const LIMIT: u16 = 100;

/// How often the log is looked at without news: what was committed may wait for a transaction that is still open.
const LOOK: Duration = Duration::from_millis(500);

/// How long news are gathered before they are read.
const GATHERING: Duration = Duration::from_millis(20);

/// How long events of the types that are wanted are looked for among others.
const LONGEST_SEARCH: Duration = Duration::from_secs(5);

const PARAMETERS: [&str; 4] = ["after", "types", "limit", "wait"];

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `Asked::read` reads")]
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
    let asked = Asked::read(&request)?;
    let found = asked.find(&api).await?;
    let (told, place) = found.page(&asked);
    let next = cursor::encode(LIST, &place.to_string());
    let data = told.iter();
    let data =
        data.map(|(entry, subject, number, kind)| EventBody::of(entry, subject, *number, *kind));
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

/// What cursors of events are made for.
const LIST: &str = "events";

/// What is asked for.
struct Asked {
    after: After,
    types: Vec<EventType>,
    limit: u16,
    wait: Duration,
}

enum After {
    /// Whatever is kept.
    Nothing,
    /// Now.
    Latest,
    Place(Place),
}

/// Behind a position, and behind so many events of the entry that follows.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    position: Position,
    events: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.position, self.events)
    }
}

impl Place {
    fn decode(text: &str) -> Option<Self> {
        let place = cursor::decode(text, LIST)?;
        let (position, events) = place.rsplit_once('/')?;
        Some(Self {
            position: Position(position.to_owned()),
            events: events.parse().ok()?,
        })
    }
}

impl Asked {
    fn read(request: &HttpRequest) -> Result<Self, Problem> {
        let mut query = Query::of(request, &PARAMETERS)?;
        let after = query.read("after", |text| match text {
            "latest" => Ok(After::Latest),
            text => Place::decode(text)
                .map(After::Place)
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

    /// What there is, or what comes within the time that the caller waits.
    async fn find(&self, api: &Api) -> Result<Found, FollowError> {
        let began = Instant::now();
        let deadline = began + self.wait;
        let mut news = api.news.clone();
        let mut place = match &self.after {
            After::Nothing => None,
            After::Latest => Some(Place {
                position: api.changes.latest().await?,
                events: 0,
            }),
            After::Place(place) => Some(place.clone()),
        };
        loop {
            news.mark_unchanged();
            let position = place.as_ref().map(|place| &place.position);
            // Among others those of some types are rare.
            let batch = if self.types.is_empty() {
                self.limit
            } else {
                MOST
            };
            let followed = api.changes.follow(position, batch).await?;
            let is_full = followed.is_full;
            let found = Found {
                skipped: place.map_or(0, |place| place.events),
                followed,
            };
            // Where there is more, an empty page would look like the end.
            let is_worth_more = is_full && began.elapsed() < LONGEST_SEARCH;
            let is_over = Instant::now() >= deadline && !is_worth_more;
            if found.has_any(&self.types) || is_over || api.stopping.has_begun() {
                return Ok(found);
            }
            place = Some(Place {
                position: found.followed.position,
                events: 0,
            });
            if !is_full {
                let pause = LOOK.min(deadline.saturating_duration_since(Instant::now()));
                // Without a sender the pause alone decides.
                let _ = tokio::time::timeout(pause, news.changed()).await;
                // Where changes come fast, they are read together.
                tokio::time::sleep(GATHERING.min(pause)).await;
            }
        }
    }
}

/// What was committed behind a place.
struct Found {
    /// How many events of the first entry were given before.
    skipped: usize,
    followed: Followed,
}

/// An event: its entry of the log, its subject, its number among the events of that entry, and its type.
type Told<'a> = (&'a ChangeEntry, &'a Subject, usize, EventType);

impl Found {
    /// All events, each with the place behind it.
    fn events(&self) -> impl Iterator<Item = (Told<'_>, Place)> {
        let mut before = &self.followed.beginning;
        let entries = self.followed.entries.iter().enumerate();
        entries.flat_map(move |(index, (entry, position, subject))| {
            let start = std::mem::replace(&mut before, position);
            let types = EventType::of(entry);
            let (count, skipped) = (types.len(), if index == 0 { self.skipped } else { 0 });
            let events = types.into_iter().enumerate().skip(skipped);
            events.map(move |(number, kind)| {
                let place = if number + 1 == count {
                    Place {
                        position: position.clone(),
                        events: 0,
                    }
                } else {
                    Place {
                        position: start.clone(),
                        events: number + 1,
                    }
                };
                ((entry, subject, number, kind), place)
            })
        })
    }

    fn has_any(&self, types: &[EventType]) -> bool {
        self.events().any(|(told, _)| is_wanted(types, told.3))
    }

    /// As many as are wanted, and where to go on.
    fn page(&self, asked: &Asked) -> (Vec<Told<'_>>, Place) {
        let wanted = self
            .events()
            .filter(|(told, _)| is_wanted(&asked.types, told.3));
        let mut told: Vec<_> = wanted.take(usize::from(asked.limit) + 1).collect();
        let has_more = told.len() > usize::from(asked.limit);
        told.truncate(asked.limit.into());
        let last = told.last().filter(|_| has_more);
        let place = last.map(|(_, place)| place.clone());
        let place = place.unwrap_or_else(|| Place {
            position: self.followed.position.clone(),
            events: 0,
        });
        (told.into_iter().map(|(told, _)| told).collect(), place)
    }
}

fn is_wanted(types: &[EventType], kind: EventType) -> bool {
    types.is_empty() || types.contains(&kind)
}
