//! Stores the file of an import in chunks while it arrives.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, BytesMut};
use eggypro_domain::StoreError;
use eggypro_domain::imports::{
    ImportId, ImportRepository, ImportStatus, MAX_CHUNK, MAX_UNFINISHED, NewImport,
};
use futures_util::{Stream, StreamExt};
use tokio::runtime::Handle;

use super::ended;
use crate::message::problem::{FieldError, Problem};

/// A file that is being received. Unless it is [completed](Self::complete), dropping it cancels its import, also if the
/// client has gone or the request takes too long. After a crash of the server, the store deletes the import a day later.
pub(super) struct Upload {
    imports: Arc<dyn ImportRepository>,
    new: NewImport,
    /// The import, once a chunk is stored.
    import: Option<ImportId>,
    /// The number of chunks that are stored.
    chunks: u32,
    /// What has arrived since.
    buffer: BytesMut,
    /// The length of the file so far, in bytes.
    length: usize,
    /// Its maximum.
    most: usize,
}

impl Upload {
    /// A file of at most this many bytes. Nothing is stored before its first chunk, or its end.
    pub(super) fn new(imports: Arc<dyn ImportRepository>, new: NewImport, most: usize) -> Self {
        Self {
            imports,
            new,
            import: None,
            chunks: 0,
            buffer: BytesMut::new(),
            length: 0,
            most,
        }
    }

    /// Receives a file, and stores all of it but what is less than a chunk. The store is waited for before more is read,
    /// so that the memory holds about a chunk. Each chunk may take this time to arrive.
    ///
    /// # Errors
    /// 413 if the file is too large, 408 if it arrives too slowly, 409 if its import was cancelled.
    pub(super) async fn receive(
        &mut self,
        mut file: impl Stream<Item = Result<Bytes, Problem>> + Unpin,
        time: Duration,
    ) -> Result<(), Problem> {
        while in_time(time, self.fill(&mut file)).await?? {
            let chunk = self.buffer.split_to(MAX_CHUNK).freeze();
            self.store(chunk).await?;
        }
        Ok(())
    }

    /// Reads until there is a chunk. Returns whether there is one; otherwise the file has ended.
    async fn fill(
        &mut self,
        file: &mut (impl Stream<Item = Result<Bytes, Problem>> + Unpin),
    ) -> Result<bool, Problem> {
        while self.buffer.len() < MAX_CHUNK {
            let Some(bytes) = file.next().await else {
                return Ok(false);
            };
            let bytes = bytes?;
            self.length += bytes.len();
            if self.length > self.most {
                return Err(too_large(self.most));
            }
            self.buffer.extend_from_slice(&bytes);
        }
        Ok(true)
    }

    async fn store(&mut self, chunk: Bytes) -> Result<(), Problem> {
        let id = self.id().await?;
        let append = || self.imports.append(id, self.chunks, chunk.clone());
        if !patiently(append).await? {
            return Err(ended(ImportStatus::Cancelled));
        }
        self.chunks += 1;
        Ok(())
    }

    /// The id of the import, which is created at the first call.
    async fn id(&mut self) -> Result<ImportId, Problem> {
        if let Some(id) = self.import {
            return Ok(id);
        }
        if self.imports.unfinished().await? >= MAX_UNFINISHED {
            return Err(too_many());
        }
        let import = self.imports.create(self.new.clone()).await?;
        self.import = Some(import.id);
        Ok(import.id)
    }

    /// Stores the rest of the file, after which the import runs.
    ///
    /// # Errors
    /// 400 if the file is empty, 409 if its import was cancelled.
    pub(super) async fn complete(mut self) -> Result<ImportId, Problem> {
        if self.length == 0 {
            return Err(no_file());
        }
        if !self.buffer.is_empty() {
            let rest = self.buffer.split().freeze();
            self.store(rest).await?;
        }
        let id = self.id().await?;
        // If this fails, nobody knows whether the import runs. The client sends the file again, so it must not.
        let import = self.imports.complete(id, self.chunks).await?;
        self.import = None;
        match import {
            Some(import) if import.status != ImportStatus::Cancelled => Ok(id),
            _ => Err(ended(ImportStatus::Cancelled)),
        }
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let (Some(id), Ok(runtime)) = (self.import.take(), Handle::try_current()) else {
            return;
        };
        let imports = Arc::clone(&self.imports);
        runtime.spawn(async move {
            if let Err(error) = imports.cancel(id).await {
                tracing::warn!(%id, %error, "an import whose upload has failed was not cancelled");
            }
        });
    }
}

/// How long a chunk waits for a store that is unavailable.
const PATIENCE: Duration = Duration::from_secs(10);

/// Calls the store again while it is unavailable, for [`PATIENCE`]. The call must have its effect only once.
async fn patiently<T>(call: impl AsyncFn() -> Result<T, StoreError>) -> Result<T, StoreError> {
    let started = Instant::now();
    loop {
        match call().await {
            Err(StoreError::Unavailable(_)) if started.elapsed() < PATIENCE => {}
            result => return result,
        }
        tokio::time::sleep(PATIENCE / 20).await;
    }
}

/// 409 because others have to end first.
fn too_many() -> Problem {
    let detail = format!("{MAX_UNFINISHED} imports have not ended. Wait for them, or cancel one.");
    Problem::new(StatusCode::CONFLICT, "too-many-imports", detail)
}

/// What a client sends, if it comes in time.
///
/// # Errors
/// 408 if it does not.
pub(super) async fn in_time<T>(
    time: Duration,
    arrival: impl Future<Output = T>,
) -> Result<T, Problem> {
    let arrived = tokio::time::timeout(time, arrival).await;
    arrived.map_err(|_| {
        let detail =
            format!("The file arrives too slowly: each MiB of it must arrive within {time:?}.");
        Problem::new(StatusCode::REQUEST_TIMEOUT, "body-too-slow", detail)
    })
}

/// 413 for a file of more than this many bytes.
pub(super) fn too_large(most: usize) -> Problem {
    let detail = format!("File size exceeds {}MB limit", most / (1024 * 1024));
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file-too-large", detail)
}

fn no_file() -> Problem {
    let detail = "The body has no file, or an empty one.";
    Problem::new(StatusCode::BAD_REQUEST, "file-required", detail).with_error(FieldError {
        field: "file".to_owned(),
        message: "File is required".to_owned(),
    })
}

#[cfg(test)]
mod tests;
