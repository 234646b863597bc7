use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use futures_util::stream::{self, Stream};
use tokio::time::{Instant, sleep};

use super::{Changes, Event, EventPage, EventType};
use crate::operation as op;
use crate::request::Request;
use crate::{Call, Client, Error, Result};

/// How long an empty page waits for the next event, in seconds: the maximum of the server.
const WAIT: u8 = 30;

/// The server did not wait for an event if its empty page comes sooner.
const MIN_WAIT: Duration = Duration::from_secs(1);

/// Longest `Retry-After` that is heeded. After it, the server is asked again, whatever it or a proxy has announced.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(15 * 60);

/// Where a stream of events begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum After {
    /// With the oldest event that the server keeps.
    #[default]
    Oldest,
    /// With the next event from now on.
    Latest,
    /// After the events before this cursor, which [`EventStream::cursor`] has returned.
    Cursor(String),
}

/// Which events a stream contains, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FollowEvents {
    /// Where it begins.
    pub after: After,
    /// Events of these types; all by default.
    pub types: Vec<EventType>,
    /// Maximum number of events of a page: 1 to 500, 100 by default.
    pub limit: Option<u16>,
}

impl FollowEvents {
    /// All events after a place.
    pub fn after(after: After) -> Self {
        Self {
            after,
            ..Self::default()
        }
    }
}

/// The events of a shop, as they happen. Each comes once, and none is missed.
///
/// While there is no event, it waits. When the connection is lost or the server has an outage (any 5xx), it tries again with
/// growing pauses, without end, and goes on from its cursor. It heeds a `Retry-After` of up to 15 minutes.
///
/// It ends with an error that remains: [`Error::CursorGone`] if the server no longer keeps what follows the cursor, or a problem
/// such as 401 or 403.
#[must_use = "a stream does nothing unless it is read"]
pub struct EventStream {
    client: Client,
    follow: FollowEvents,
    /// The events of the last page that were not returned yet.
    events: VecDeque<Event>,
    /// The cursor after the last page.
    next_cursor: Option<String>,
    failures: u32,
    has_ended: bool,
}

impl Changes<'_> {
    /// Reads a page of events, the oldest first. An empty page waits up to `wait` seconds (0 to 30) for the next event.
    ///
    /// # Errors
    /// 410 if the server no longer keeps what follows the cursor, 403 without `changes:read`.
    pub fn events(&self, follow: &FollowEvents, wait: u8) -> Call<EventPage> {
        let request = Request::new(&op::LIST_EVENTS, &[]).query(|query| {
            let after = match &follow.after {
                After::Oldest => None,
                After::Latest => Some("latest"),
                After::Cursor(cursor) => Some(cursor.as_str()),
            };
            query
                .add("after", after)
                .list("types", &follow.types)
                .add("limit", follow.limit)
                .add("wait", Some(wait).filter(|wait| *wait > 0));
        });
        let call = Call::json(self.0, request);
        let timeout = self.0.settings().timeout;
        call.timeout(timeout.saturating_add(Duration::from_secs(wait.into())))
    }

    /// Follows events as they happen.
    pub fn follow(&self, follow: FollowEvents) -> EventStream {
        EventStream {
            client: self.0.clone(),
            follow,
            events: VecDeque::new(),
            next_cursor: None,
            failures: 0,
            has_ended: false,
        }
    }
}

impl Client {
    /// Follows events as they happen. Short for [`changes().follow`](Changes::follow).
    pub fn events(&self, follow: FollowEvents) -> EventStream {
        self.changes().follow(follow)
    }
}

impl EventStream {
    /// The cursor to store: a stream [after](After::Cursor) it goes on with the events that this one has not returned yet.
    /// `None` before the first page.
    ///
    /// A cursor stands between two pages. Within a page, it is the one before that page, so that events of the page come again
    /// after a restart; their [ids](Event::id) stay the same. [`next_page`](Self::next_page) avoids that.
    pub fn cursor(&self) -> Option<&str> {
        let before_page = match &self.follow.after {
            After::Cursor(cursor) => Some(cursor.as_str()),
            After::Oldest | After::Latest => None,
        };
        match self.events.is_empty() {
            true => self.next_cursor.as_deref().or(before_page),
            false => before_page,
        }
    }

