//! Images: the pictures of products, where they are stored, and the sizes that they are shown in.

mod file;
mod image;
mod input;
mod repository;
mod service;
mod store;
mod transform;

pub use file::{ImageFile, ImageFormat, ImageMetadata, InvalidImage, UnknownFormat};
pub use image::{Image, InvalidPublicId, PublicId, StoredImage};
pub use input::{InvalidUpload, Upload};
pub use repository::{ConfirmError, ImageRepository};
pub use service::{ImageError, ImageService, Removed};
pub use store::{Deletion, ImageStore, ImageStoreError};
pub use transform::{Crop, DeliveryFormat, ImageTransform, Quality, Renditions};
