//! Ends the connections of clients that take too long, and those of one address beyond its share, so that nobody locks the
//! others out. actix, as it is set up here, bounds the first head alone: a client
//! that stalls in a later one, that stops reading its answers, or that asks for nothing more would keep its connection
//! for ever.
//!
//! A connection notes the second in which it began to wait for its client, and once a second each worker looks through
//! its own: that costs a request next to nothing, where a timer for each would cost more than a cached answer.

mod refused_head;

use std::cell::{Cell, RefCell};
use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::rt::net::TcpStream;
use eggypro_domain::metrics::RequestRecorder;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::MissedTickBehavior;

use crate::edge::{TrustedProxies, record_refused_head};
use crate::settings::{HttpLimits, HttpSettings};

/// The connections of one worker.
#[derive(Clone)]
pub(crate) struct Connections {
    /// How many seconds this worker has counted.
    clock: Rc<Cell<u64>>,
    all: Rc<RefCell<Vec<Weak<State>>>>,
    /// From how many on the longest idle one is ended for each that comes: the rest is a reserve, since a worker that has
    /// all it may have takes no more, not even to say that it is alive.
    crowded: usize,
    /// How many those of one address may be.
    share: usize,
    /// Who is exempt from that, since many clients come from there.
    proxies: Rc<TrustedProxies>,
    /// Where refused heads are recorded, if they are.
    recorder: Option<Arc<dyn RequestRecorder>>,
}

/// What the requests of a connection know of it.
#[derive(Debug, Clone)]
pub(crate) struct Connection(Rc<State>);

/// What is known of one connection.
#[derive(Debug)]
struct State {
    /// The network that it comes from, unless that is exempt.
    network: Option<IpAddr>,
    clock: Rc<Cell<u64>>,
    phase: Cell<Phase>,
    /// Since when the client has not taken what was written.
    unread_since: Cell<Option<u64>>,
    is_overdue: Cell<bool>,
    /// Who is to be woken.
    waiting: RefCell<Option<Waker>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Since that second, nothing is under way, or the rest of a body is awaited that nobody reads. It begins anew
    /// whenever the client takes more of an answer.
    Idle { since: u64 },
    /// Since that second, the client sends a head, or what is left of a body that nobody reads; likewise.
    Sending { since: u64 },
    /// A handler works.
    Handling,
}

impl Connections {
    /// Watches the connections of this worker from now on.
    pub(crate) fn watch(
        settings: &HttpSettings,
        recorder: Option<Arc<dyn RequestRecorder>>,
    ) -> Self {
        let connections = Self {
            recorder,
            ..Self::new(settings)
        };
        let (watched, limits) = (connections.clone(), settings.limits.clone());
        actix_web::rt::spawn(async move {
            let mut seconds = tokio::time::interval(Duration::from_secs(1));
            // After a second that took longer, none may be shorter to make up for it.
            seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                seconds.tick().await;
                watched.clock.set(watched.clock.get() + 1);
                watched.drop_overdue(&limits);
            }
        });
        connections
    }

    fn new(settings: &HttpSettings) -> Self {
        let limits = &settings.limits;
        let all = limits.connections;
        let reserve = (all / 8).max(1);
        Self {
            clock: Rc::default(),
            all: Rc::default(),
            crowded: all.saturating_sub(reserve),
            // Never all, or one address could lock the others out.
            share: limits.connections_of_address.min((all / 2).max(1)),
            proxies: Rc::new(TrustedProxies::new(&settings.trusted_proxies)),
            recorder: None,
        }
    }

    /// Counts a new connection among those that are watched. Where there are too many already, of all or of its address,
    /// the one that waits longest for its client ends; where there is none, the new one does.
    pub(crate) fn add(&self, stream: TcpStream) -> Stream {
        let peer = stream.peer_addr().ok();
        let network = peer.and_then(|peer| self.network_of(peer.ip()));
        let is_overdue = !self.make_room(network);
        let state = Rc::new(State {
            network,
            clock: self.clock.clone(),
            phase: Cell::new(Phase::Sending {
                since: self.clock.get(),
            }),
            unread_since: Cell::new(None),
            is_overdue: Cell::new(is_overdue),
            waiting: RefCell::new(None),
        });
        self.all.borrow_mut().push(Rc::downgrade(&state));
        Stream {
            stream,
            state,
            unwritten: vec![],
            recorder: self.recorder.clone(),
        }
    }

    /// What an address shares its connections with: in IPv6 a network of 64 bits, of which a client has each address.
    fn network_of(&self, address: IpAddr) -> Option<IpAddr> {
        let address = address.to_canonical();
        if self.proxies.contains(address) {
            return None;
        }
        Some(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & u128::MAX << 64).into(),
        })
    }

    /// Ends a connection where there are too many, and says whether there is room for one more.
    fn make_room(&self, network: Option<IpAddr>) -> bool {
        let mut all = self.all.borrow_mut();
        // Also those that ended since the last second: who connects again and again would make this slow.
        all.retain(|connection| connection.strong_count() > 0);
        let open: Vec<_> = all
            .iter()
            .filter_map(Weak::upgrade)
            .filter(|state| !state.is_overdue.get())
            .collect();
        let of_network = || {
            let is_of_it = |state: &&Rc<State>| state.network == network;
            open.iter().filter(is_of_it)
        };
        if network.is_some() && of_network().count() >= self.share {
            return end_the_longest_waiting(of_network());
        }
        // Where all are at work, the reserve takes it.
        if open.len() >= self.crowded {
            end_the_longest_waiting(open.iter());
        }
        true
    }

    fn drop_overdue(&self, limits: &HttpLimits) {
        let now = self.clock.get();
        // The clock may have ticked right after a wait began.
        let is_over = |since: u64, limit: Duration| now - since > limit.as_secs().max(1);
        self.all.borrow_mut().retain(|connection| {
            let Some(state) = connection.upgrade() else {
                return false;
            };
            let is_slow = match state.phase.get() {
                Phase::Idle { since } => is_over(since, limits.keep_alive),
                Phase::Sending { since } => is_over(since, limits.head_time),
                Phase::Handling => false,
            };
            let unread = state.unread_since.get();
            if is_slow || unread.is_some_and(|since| is_over(since, limits.write_time)) {
                state.end();
            }
            true
        });
    }
}

