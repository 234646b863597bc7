use std::fmt;
use std::path::Path;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, Stream};
use reqwest::header::HeaderMap;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use crate::{Error, Result};

/// A file that the server sends. It is read as it arrives, so that only a part of it is in memory. Each part may take as long
/// as an attempt of a call.
pub struct Download {
    response: reqwest::Response,
    timeout: Duration,
}

impl Download {
    pub(crate) fn new(response: reqwest::Response, timeout: Duration) -> Self {
        Self { response, timeout }
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The next part; `None` at the end.
    ///
    /// # Errors
    /// If the connection is lost before the end of the file, or the part does not arrive in time.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        let chunk = timeout(self.timeout, self.response.chunk()).await;
        let chunk = chunk.map_err(|_| Error::Timeout(self.timeout))?;
        chunk.map_err(Error::from)
    }

    /// The whole file.
    ///
    /// # Errors
    /// As for [`chunk`](Self::chunk).
    pub async fn bytes(mut self) -> Result<Bytes> {
        let mut bytes = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }

    /// The file as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes>> + Send {
        stream::try_unfold(self, |mut file| async move {
            let chunk = file.chunk().await?;
            Ok(chunk.map(|chunk| (chunk, file)))
        })
    }

    /// Writes the file to a path. A partial file remains after an error.
    ///
    /// # Errors
    /// As for [`chunk`](Self::chunk), and if the file can't be written.
    pub async fn save(mut self, path: impl AsRef<Path>) -> Result<()> {
        let mut file = tokio::fs::File::create(path).await.map_err(Error::File)?;
        while let Some(chunk) = self.chunk().await? {
            file.write_all(&chunk).await.map_err(Error::File)?;
        }
        file.flush().await.map_err(Error::File)
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut download = f.debug_struct("Download");
        download.field("status", &self.response.status());
        download.finish_non_exhaustive()
    }
}
