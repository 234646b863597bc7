//! The client against a local server whose answers and failures each test decides.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod blocking;
mod events;
mod fixtures;
mod memory;
mod operations;
mod pages;
mod problems;
mod redirects;
mod retries;
mod secrets;
mod server;
mod types;
mod uploads;
mod webhooks;
