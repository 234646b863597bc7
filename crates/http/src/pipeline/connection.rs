//! Closes connections of slow clients, and connections of an address that has too many of them, so that no client can
//! lock out the others. As configured here, actix limits only the time of the first head. Without this module, a client
//! could keep a connection for ever if it stalls in a later head, stops reading its answers or sends no more requests.
//!
//! A connection stores the second in which it began to wait for its client. Each worker checks its connections once a
//! second. This costs almost nothing for each request; a timer for each connection would cost more than a cached
//! answer.

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

use crate::pipeline::{TrustedProxies, record_refused_head};
use crate::settings::{HttpLimits, HttpSettings};

/// The connections of one worker.
#[derive(Clone)]
pub(crate) struct Connections {
    /// The number of seconds that this worker has counted.
    clock: Rc<Cell<u64>>,
    all: Rc<RefCell<Vec<Weak<State>>>>,
    /// From this number of open connections on, each new connection closes the one that has waited longest. The rest up
    /// to the maximum is a reserve: a worker at its maximum accepts no connections, not even health checks.
    soft_limit: usize,
    /// Maximum number of connections of one network.
    limit_of_network: usize,
    /// Exempt from `limit_of_network`, since many clients connect through a proxy.
    proxies: Rc<TrustedProxies>,
    /// Records refused heads; `None` records nothing.
    recorder: Option<Arc<dyn RequestRecorder>>,
}

/// A handle by which a request reaches the state of its connection.
#[derive(Debug, Clone)]
pub(crate) struct Connection(Rc<State>);

/// The state of one connection.
#[derive(Debug)]
struct State {
    /// The client's network; `None` if it is exempt from `limit_of_network`.
    network: Option<IpAddr>,
    clock: Rc<Cell<u64>>,
    phase: Cell<Phase>,
    /// The second since which the client has not read written bytes.
    unread_since: Cell<Option<u64>>,
    is_overdue: Cell<bool>,
    /// Wakes the connection's task when the connection is overdue.
    waker: RefCell<Option<Waker>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Since that second, no request is running, or the server waits for the rest of a body that no handler reads. The
    /// second is reset whenever the client reads more of an answer.
    Idle { since: u64 },
    /// Since that second, the client sends a head, or the rest of a body that no handler reads. Reset like `Idle`.
    Sending { since: u64 },
    /// A handler is running.
    Handling,
}

impl Connections {
    /// Starts to watch the connections of this worker.
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
            // A late tick must not be followed by a shorter second.
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
            soft_limit: all.saturating_sub(reserve),
            // At most half, so that one address can't lock out the others.
            limit_of_network: limits.connections_of_address.min((all / 2).max(1)),
            proxies: Rc::new(TrustedProxies::new(&settings.trusted_proxies)),
            recorder: None,
        }
    }

    /// Adds a new connection to the watched ones. If there are too many connections in total or from its network, the
    /// one that has waited longest for its client is closed. If the network has no waiting connection, the new one is
    /// closed.
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
            waker: RefCell::new(None),
        });
        self.all.borrow_mut().push(Rc::downgrade(&state));
        Stream {
            stream,
            state,
            unwritten: vec![],
            recorder: self.recorder.clone(),
        }
    }

    /// The network whose connections are counted together: an IPv4 address or an IPv6 /64, since a client can use every
    /// address of its /64. `None` for trusted proxies.
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

    /// Closes a connection if there are too many. Returns whether a new connection may stay.
    fn make_room(&self, network: Option<IpAddr>) -> bool {
        let mut all = self.all.borrow_mut();
        // Also forget connections that ended since the last tick: a client that reconnects all the time would slow this
        // down.
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
        if network.is_some() && of_network().count() >= self.limit_of_network {
            return close_longest_waiting(of_network());
        }
        // If no connection is waiting, the new one takes a place of the reserve.
        if open.len() >= self.soft_limit {
            close_longest_waiting(open.iter());
        }
        true
    }

    fn drop_overdue(&self, limits: &HttpLimits) {
        let now = self.clock.get();
        // Compares with `>`, since the clock may have ticked right after the wait began.
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
                state.close();
            }
            true
        });
    }
}

/// Closes the connection that has been sending its head for the longest time or, if there is none, the one that has
/// been idle for the longest time. Ignores connections with unread answers. Returns `false` if it found no connection.
fn close_longest_waiting<'a>(open: impl Iterator<Item = &'a Rc<State>>) -> bool {
    let rank = |state: &State| match state.phase.get() {
        _ if state.unread_since.get().is_some() => None,
        // A head that has just begun is a request in progress.
        Phase::Sending { since } if state.clock.get() > since + 1 => Some((0, since)),
        Phase::Idle { since } => Some((1, since)),
        Phase::Sending { .. } | Phase::Handling => None,
    };
    let longest = open
        .filter_map(|state| Some((rank(state)?, state)))
        .min_by_key(|(rank, _)| *rank);
    if let Some((_, state)) = longest {
        state.close();
    }
    longest.is_some()
}

/// Marks the connection as handling a request until it is dropped.
#[derive(Debug)]
pub(crate) struct Handling(Rc<State>);

impl Handling {
    /// Marks a connection; `None` if the request has no connection, as in tests.
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

/// A watched connection.
pub(crate) struct Stream {
    stream: TcpStream,
    state: Rc<State>,
    /// The rest of a replaced answer. The caller was already told that it is written.
    unwritten: Vec<u8>,
    recorder: Option<Arc<dyn RequestRecorder>>,
}

impl Stream {
    /// Gives the requests of this connection access to its state.
    pub(crate) fn attach_to(&self, data: &mut actix_web::dev::Extensions) {
        data.insert(Connection(self.state.clone()));
    }

    /// Records that a head was refused.
    fn record(&self, status: StatusCode) {
        if let Some(recorder) = &self.recorder {
            let peer = self.stream.peer_addr().ok();
            let address = peer.map(|peer| peer.ip().to_canonical());
            record_refused_head(status, address, recorder.as_ref());
        }
    }

    /// Writes the rest of a replaced answer.
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
    /// Closes the connection: wakes its task, which then reads the end of the stream.
    fn close(&self) {
        self.is_overdue.set(true);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Restarts the time limit of the current phase. A client that reads its answer, even slowly, gets the full time
    /// again.
    fn restart_wait(&self) {
        let since = self.clock.get();
        self.phase.set(match self.phase.get() {
            Phase::Idle { .. } => Phase::Idle { since },
            Phase::Sending { .. } => Phase::Sending { since },
            Phase::Handling => Phase::Handling,
        });
    }

    /// Stores the waker of the connection's task.
    fn store_waker(&self, context: &Context<'_>) {
        let mut waker = self.waker.borrow_mut();
        let is_current = |stored: &Waker| stored.will_wake(context.waker());
        if !waker.as_ref().is_some_and(is_current) {
            *waker = Some(context.waker().clone());
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
            // Reading nothing signals the end of the stream.
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
            Poll::Pending => state.store_waker(context),
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
        if let Some((status, answer)) = refused_head::replacement(bytes) {
            self.record(status);
            self.unwritten.extend(answer);
            return Poll::Ready(Ok(bytes.len()));
        }
        ready!(self.poll_unwritten(context))?;
        let result = Pin::new(&mut self.stream).poll_write(context, bytes);
        let state = &self.state;
        if result.is_ready() {
            state.unread_since.set(None);
            state.restart_wait();
        } else {
            let since = state.unread_since.get().unwrap_or(state.clock.get());
            state.unread_since.set(Some(since));
            state.store_waker(context);
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
