//! Pages of lists, and streams that follow their cursors.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{self, BoxStream, Stream, StreamExt, TryStreamExt};
use serde::Deserialize;

use crate::text_enum::text_enum;
use crate::{Call, Result};

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items.
    pub data: Vec<T>,
    /// The position of the page in its list.
    pub pagination: Pagination,
}

/// The position of a page in its list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Pagination {
    /// The number of items in the list. Counting stops at 10 000.
    pub total: u64,
    /// Whether `total` is exact.
    pub total_precision: TotalPrecision,
    /// Maximum number of items of a page.
    pub limit: u32,
    /// The number of items before the page; 0 after a cursor.
    pub offset: u64,
    /// The cursor of the next page; `None` on the last one.
    pub next_cursor: Option<String>,
}

text_enum! {
    /// How exact the number of items in a list is.
    TotalPrecision {
        /// It is exact.
        Exact = "exact",
        /// There are more, because counting stopped.
        AtLeast = "at_least",
    }
}

/// A page that a stream can follow.
pub trait Paged: Send + 'static {
    /// An item of the list.
    type Item: Send + 'static;

    /// The cursor of the next page; `None` on the last one.
    fn next_cursor(&self) -> Option<&str>;

    /// The items of the page.
    fn into_items(self) -> Vec<Self::Item>;
}

impl<T: Send + 'static> Paged for Page<T> {
    type Item = T;

    fn next_cursor(&self) -> Option<&str> {
        self.pagination.next_cursor.as_deref()
    }

    fn into_items(self) -> Vec<T> {
        self.data
    }
}

/// The pages of a list, each read when it is wanted. An item that stays in the list is on one page, whatever is added and
/// removed meanwhile.
///
/// Failures that may pass are repeated; the stream ends with an error that remains.
#[must_use = "a stream does nothing unless it is read"]
pub struct Pages<P>(BoxStream<'static, Result<P>>);

/// The items of a list, whose pages are read when they are wanted. See [`Pages`].
#[must_use = "a stream does nothing unless it is read"]
pub struct Items<T>(BoxStream<'static, Result<T>>);

impl<P: Paged> Pages<P> {
    /// The pages after a first one. `call` reads the page of a cursor, the first one for `None`.
    pub(crate) fn new(call: impl Fn(Option<String>) -> Call<P> + Send + 'static) -> Self {
        let first = Some(call(None));
        let pages = stream::try_unfold((first, call), |(next, call)| async move {
            let Some(next) = next else {
                return Ok(None);
            };
            let page = next.await?;
            let cursor = page.next_cursor().map(str::to_owned);
            let next = cursor.map(|cursor| call(Some(cursor)));
            Ok(Some((page, (next, call))))
        });
        Self(pages.boxed())
    }

    /// The items of all pages.
    pub fn items(self) -> Items<P::Item> {
        let items = self
            .0
            .map_ok(|page| stream::iter(page.into_items()).map(Ok))
            .try_flatten();
        Items(items.boxed())
    }
}

impl<P> Pages<P> {
    /// The next page; `None` after the last one.
    ///
    /// # Errors
    /// Those of the call that reads a page. The stream then ends.
    pub async fn next(&mut self) -> Option<Result<P>> {
        self.0.next().await
    }
}

impl<T> Items<T> {
    /// The next item; `None` after the last one.
    ///
    /// # Errors
    /// Those of the call that reads a page. The stream then ends.
    pub async fn next(&mut self) -> Option<Result<T>> {
        self.0.next().await
    }

    /// All items that are left.
    ///
    /// # Errors
    /// Those of the call that reads a page.
    pub async fn collect(self) -> Result<Vec<T>> {
        self.0.try_collect().await
    }
}

impl<P> Stream for Pages<P> {
    type Item = Result<P>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<P>>> {
        self.0.poll_next_unpin(context)
    }
}

impl<T> Stream for Items<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        self.0.poll_next_unpin(context)
    }
}

impl<P> fmt::Debug for Pages<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pages")
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Items")
    }
}
