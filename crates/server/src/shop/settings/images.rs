use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use eggypro_domain::health::Probe;
use eggypro_domain::images::ImageStore;
use eggypro_imaging::LocalImages;
use eggypro_imaging::cloudinary::{Cloudinary, CloudinarySettings};

/// Where images are stored.
#[derive(Debug, Clone)]
pub enum ImageSettings {
    /// At Cloudinary.
    Cloudinary(CloudinarySettings),
    /// In this folder, which the shop serves as `/media`.
    Folder(PathBuf),
}

/// An opened image store.
pub(crate) struct Images {
    pub(crate) store: Arc<dyn ImageStore>,
    /// Whether the store is available; `None` for a folder.
    pub(crate) probe: Option<Arc<dyn Probe>>,
    /// The address of this server, with which the addresses of images of a folder begin; `None` for Cloudinary.
    pub(crate) base: Option<String>,
}

impl ImageSettings {
    /// Opens the image store of a shop that listens at this address.
    ///
    /// # Errors
    /// When the settings can't be used.
    pub(crate) fn open(&self, address: SocketAddr) -> io::Result<Images> {
        match self {
            Self::Cloudinary(settings) => {
                let cloudinary = Cloudinary::new(settings.clone()).map_err(io::Error::other)?;
                let cloudinary = Arc::new(cloudinary);
                Ok(Images {
                    store: cloudinary.clone(),
                    probe: Some(cloudinary),
                    base: None,
                })
            }
            Self::Folder(folder) => {
                let host = if address.ip().is_unspecified() {
                    format!("localhost:{}", address.port())
                } else {
                    address.to_string()
                };
                let base = format!("http://{host}/media");
                Ok(Images {
                    store: Arc::new(LocalImages::new(folder, &base)),
                    probe: None,
                    base: Some(base),
                })
            }
        }
    }
}
