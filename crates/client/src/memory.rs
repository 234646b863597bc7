//! Remembers answers with their entity tags, so that an unchanged one is not transferred again.

use bytes::Bytes;
use moka::sync::Cache;
use reqwest::header::{self, HeaderMap, HeaderValue};

/// Maximum number of remembered answers.
const MAX_ENTRIES: u64 = 1_024;

/// What an entry takes beside its body and address, in bytes, roughly.
const OVERHEAD: usize = 512;

/// The remembered answers of one client with its credentials, so that no caller is given what another may see.
#[derive(Debug)]
pub(crate) struct Memory(Cache<String, Remembered>);

/// An answer and its entity tag.
#[derive(Debug, Clone)]
pub(crate) struct Remembered {
    pub(crate) etag: HeaderValue,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Memory {
    /// A memory of this size in bytes. Each entry counts as at least its share of a full memory, which bounds their number.
    pub(crate) fn new(max_bytes: u64) -> Self {
        let least = u32::try_from(max_bytes / MAX_ENTRIES).unwrap_or(u32::MAX);
        let cache = Cache::builder().max_capacity(max_bytes);
        let weigh = move |url: &String, answer: &Remembered| {
            let size = url.len() + answer.body.len() + OVERHEAD;
            u32::try_from(size).unwrap_or(u32::MAX).max(least)
        };
        Self(cache.weigher(weigh).build())
    }

    pub(crate) fn get(&self, url: &str) -> Option<Remembered> {
        self.0.get(url)
    }

    /// Remembers an answer, if it has a tag and may be stored.
    pub(crate) fn keep(&self, url: &str, headers: &HeaderMap, body: &Bytes) {
        let control = headers.get(header::CACHE_CONTROL);
        let control = control.and_then(|value| value.to_str().ok());
        if control.is_some_and(|control| control.contains("no-store")) {
            return;
        }
        if let Some(etag) = headers.get(header::ETAG) {
            let remembered = Remembered {
                etag: etag.clone(),
                headers: headers.clone(),
                body: body.clone(),
            };
            self.0.insert(url.to_owned(), remembered);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tagged(etag: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ETAG, HeaderValue::from_static(etag))])
    }

    #[test]
    fn only_tagged_answers_are_kept() {
        let memory = Memory::new(1_000_000);
        memory.keep("/a", &tagged("\"1\""), &Bytes::from_static(b"{}"));
        assert_eq!(memory.get("/a").unwrap().etag, "\"1\"");
        memory.keep("/b", &HeaderMap::new(), &Bytes::from_static(b"{}"));
        assert!(memory.get("/b").is_none());
        let mut secret = tagged("\"1\"");
        secret.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        memory.keep("/c", &secret, &Bytes::from_static(b"{}"));
        assert!(memory.get("/c").is_none());
    }

    #[test]
    fn number_and_size_are_bounded() {
        let memory = Memory::new(1_000_000);
        for number in 0..5_000 {
            memory.keep(&format!("/{number}"), &tagged("\"1\""), &Bytes::new());
        }
        memory.0.run_pending_tasks();
        assert!(memory.0.entry_count() <= MAX_ENTRIES);
        memory.keep("/large", &tagged("\"1\""), &vec![0; 2_000_000].into());
        memory.0.run_pending_tasks();
        assert!(memory.get("/large").is_none());
        assert!(memory.0.weighted_size() <= 1_000_000);
    }
}
