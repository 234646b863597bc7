use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::images::{
    Deletion, Image, ImageFile, ImageStore, ImageStoreError, PublicId, Renditions,
};

/// An image store in memory with injected failures.
#[derive(Debug, Default)]
pub struct InMemoryImages {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    images: BTreeSet<PublicId>,
    uploads: VecDeque<Option<ImageStoreError>>,
    deletions: VecDeque<Option<ImageStoreError>>,
}

impl InMemoryImages {
    /// The ids of all stored images.
    pub fn images(&self) -> Vec<PublicId> {
        self.state().images.iter().cloned().collect()
    }

    /// Sets the results of the next uploads. `None` is a success.
    pub fn fail_uploads(&self, errors: impl IntoIterator<Item = Option<ImageStoreError>>) {
        self.state().uploads.extend(errors);
    }

    /// Sets the results of the next deletions. `None` is a success.
    pub fn fail_deletions(&self, errors: impl IntoIterator<Item = Option<ImageStoreError>>) {
        self.state().deletions.extend(errors);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Ignore poisoning: the panic of another test does not damage the data.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl ImageStore for InMemoryImages {
    async fn upload(&self, id: &PublicId, file: &ImageFile) -> Result<Image, ImageStoreError> {
        let mut state = self.state();
        match state.uploads.pop_front().flatten() {
            Some(ImageStoreError::NoPicture) => return Err(ImageStoreError::NoPicture),
            Some(error) => {
                // The upload may have succeeded despite the error.
                state.images.insert(id.clone());
                return Err(error);
            }
            None => drop(state.images.insert(id.clone())),
        }
        let url = |name: &str| format!("https://images.example/{id}/{name}");
        Ok(Image {
            id: id.clone(),
            width: file.width(),
            height: file.height(),
            format: file.format(),
            size: file.size(),
            original: url("original"),
            renditions: Renditions::transforms()
                .map(|transform| url(&format!("{:?}", transform.width))),
        })
    }

    async fn delete(&self, id: &PublicId) -> Result<Deletion, ImageStoreError> {
        let mut state = self.state();
        match state.deletions.pop_front().flatten() {
            Some(error) => Err(error),
            None if state.images.remove(id) => Ok(Deletion::Deleted),
            None => Ok(Deletion::NotFound),
        }
    }
}
