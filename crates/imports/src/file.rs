//! Files of imports, read on a thread that may wait.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use eggypro_domain::Bytes;
use eggypro_domain::imports::{Claim, ImportId, ImportRepository};
use tokio::runtime::Handle;

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

impl Read for ChunkReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.left.is_empty() {
            if self.next == self.chunks {
                return Ok(0);
            }
            if self.is_abandoned.load(Ordering::Relaxed) {
                return Err(io::Error::other("nobody wants the rows any more"));
            }
            let chunk = self.imports.chunk(self.import, self.next);
            let chunk = self.runtime.block_on(chunk).map_err(io::Error::other)?;
            // An import that was cancelled has no file any more. This is not the end of its file.
            self.left = chunk.ok_or_else(|| io::Error::other("the file was deleted"))?;
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
