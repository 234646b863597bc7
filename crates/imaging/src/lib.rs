#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

pub mod cloudinary;
mod colour;
mod local;
mod picture;

#[cfg(feature = "testing")]
pub mod testing;

pub use local::LocalImages;
