//! SIGTERM, SIGINT, and SIGHUP, which a closed terminal sends. They are blocked before a private PostgreSQL starts,
//! until the process listens to them. A process that ended in between would leave PostgreSQL running.

use std::io;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use eggypro_http::Stopping;
use nix::sys::signal::{SigSet, Signal as Number};
use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::failure::Failure;

/// Blocks the signals in this thread and in the threads that it starts.
pub(crate) fn hold_back() -> io::Result<()> {
    Ok(set().thread_block()?)
}

fn set() -> SigSet {
    [Number::SIGTERM, Number::SIGINT, Number::SIGHUP]
        .into_iter()
        .collect()
}

/// Receives the signals, including those that arrived while they were blocked.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    pub(crate) fn listen() -> io::Result<Self> {
        let signals = Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        };
        set().thread_unblock()?;
        Ok(signals)
    }

    /// Marks the server as not ready at the first signal. Stops it after the grace period or at a second signal;
    /// running requests may end. Returns at the next signal, for a caller that then stops without waiting for them.
    pub(crate) async fn stop(mut self, stopping: Stopping, grace: Duration, server: ServerHandle) {
        self.next().await;
        tracing::info!("stopping");
        stopping.begin();
        tokio::select! {
            () = tokio::time::sleep(grace) => {}
            () = self.next() => {}
        }
        // The server ignores another stop, so the next signal must reach the caller.
        actix_web::rt::spawn(server.stop(true));
        self.next().await;
    }

    /// Does work unless a signal comes first, which is an error then.
    pub(crate) async fn unless_interrupted<T>(
        &mut self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        tokio::select! {
            result = work => result,
            () = self.next() => Err("interrupted".into()),
        }
    }

    /// Waits for the next signal.
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }
}

/// Runs long work on another thread. Returns an error at a signal, even if the work is not done.
pub(crate) fn interruptible<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(async {
        let mut signals = Signals::listen()?;
        let work = async { tokio::task::spawn_blocking(work).await? };
        signals.unless_interrupted(work).await
    });
    // The process ends soon and stops the work.
    runtime.shutdown_background();
    result
}
