//! The client for code without an async runtime.
//!
//! [`Client`] dereferences to the async client, which makes the calls; [`wait`](Client::wait) sends them.
//!
//! ```no_run
//! use eggypro_client::products::ListProducts;
//! use eggypro_client::{Credentials, blocking};
//!
//! let shop = eggypro_client::Client::builder("https://api.shop.example");
//! let shop = blocking::Client::new(shop.credentials(Credentials::api_key("egg_")))?;
//! let product = shop.wait(shop.products().get("eggypro-vanilla-1kg"))?;
//! for product in shop.iter(shop.products().all(ListProducts::default())) {
//!     println!("{}", product?.title);
//! }
//! # Ok::<(), eggypro_client::Error>(())
//! ```

use std::future::IntoFuture;
use std::ops::Deref;

use futures_util::stream::{BoxStream, Stream, StreamExt};
use tokio::runtime::{Builder, Runtime};

use crate::{ClientBuilder, Error, Result};

/// A client that waits for answers on the thread of the caller.
///
/// It must not be used within an async runtime: tokio panics there.
#[derive(Debug)]
pub struct Client {
    client: crate::Client,
    runtime: Runtime,
}

impl Client {
    /// Builds the client, with a runtime of its own.
    ///
    /// # Errors
    /// As [`ClientBuilder::build`], and if the runtime can't start.
    pub fn new(builder: ClientBuilder) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(Error::File)?;
        let client = {
            let _guard = runtime.enter();
            builder.build()?
        };
        Ok(Self { client, runtime })
    }

    /// Sends a call, or awaits any other future of the client, and returns its result.
    pub fn wait<F: IntoFuture>(&self, call: F) -> F::Output {
        self.runtime.block_on(async { call.await })
    }

    /// The items of a stream.
    pub fn iter<S: Stream + Send + 'static>(&self, stream: S) -> Iter<'_, S::Item> {
        Iter {
            client: self,
            stream: stream.boxed(),
        }
    }
}

impl Deref for Client {
    type Target = crate::Client;

    fn deref(&self) -> &crate::Client {
        &self.client
    }
}

/// The items of a stream. See [`Client::iter`].
pub struct Iter<'a, T> {
    client: &'a Client,
    stream: BoxStream<'static, T>,
}

impl<T> Iterator for Iter<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.client.wait(self.stream.next())
    }
}

impl<T> std::fmt::Debug for Iter<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Iter")
    }
}
