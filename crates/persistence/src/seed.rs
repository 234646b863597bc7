//! Catalogues for demonstration and for measurement. Both may be loaded again without doubling anything.

mod demonstration;
mod generated;
mod removal;
mod vocabulary;

use eggypro_domain::changes::Tag;

use crate::ConnectFailure;

pub use self::demonstration::{DemonstrationProduct, DemonstrationReview, Loaded, load};
pub use self::generated::{generate, slugs};
pub use self::removal::{has_others, remove};

/// What a catalogue touches, for servers that run meanwhile.
const EVERYTHING: [Tag; 3] = [Tag::Products, Tag::EveryProduct, Tag::Categories];

/// Why a catalogue was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The database can't be reached.
    #[error("the database can't be reached: {0}")]
    Unreachable(#[from] ConnectFailure),
    /// A statement failed.
    #[error("a statement failed: {0}")]
    Failed(#[from] diesel::result::Error),
}
