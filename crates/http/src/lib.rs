#![doc = include_str!("../README.md")]

mod admin;
mod api;
mod categories;
mod cursor;
mod docs;
mod document;
mod edge;
mod entity_tag;
mod fields;
mod health;
mod json_body;
mod openapi;
mod problem;
mod products;
mod query;
mod routes;
mod server;
mod session;

pub use api::Api;
pub use edge::RateLimits;
pub use openapi::document as openapi_document;
pub use server::{HttpSettings, serve};
