use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use eggypro_domain::Bytes;
use eggypro_domain::imports::{ImportId, ImportRepository, MAX_CHUNK, MAX_FILE};
use tokio::sync::mpsc::{self, Sender};
use tokio::task::spawn_blocking;

use super::progress::upload_bar;
use crate::failure::Failure;

/// What is imported.
pub(super) struct Source {
    name: String,
    input: Box<dyn Read + Send>,
    /// `None` if it is not known.
    length: Option<u64>,
}

impl Source {
    /// A file, or standard input for `-`.
    pub(super) fn open(file: &Path) -> Result<Self, Failure> {
        if file == Path::new("-") {
            return Ok(Self {
                name: "Standard input".to_owned(),
                input: Box::new(io::stdin()),
                length: None,
            });
        }
        let name = file.display().to_string();
        let opened = File::open(file).and_then(|input| Ok((input.metadata()?, input)));
        let (metadata, input) = opened.map_err(|error| unreadable(&name, &error))?;
        if metadata.is_dir() {
            return Err(unreadable(&name, &io::ErrorKind::IsADirectory.into()));
        }
        Ok(Self {
            name,
            input: Box::new(input),
            length: metadata.is_file().then_some(metadata.len()),
        })
    }
}

fn too_large(name: &str) -> Failure {
    let most = MAX_FILE / (1024 * 1024);
    format!("{name} is larger than {most} MB. Import it in parts").into()
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    format!("{name} can't be read: {error}").into()
}

/// Stores a source as the file of an import, so that it can be claimed. Ends early if the import is cancelled.
pub(super) async fn upload(
    imports: &dyn ImportRepository,
    id: ImportId,
    source: Source,
) -> Result<(), Failure> {
    let Source {
        name,
        input,
        length,
    } = source;
    let progress = upload_bar(length)?;
    let (sender, mut chunks) = mpsc::channel(1);
    spawn_blocking(move || send(input, &sender));
    let (mut number, mut length_so_far) = (0, 0);
    while let Some(chunk) = chunks.recv().await {
        let chunk = chunk.map_err(|error| unreadable(&name, &error))?;
        length_so_far += chunk.len();
        if length_so_far > MAX_FILE {
            return Err(too_large(&name));
        }
        let stored = u64::try_from(chunk.len())?;
        if !imports.append(id, number, chunk).await? {
            return Ok(());
        }
        number += 1;
        progress.inc(stored);
    }
    progress.finish_and_clear();
    imports.complete(id, number).await?;
    Ok(())
}

/// Sends an input in chunks, until it ends or the receiver is gone.
fn send(mut input: impl Read, chunks: &Sender<io::Result<Bytes>>) {
    loop {
        let mut chunk = Vec::with_capacity(MAX_CHUNK);
        let limit = MAX_CHUNK as u64;
        let (chunk, goes_on) = match input.by_ref().take(limit).read_to_end(&mut chunk) {
            Ok(0) => return,
            Ok(_) => (Ok(Bytes::from(chunk)), true),
            Err(error) => (Err(error), false),
        };
        if chunks.blocking_send(chunk).is_err() || !goes_on {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_sent_in_full_chunks() {
        let (sender, mut chunks) = mpsc::channel(9);
        let pieces = io::repeat(1).take(5);
        let input = pieces.chain(io::repeat(2).take(limit() + 2));
        send(input, &sender);
        drop(sender);
        let lengths = std::iter::from_fn(|| chunks.blocking_recv());
        let lengths: Vec<usize> = lengths.map(|chunk| chunk.unwrap().len()).collect();
        assert_eq!(lengths, [MAX_CHUNK, 7]);
    }

    #[test]
    fn a_failure_ends_the_input() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        let (sender, mut chunks) = mpsc::channel(9);
        send(Broken, &sender);
        drop(sender);
        assert!(chunks.blocking_recv().unwrap().is_err());
        assert!(chunks.blocking_recv().is_none());
    }

    fn limit() -> u64 {
        MAX_CHUNK as u64
    }
}
