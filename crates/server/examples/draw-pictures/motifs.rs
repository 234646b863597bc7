//! Motifs of flavours. Each is about 200 × 200 units large, around the origin.

pub(crate) mod drinks;
pub(crate) mod fruits;
pub(crate) mod nuts;
pub(crate) mod spices;
pub(crate) mod sweets;
