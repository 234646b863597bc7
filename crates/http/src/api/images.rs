//! `/api/images` and `/api/products/{slug}/images`, with a file for each call.

mod body;
mod delete;
mod files;
mod upload;

pub(crate) use self::delete::{__path_delete, delete};
pub(crate) use self::files::UploadMemory;
pub(crate) use self::upload::{__path_upload, __path_upload_to_product, upload, upload_to_product};
