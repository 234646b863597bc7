//! Helpers for the tests of this package: a running shop, its users, and products for it.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test whose shop does not work has failed"
)]

mod answer;
mod fixtures;
mod imports;
mod log;
mod pictures;
mod pooler;
mod prices;
mod proxy;
mod reviews;
mod shop;
mod webhooks;

pub use self::answer::Answer;
pub use self::fixtures::{a_category, a_product};
pub use self::pictures::{IMAGES, a_photo, form, upload};
pub use self::pooler::Pooler;
pub use self::prices::PRICED;
pub use self::proxy::{NetworkState, Proxy};
pub use self::reviews::{REVIEWS, a_review};
pub use self::shop::{ADMIN_SECRET, JWT_SECRET, ORIGIN, TestShop, User};
pub use self::webhooks::{Received, Receiver};