/// Ends the one that takes longest to send its head, or else the one that is idle for the longest time; `false` without
/// either. One whose client has yet to take what was written is at neither.
fn end_the_longest_waiting<'a>(open: impl Iterator<Item = &'a Rc<State>>) -> bool {
    let rank = |state: &State| match state.phase.get() {
        _ if state.unread_since.get().is_some() => None,
        // A head that began just now is a request on its way.
        Phase::Sending { since } if state.clock.get() > since + 1 => Some((0, since)),
        Phase::Idle { since } => Some((1, since)),
        Phase::Sending { .. } | Phase::Handling => None,
    };
    let longest = open
        .filter_map(|state| Some((rank(state)?, state)))
        .min_by_key(|(rank, _)| *rank);
    if let Some((_, state)) = longest {
        state.end();
    }
    longest.is_some()
}

/// A request that a handler works on, until it is dropped.
#[derive(Debug)]
pub(crate) struct Handling(Rc<State>);

impl Handling {
    /// Notes that a handler works now; `None` for a request that came over no connection.
    pub(crate) fn begin(connection: Option<&Connection>) -> Option<Self> {
        let Connection(state) = connection?;
        state.phase.set(Phase::Handling);
        Some(Self(state.clone()))
    }
}

impl Drop for Handling {
    fn drop(&mut self) {
        self.0.phase.set(Phase::Idle {
            since: self.0.clock.get(),
        });
    }
}

/// A connection that is watched.
pub(crate) struct Stream {
    stream: TcpStream,
    state: Rc<State>,
    /// What is still to be written in place of something that counts as written already.
    unwritten: Vec<u8>,
    recorder: Option<Arc<dyn RequestRecorder>>,
}

impl Stream {
    /// Lets the requests of this connection know it.
    pub(crate) fn mark(&self, data: &mut actix_web::dev::Extensions) {
        data.insert(Connection(self.state.clone()));
    }

    /// Notes that a head was refused.
    fn record(&self, status: StatusCode) {
        if let Some(recorder) = &self.recorder {
            let peer = self.stream.peer_addr().ok();
            let address = peer.map(|peer| peer.ip().to_canonical());
            record_refused_head(status, address, recorder.as_ref());
        }
    }

    /// Writes what is still to be written.
    fn poll_unwritten(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.unwritten.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, &self.unwritten))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.unwritten.drain(..written);
        }
        Poll::Ready(Ok(()))
    }
}

impl State {
    /// Ends the connection: it is woken, and reads that its client has gone.
    fn end(&self) {
        self.is_overdue.set(true);
        if let Some(waiting) = self.waiting.take() {
            waiting.wake();
        }
    }

    /// Gives a client that takes its answer, however slowly, the whole time for what comes next.
    fn begin_anew(&self) {
        let since = self.clock.get();
        self.phase.set(match self.phase.get() {
            Phase::Idle { .. } => Phase::Idle { since },
            Phase::Sending { .. } => Phase::Sending { since },
            Phase::Handling => Phase::Handling,
        });
    }

    /// Remembers whom to wake when the connection is overdue.
    fn wait(&self, context: &Context<'_>) {
        let mut waiting = self.waiting.borrow_mut();
        let is_known = |known: &Waker| known.will_wake(context.waker());
        if !waiting.as_ref().is_some_and(is_known) {
            *waiting = Some(context.waker().clone());
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.state.is_overdue.get() {
            // Nothing read is the end of the stream.
            return Poll::Ready(Ok(()));
        }
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        let state = &self.state;
        match &result {
            Poll::Ready(_) if matches!(state.phase.get(), Phase::Idle { .. }) => {
                state.phase.set(Phase::Sending {
                    since: state.clock.get(),
                });
            }
            Poll::Ready(_) => {}
            Poll::Pending => state.wait(context),
        }
        result
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.state.is_overdue.get() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        if let Some((status, words)) = refused_head::in_our_words(bytes) {
            self.record(status);
            self.unwritten.extend(words);
            return Poll::Ready(Ok(bytes.len()));
        }
        ready!(self.poll_unwritten(context))?;
        let result = Pin::new(&mut self.stream).poll_write(context, bytes);
        let state = &self.state;
        if result.is_ready() {
            state.unread_since.set(None);
            state.begin_anew();
        } else {
            let since = state.unread_since.get().unwrap_or(state.clock.get());
            state.unread_since.set(Some(since));
            state.wait(context);
        }
        result
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_unwritten(context))?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_unwritten(context))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests;
