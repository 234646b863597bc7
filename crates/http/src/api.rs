//! The resources of the API. Each resource has a module, and each call a file in it.

pub(crate) mod admin;
pub(crate) mod cached_answer;
pub(crate) mod categories;
pub(crate) mod changes;
pub(crate) mod docs;
pub(crate) mod feeds;
pub(crate) mod health;
pub(crate) mod images;
pub(crate) mod imports;
pub(crate) mod keys;
pub(crate) mod media;
pub(crate) mod metrics;
mod newest_first;
mod product_file;
pub(crate) mod products;
pub(crate) mod reservations;
pub(crate) mod reviews;
pub(crate) mod root;
pub(crate) mod search;
pub(crate) mod session;
pub(crate) mod stock;
pub(crate) mod ucp;
pub(crate) mod webhooks;
