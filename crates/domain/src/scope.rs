//! Values that all work in a scope sees, without passing them as arguments.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::thread::LocalKey;

/// The value of the work that a thread is doing.
pub(crate) type Current<T> = RefCell<Option<Arc<T>>>;

/// Runs work that sees this value in `current`. Tasks that the work spawns don't see it.
pub(crate) async fn within<T: ?Sized, Output>(
    current: &'static LocalKey<Current<T>>,
    value: Arc<T>,
    work: impl Future<Output = Output>,
) -> Output {
    let mut work = pin!(work);
    poll_fn(move |context| {
        let _entered = Entered {
            previous: current.replace(Some(Arc::clone(&value))),
            current,
        };
        work.as_mut().poll(context)
    })
    .await
}

/// Restores the previous value when dropped.
struct Entered<T: ?Sized + 'static> {
    current: &'static LocalKey<Current<T>>,
    previous: Option<Arc<T>>,
}

impl<T: ?Sized> Drop for Entered<T> {
    fn drop(&mut self) {
        self.current.set(self.previous.take());
    }
}
