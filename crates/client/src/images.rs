//! Images that the shop stores.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::operation::{self as op, Operation};
use crate::request::{Body, Request};
use crate::upload::Form;
use crate::{Call, Client, Upload};

/// A stored image with its renditions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Image {
    /// The id to delete it by.
    pub public_id: String,
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
    /// `jpeg`, `png` or `webp`.
    pub format: String,
    /// The size in bytes.
    pub size: u64,
    /// The URL of the image itself.
    pub original: String,
    /// The URL of a rendition for the page of a product, at most 800 pixels wide.
    pub optimized: String,
    /// The URL of a rendition for lists, at most 400 × 400 pixels.
    pub thumbnail: String,
    /// URLs for `srcset`, by width: `400w`, `800w`, `1200w`.
    pub responsive: BTreeMap<String, String>,
}

/// The images of an upload, in the order of its files.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct UploadedImages {
    /// The images.
    pub images: Vec<Image>,
}

/// The calls of images. See [`Client::images`].
#[derive(Debug, Clone, Copy)]
pub struct Images<'a>(&'a Client);

impl Client {
    /// Images that the shop stores.
    pub fn images(&self) -> Images<'_> {
        Images(self)
    }
}

impl Images<'_> {
    /// Stores 1 to 10 JPEG, PNG or WebP files of at most 10 MB each. All are stored or none. No product shows them until
    /// their URLs are among its `images`.
    ///
    /// # Errors
    /// 413 if a file is too large, 415 if it is no image of these types.
    pub fn upload(&self, files: impl IntoIterator<Item = Upload>) -> Call<UploadedImages> {
        self.send(&op::UPLOAD_IMAGES, &[], files)
    }

    /// Stores files as [`upload`](Self::upload) does, and adds them to the end of the product's `images`.
    ///
    /// # Errors
    /// As for [`upload`](Self::upload), and 404 if there is no such product.
    pub fn upload_to(
        &self,
        product: &str,
        files: impl IntoIterator<Item = Upload>,
    ) -> Call<UploadedImages> {
        self.send(&op::UPLOAD_PRODUCT_IMAGES, &[&product], files)
    }

    /// Deletes an image, also from the products that show it.
    ///
    /// # Errors
    /// 404, 403 without `products:delete`.
    pub fn delete(&self, public_id: &str) -> Call<()> {
        Call::empty(self.0, Request::new(&op::DELETE_IMAGE, &[&public_id]))
    }

    fn send(
        &self,
        operation: &'static Operation,
        arguments: &[&dyn std::fmt::Display],
        files: impl IntoIterator<Item = Upload>,
    ) -> Call<UploadedImages> {
        let form = Form(files.into_iter().collect());
        let request = Request::new(operation, arguments).body(Body::Form(form));
        Call::json(self.0, request)
    }
}
