//! SIGTERM, SIGINT, and SIGHUP, which a closed terminal sends. They are held back from before a private PostgreSQL starts until somebody listens, since a
//! process that ended in between would leave it running.

use std::error::Error;
use std::io;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use eggypro_http::Stopping;
use nix::sys::signal::{SigSet, Signal as Number};
use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Holds the signals back in this thread and those that it starts.
pub(crate) fn hold_back() -> io::Result<()> {
    Ok(set().thread_block()?)
}

fn set() -> SigSet {
    [Number::SIGTERM, Number::SIGINT, Number::SIGHUP]
        .into_iter()
        .collect()
}

/// Listens to the signals, those that were held back among them.
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

    /// At the first signal, lets a server say that it is not ready any more, and after a while of grace, which a second
    /// signal ends, stops it, which lets running requests end. Comes back at the next signal, which waits for none.
    pub(crate) async fn stop(mut self, stopping: Stopping, grace: Duration, server: ServerHandle) {
        self.next().await;
        tracing::info!("stopping");
        stopping.begin();
        tokio::select! {
            () = tokio::time::sleep(grace) => {}
            () = self.next() => {}
        }
        // The server takes no second word, so who waits for it must be told.
        actix_web::rt::spawn(server.stop(true));
        self.next().await;
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }
}

/// Does long work on another thread and comes back at a signal, even if the work is not done.
pub(crate) fn interruptible<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Box<dyn Error + Send + Sync>> + Send + 'static,
) -> Result<T, Box<dyn Error + Send + Sync>> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(async {
        let mut signals = Signals::listen()?;
        tokio::select! {
            result = tokio::task::spawn_blocking(work) => result?,
            () = signals.next() => Err("interrupted".into()),
        }
    });
    // The process ends soon, and the work with it.
    runtime.shutdown_background();
    result
}
