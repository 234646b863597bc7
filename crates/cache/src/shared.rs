use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use eggypro_domain::changes::Change;
use eggypro_redis::Redis;
use eggypro_redis::redis::{Script, cmd};
use sha2::{Digest, Sha256};

use crate::key::Key;

/// Version of the layout of the stored values. It is part of the keys, so servers with another layout do not see them.
pub(crate) const LAYOUT: u8 = 2;

/// Lifetime of a tag's token. When a token expires, all answers that were stored under it become invalid.
const TOKEN_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Returns an entry, its remaining lifetime and the tokens of its tags. A tag without a token gets the token that the
/// caller passes.
const FETCH: &str = "local found = redis.pcall('GET', KEYS[1]) \
     if type(found) ~= 'string' then found = false end \
     local tokens = {} \
     for i = 2, #KEYS do \
     local token = redis.pcall('GET', KEYS[i]) \
     if type(token) ~= 'string' or #token ~= 16 then \
     token = ARGV[1]; redis.call('SET', KEYS[i], token, 'EX', ARGV[2]) end \
     tokens[i - 1] = token end return { found, redis.call('PTTL', KEYS[1]), tokens }";

/// The cache in Redis that all servers share. An entry is stored together with the tokens of its tags. Deleting a tag's
/// token raises the tag. The next token is random, so no token is ever used again.
pub(crate) struct Shared {
    redis: Redis,
    prefix: String,
    lifetime: Duration,
    fetch: Script,
    /// Number of requested resets. A reset invalidates everything in Redis, for example because a change could not be
    /// raised. Redis is not used until `resets_done` has caught up.
    resets_requested: AtomicU64,
    resets_done: AtomicU64,
    seen_connections: AtomicU64,
}

pub(crate) type Token = [u8; 16];

pub(crate) enum Fetched {
    Found {
        bytes: Bytes,
        lifetime: Duration,
    },
    /// No valid entry. An answer whose load starts now may be stored under these tokens.
    Missing(Vec<Token>),
    /// Redis is unavailable or can't be trusted, or the answer is not shared.
    Unusable,
}

impl Shared {
    pub(crate) fn new(redis: Redis, prefix: &str, lifetime: Duration) -> Self {
        Self {
            redis,
            // The hash tag in braces puts all keys into one slot of a cluster, which scripts require.
            prefix: format!("{{{prefix}}}:cache:{LAYOUT}"),
            lifetime,
            fetch: Script::new(FETCH),
            resets_requested: AtomicU64::new(0),
            resets_done: AtomicU64::new(0),
            seen_connections: AtomicU64::new(0),
        }
    }

    pub(crate) fn failures(&self) -> u64 {
        self.redis.failures()
    }

    pub(crate) async fn fetch(&self, key: &Key) -> Fetched {
        if !self.complete_resets().await {
            return Fetched::Unusable;
        }
        let mut script = self.fetch.key(self.entry(key));
        script.key(self.token_of_all());
        for tag in key.tags() {
            script.key(self.token(tag));
        }
        let fresh: Token = rand::random();
        script.arg(&fresh).arg(TOKEN_LIFETIME.as_secs());
        let fetch = async |mut connection| {
            let answer = script.invoke_async(&mut connection).await;
            answer.map(|found: (Option<Vec<u8>>, i64, Vec<Token>)| found)
        };
        let connections = self.redis.connections();
        let Some((value, lifetime, tokens)) = self.redis.call(fetch).await else {
            return Fetched::Unusable;
        };
        if self.redis.connections() != connections {
            // The reply came over a new connection, perhaps from a server with older data.
            return Fetched::Unusable;
        }
        let lifetime = u64::try_from(lifetime).map_or(Duration::ZERO, Duration::from_millis);
        match value.and_then(|value| unpack(value, &tokens)) {
            // Entries are always stored with an expiry, so a value without one is garbage.
            Some(bytes) if (1..=self.lifetime.as_millis()).contains(&lifetime.as_millis()) => {
                Fetched::Found { bytes, lifetime }
            }
            _ => Fetched::Missing(tokens),
        }
    }

    pub(crate) async fn store(&self, key: &Key, tokens: &[Token], bytes: &Bytes) {
        let value = pack(tokens, bytes);
        let milliseconds = u64::try_from(self.lifetime.as_millis()).unwrap_or(u64::MAX);
        let store = async |mut connection| {
            cmd("SET")
                .arg(self.entry(key))
                .arg(value)
                .arg("PX")
                .arg(milliseconds)
                .query_async::<()>(&mut connection)
                .await
        };
        self.redis.call(store).await;
    }

    /// Raises the tags of a change. Each server calls this after it has applied the change to its index, since it may
    /// store outdated answers until then.
    pub(crate) async fn raise(&self, change: &Change) {
        let tokens: Vec<String> = change.tags.iter().map(|tag| self.token(tag)).collect();
        let raise = async |mut connection| {
            cmd("DEL")
                .arg(&tokens)
                .query_async::<()>(&mut connection)
                .await
        };
        if self.redis.call(raise).await.is_none() {
            self.resets_requested.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Invalidates everything in Redis.
    pub(crate) async fn raise_all(&self) {
        self.resets_requested.fetch_add(1, Ordering::SeqCst);
        self.complete_resets().await;
    }

    /// Performs a requested reset; returns whether Redis may be used. A new connection requires a reset as well: Redis
    /// may have restarted with data from before the last changes.
    async fn complete_resets(&self) -> bool {
        let connections = self.redis.connections();
        if self.seen_connections.load(Ordering::SeqCst) != connections {
            // Before the connection is recorded as seen, so that no other request trusts it without a reset.
            self.resets_requested.fetch_add(1, Ordering::SeqCst);
            self.seen_connections
                .fetch_max(connections, Ordering::SeqCst);
        }
        let requested = self.resets_requested.load(Ordering::SeqCst);
        if self.resets_done.load(Ordering::SeqCst) >= requested {
            return true;
        }
        let key = self.token_of_all();
        let reset =
            async |mut connection| cmd("DEL").arg(key).query_async::<()>(&mut connection).await;
        let is_done = self.redis.call(reset).await.is_some();
        if is_done {
            self.resets_done.fetch_max(requested, Ordering::SeqCst);
        }
        is_done
    }

    fn entry(&self, key: &Key) -> String {
        format!("{}:entry:{}", self.prefix, key.name())
    }

    fn token(&self, tag: &impl std::fmt::Display) -> String {
        format!("{}:token:{tag}", self.prefix)
    }

    fn token_of_all(&self) -> String {
        self.token(&"*")
    }
}

/// A stored value: the tokens, a checksum of the bytes, the bytes.
fn pack(tokens: &[Token], bytes: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity((tokens.len() + 1) * 16 + bytes.len());
    tokens
        .iter()
        .for_each(|token| value.extend_from_slice(token));
    value.extend_from_slice(&checksum(bytes));
    value.extend_from_slice(bytes);
    value
}

/// The bytes of a stored value, if it has these tokens and its checksum is right.
fn unpack(value: Vec<u8>, tokens: &[Token]) -> Option<Bytes> {
    let value = Bytes::from(value);
    let head = tokens.len() * 16;
    let stored_tokens = value.get(..head)?;
    let bytes = value.get(head + 16..)?;
    let is_right =
        stored_tokens == tokens.as_flattened() && value[head..head + 16] == checksum(bytes);
    is_right.then(|| value.slice(head + 16..))
}

fn checksum(bytes: &[u8]) -> [u8; 16] {
    let digest = Sha256::digest(bytes);
    std::array::from_fn(|index| digest[index])
}
