//! Cloudinary: calls to its upload API, their signatures, and delivery URLs of pictures.

mod call;
mod client;
mod delivery;
mod signature;

pub use self::call::CallError;
pub use self::client::{Cloudinary, CloudinarySettings, InvalidSettings};
pub use self::delivery::{Delivery, Transformation};
pub use self::signature::{Algorithm, EmptySecret, Fields, Signer, Version};

/// The URL of a call: an action such as `upload` on a resource type such as `image`. `prefix` is
/// `https://api.cloudinary.com`, except for tests and regional accounts.
pub fn endpoint(prefix: &str, cloud: &str, resource: &str, action: &str) -> String {
    let prefix = prefix.trim_end_matches('/');
    let cloud = delivery::segment(cloud);
    format!("{prefix}/v1_1/{cloud}/{resource}/{action}")
}
