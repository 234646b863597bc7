//! The catalog of the Universal Commerce Protocol (UCP): `/.well-known/ucp`, `/ucp/catalog/…` over REST, and `/ucp/mcp`.
//!
//! A product of the protocol has variants, each of which can be bought. A group of the shop is such a product, with its
//! active products as variants. A product without a group is a product with one variant. [`CatalogProduct`] is both.
//!
//! Besides its handler, each of `search.rs`, `lookup.rs` and `product.rs` has a function from a request to an answer as
//! JSON, which `mcp.rs` calls as well.
//!
//! Source: <https://ucp.dev/2026-04-08/specification/catalog/rest>
//!
//! [`CatalogProduct`]: catalog_product::CatalogProduct

mod agent;
mod answer;
mod catalog_product;
mod envelope;
mod filters;
mod ids;
mod lookup;
mod mcp;
mod minor_units;
mod options;
mod product;
mod profile;
mod request;
mod resolve;
mod search;
mod shape;

pub(crate) use self::lookup::lookup;
pub(crate) use self::mcp::serve as mcp;
pub(crate) use self::product::product;
pub(crate) use self::profile::profile;
pub(crate) use self::search::search;

#[cfg(test)]
mod tests;
