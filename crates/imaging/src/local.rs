mod render;
mod resize;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use eggypro_domain::images::{
    Deletion, Image, ImageFile, ImageStore, ImageStoreError, PublicId, Renditions,
};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use self::render::{Rendered, render};

/// Memory for pictures that are decoded at the same time, in MiB. At most two pictures are decoded at once; a large one
/// is decoded alone.
const MEMORY: u32 = 160;

/// Stores pictures in a local folder, for development. Renditions are created during the upload and stored next to the
/// original. Another component must serve the folder.
#[derive(Debug)]
pub struct LocalImages {
    folder: PathBuf,
    base: String,
    memory: Arc<Semaphore>,
}

impl LocalImages {
    /// Subfolder for incomplete pictures. No valid id refers to it.
    const INCOMING: &str = ".incoming";

    /// Stores pictures in a folder that is served at a URL such as `http://localhost:8080/media`.
    pub fn new(folder: impl Into<PathBuf>, base: &str) -> Self {
        Self {
            folder: folder.into(),
            base: base.trim_end_matches('/').to_owned(),
            memory: Arc::new(Semaphore::new(MEMORY as usize)),
        }
    }

    /// The folder of a picture, and its folder while it is incomplete.
    fn paths(&self, id: &PublicId) -> (PathBuf, PathBuf) {
        let incoming = self.folder.join(Self::INCOMING);
        (self.folder.join(id.as_str()), incoming.join(id.as_str()))
    }

    fn image(&self, id: &PublicId, file: &ImageFile, rendered: &Rendered) -> Image {
        let url = |name: &str| format!("{}/{id}/{name}", self.base);
        Image {
            id: id.clone(),
            width: rendered.width,
            height: rendered.height,
            format: file.format(),
            size: file.size(),
            original: url(&original_name(file)),
            renditions: Renditions {
                optimized: url(&rendered.files.optimized.0),
                thumbnail: url(&rendered.files.thumbnail.0),
                responsive: rendered
                    .files
                    .responsive
                    .iter()
                    .map(|(width, (name, _))| (width.clone(), url(name)))
                    .collect(),
            },
        }
    }
}

#[async_trait]
impl ImageStore for LocalImages {
    async fn upload(&self, id: &PublicId, file: &ImageFile) -> Result<Image, ImageStoreError> {
        let wanted = render::memory_for(file).clamp(MEMORY / 2, MEMORY);
        let permit = Arc::clone(&self.memory).acquire_many_owned(wanted).await;
        let permit = permit.map_err(|_| unavailable("the server is stopping"))?;
        let (picture, paths) = (file.clone(), self.paths(id));
        let work = spawn_blocking(move || {
            // Held until the work is done, even if the caller is cancelled.
            let _permit = permit;
            let rendered = render(&picture).ok_or(ImageStoreError::NoPicture)?;
            write(&picture, &rendered, &paths).map_err(|error| failed(&error))?;
            Ok::<_, ImageStoreError>(rendered)
        });
        let rendered = work.await.map_err(|error| match error.is_panic() {
            // A decoder panics only on invalid pictures.
            true => ImageStoreError::NoPicture,
            false => unavailable("the server is stopping"),
        })??;
        Ok(self.image(id, file, &rendered))
    }

    async fn delete(&self, id: &PublicId) -> Result<Deletion, ImageStoreError> {
        let (target, incoming) = self.paths(id);
        let work = spawn_blocking(move || {
            remove(&incoming)?;
            remove(&target)
        });
        match work.await {
            Ok(Ok(true)) => Ok(Deletion::Deleted),
            Ok(Ok(false)) => Ok(Deletion::NotFound),
            Ok(Err(error)) => Err(failed(&error)),
            Err(_) => Err(unavailable("the server is stopping")),
        }
    }
}

fn original_name(file: &ImageFile) -> String {
    format!("original.{}", file.format().as_str())
}

/// Writes all files of a picture. They become visible at once, by a rename.
fn write(
    file: &ImageFile,
    rendered: &Rendered,
    (target, incoming): &(PathBuf, PathBuf),
) -> io::Result<()> {
    remove(incoming)?;
    fs::create_dir_all(incoming)?;
    fs::write(incoming.join(original_name(file)), file.bytes())?;
    let Renditions {
        optimized,
        thumbnail,
        responsive,
    } = &rendered.files;
    for (name, bytes) in [optimized, thumbnail]
        .into_iter()
        .chain(responsive.values())
    {
        fs::write(incoming.join(name), bytes)?;
    }
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent)?;
    }
    remove(target)?;
    fs::rename(incoming, target)
}

/// Removes a folder; returns whether it existed.
fn remove(folder: &Path) -> io::Result<bool> {
    match fs::remove_dir_all(folder) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Reports only the kind of the error, since the error itself contains the path of the folder.
fn failed(error: &io::Error) -> ImageStoreError {
    unavailable(&format!("the folder of images: {}", error.kind()))
}

fn unavailable(reason: &str) -> ImageStoreError {
    ImageStoreError::Unavailable {
        reason: reason.to_owned(),
        retry_after: None,
    }
}