    /// The next event. It waits until there is one; `None` only after an error.
    ///
    /// # Errors
    /// Those that [`EventStream`] names. The stream then ends.
    pub async fn next(&mut self) -> Option<Result<Event>> {
        while self.events.is_empty() {
            match self.read_page().await? {
                Ok(page) => self.events = page.data.into(),
                Err(error) => return Some(Err(error)),
            }
        }
        self.events.pop_front().map(Ok)
    }

    /// The next events, at least one, with the cursor after them, which [`cursor`](Self::cursor) then returns, too. It waits
    /// until there are any; `None` only after an error.
    ///
    /// # Errors
    /// Those that [`EventStream`] names. The stream then ends.
    pub async fn next_page(&mut self) -> Option<Result<EventPage>> {
        if let Some(next_cursor) = self.next_cursor.clone().filter(|_| !self.events.is_empty()) {
            let data = std::mem::take(&mut self.events).into();
            return Some(Ok(EventPage { data, next_cursor }));
        }
        loop {
            let page = self.read_page().await?;
            match &page {
                Ok(page) if page.data.is_empty() => {}
                _ => return Some(page),
            }
        }
    }

    /// The events as a [`Stream`].
    pub fn into_stream(self) -> impl Stream<Item = Result<Event>> + Send {
        stream::unfold(self, |mut events| async move {
            let event = events.next().await?;
            Some((event, events))
        })
    }

    /// Reads a page, perhaps an empty one, and tries again until that works. `None` after an error.
    async fn read_page(&mut self) -> Option<Result<EventPage>> {
        if self.has_ended {
            return None;
        }
        if let Some(cursor) = self.next_cursor.take() {
            self.follow.after = After::Cursor(cursor);
        }
        loop {
            let began = Instant::now();
            match self.poll().await {
                // A server that stops does not wait. It must not be asked without a pause.
                Ok(page) if page.data.is_empty() && self.came_too_soon(began) => {
                    self.follow.after = After::Cursor(page.next_cursor);
                    self.pause(None).await;
                }
                Ok(page) => {
                    self.failures = 0;
                    self.next_cursor = Some(page.next_cursor.clone());
                    return Some(Ok(page));
                }
                Err(error) if error.is_transient() || error.is_server_failure() => {
                    self.pause(error.retry_after()).await;
                }
                Err(error) => {
                    self.has_ended = true;
                    return Some(Err(match error {
                        Error::Problem(problem) if problem.status == 410 => {
                            Error::CursorGone(problem)
                        }
                        error => error,
                    }));
                }
            }
        }
    }

    /// Sends one request. The first one after `Latest` does not wait, as a request that is lost while it waits would leave
    /// nothing to go on from.
    async fn poll(&self) -> Result<EventPage> {
        let wait = match self.follow.after {
            After::Latest => 0,
            _ => WAIT,
        };
        let changes = self.client.changes();
        changes.events(&self.follow, wait).max_retries(0).await
    }

    /// Whether an empty page came too soon for a request that waits.
    fn came_too_soon(&self, began: Instant) -> bool {
        self.follow.after != After::Latest && began.elapsed() < MIN_WAIT
    }

    async fn pause(&mut self, retry_after: Option<Duration>) {
        self.failures = self.failures.saturating_add(1);
        let retry_after = retry_after.map(|pause| pause.min(MAX_RETRY_AFTER));
        let retry = &self.client.settings().retry;
        let pause = retry.pause(self.failures, retry_after, rand::random());
        sleep(pause).await;
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut events = f.debug_struct("EventStream");
        events.field("cursor", &self.cursor());
        events.finish_non_exhaustive()
    }
}
