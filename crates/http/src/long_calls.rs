//! Calls that may take longer than other requests.

use std::time::Duration;

/// The path that reads events; the call waits for new events.
pub(crate) const EVENTS: &str = "/api/events";

/// Maximum time that a call waits for events.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The path that compares the catalogue index with the database; the call reads all products.
pub(crate) const CHECK: &str = "/api/search/check";

/// The path that reports what products lack for feeds; the call reads all active products.
pub(crate) const FEED_REPORT: &str = "/api/feeds/report";

/// The path that takes files of imports; the call receives a file.
pub(crate) const IMPORTS: &str = "/api/imports";

/// Maximum time that the file of an import may take to arrive. The largest needs about 1 Mbit/s.
pub(crate) const LONGEST_UPLOAD: Duration = Duration::from_secs(1_800);

/// Maximum time of a call that reads all products.
pub(crate) const LONGEST_CHECK: Duration = Duration::from_secs(600);

/// Maximum time of the test of a webhook: of its request, and of reading the answer.
pub(crate) const LONGEST_WEBHOOK_TEST: Duration = Duration::from_secs(20);

/// Whether a path tests a webhook; the call waits for its receiver.
pub(crate) fn is_webhook_test(path: &str) -> bool {
    path.starts_with("/api/webhooks/") && path.ends_with("/test")
}
