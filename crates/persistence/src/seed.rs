//! Catalogues for demonstration and for benchmarks. Both can be loaded again without duplicates.

mod demonstration;
mod generated;
mod removal;
mod vocabulary;

use diesel::prelude::*;
use eggypro_domain::changes::Origin;

use crate::ConnectFailure;

pub use self::demonstration::{DemonstrationProduct, DemonstrationReview, Loaded, load};
pub use self::generated::{generate, slugs};
pub use self::removal::{has_others, missing, remove};

/// Sets the origin of the current transaction to the seed.
fn sign(connection: &mut PgConnection) -> QueryResult<()> {
    crate::database::sign(connection, &Origin::system("seed"))
}

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
