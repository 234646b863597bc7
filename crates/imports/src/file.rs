//! Files of imports, read on a thread that may wait.

use std::io::{self, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use eggypro_domain::imports::{Claim, ImportId, ImportRepository};
use eggypro_domain::{Bytes, StoreError};
use tokio::runtime::Handle;

use crate::PAUSE;

/// Reads the chunks of a file one after another. It waits for the store, so it must not be used on a thread that runs
/// tasks.
pub(crate) struct ChunkReader {
    imports: Arc<dyn ImportRepository>,
    runtime: Handle,
    import: ImportId,
    chunks: u32,
    next: u32,
    left: Bytes,
    is_abandoned: Arc<AtomicBool>,
}

/// While it lives, the readers of a run go on.
#[derive(Default)]
pub(crate) struct Reading(Arc<AtomicBool>);

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Reading {
    /// A reader of the file from its beginning. To be called within a runtime.
    pub(crate) fn open(&self, imports: &Arc<dyn ImportRepository>, claim: &Claim) -> ChunkReader {
        ChunkReader {
            imports: Arc::clone(imports),
            runtime: Handle::current(),
            import: claim.import.id,
            chunks: claim.chunks,
            next: 0,
            left: Bytes::new(),
            is_abandoned: Arc::clone(&self.0),
        }
    }
}

impl ChunkReader {
    /// The next chunk. Waits while the store is unavailable.
    fn chunk(&self) -> io::Result<Bytes> {
        while !self.is_abandoned.load(Ordering::Relaxed) {
            let chunk = self.imports.chunk(self.import, self.next);
            match self.runtime.block_on(chunk) {
                Ok(Some(chunk)) => return Ok(chunk),
                // An import that has ended has no file any more. This is not the end of its file.
                Ok(None) => return Err(ErrorKind::NotFound.into()),
                Err(StoreError::Unavailable(_)) => thread::sleep(PAUSE),
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Err(io::Error::other("nobody wants the rows any more"))
    }
}

impl Read for ChunkReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.left.is_empty() {
            if self.next == self.chunks {
                return Ok(0);
            }
            self.left = self.chunk()?;
            self.next += 1;
        }
        let length = buffer.len().min(self.left.len());
        let read = self.left.split_to(length);
        if let Some(target) = buffer.get_mut(..length) {
            target.copy_from_slice(&read);
        }
        Ok(length)
    }
}
