//! Feeds for search engines and marketplaces.

use serde::Deserialize;

use crate::operation as op;
use crate::request::Request;
use crate::text_enum::text_enum;
use crate::{Call, Client, Download};

/// What active products lack for feeds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FeedReport {
    /// At most 1 000 findings, those that exclude products first.
    pub data: Vec<FeedFinding>,
    /// The number of products that were checked.
    pub checked: u64,
    /// The number of products that feeds leave out.
    pub excluded: u64,
    /// Whether there are more findings.
    pub has_more: bool,
}

/// A rule that a product breaks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FeedFinding {
    /// The slug of the product.
    pub slug: String,
    /// The field of the product.
    pub field: String,
    /// The rule, for people.
    pub rule: String,
    /// What follows from it.
    pub severity: Severity,
    /// The feeds that have the rule.
    pub feeds: Vec<String>,
}

text_enum! {
    /// What follows from a broken rule.
    Severity {
        /// Feeds leave the product out.
        Excluded = "excluded",
        /// The product would be shown better.
        Advised = "advised",
    }
}

/// The calls of feeds. See [`Client::feeds`].
#[derive(Debug, Clone, Copy)]
pub struct Feeds<'a>(&'a Client);

impl Client {
    /// Feeds for search engines and marketplaces.
    pub fn feeds(&self) -> Feeds<'_> {
        Feeds(self)
    }
}

impl Feeds<'_> {
    /// Reads what products lack for feeds.
    ///
    /// # Errors
    /// 403 without `products:read`.
    pub fn report(&self) -> Call<FeedReport> {
        Call::json(self.0, Request::new(&op::READ_FEED_REPORT, &[]))
    }

    /// Downloads the feed of Google Merchant Center (RSS 2.0).
    pub fn google(&self) -> Call<Download> {
        Call::download(self.0, Request::new(&op::READ_GOOGLE_FEED, &[]))
    }

    /// Downloads the feed of OpenAI (JSON lines, gzip).
    pub fn openai(&self) -> Call<Download> {
        Call::download(self.0, Request::new(&op::READ_OPENAI_FEED, &[]))
    }

    /// Downloads the sitemap.
    pub fn sitemap(&self) -> Call<Download> {
        Call::download(self.0, Request::new(&op::READ_SITEMAP, &[]))
    }
}
