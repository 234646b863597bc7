use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use eggypro_domain::changes::Change;
use eggypro_redis::Redis;
use eggypro_redis::redis::{Script, cmd};
use sha2::{Digest, Sha256};

use crate::key::Key;

/// The layout of what is kept; servers of another one don't see it.
pub(crate) const LAYOUT: u8 = 2;

/// How long a tag's token is kept. When it is gone, so are the answers that were filed under it.
const TOKEN_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Reads an entry, how long it has, and the tokens of its tags; a tag without a token gets the one that the reader
/// brings.
const FETCH: &str = "local found = redis.pcall('GET', KEYS[1]) \
     if type(found) ~= 'string' then found = false end \
     local tokens = {} \
     for i = 2, #KEYS do \
     local token = redis.pcall('GET', KEYS[i]) \
     if type(token) ~= 'string' or #token ~= 16 then \
     token = ARGV[1]; redis.call('SET', KEYS[i], token, 'EX', ARGV[2]) end \
     tokens[i - 1] = token end return { found, redis.call('PTTL', KEYS[1]), tokens }";

/// What all servers keep together. An entry is filed under the tokens of its tags; a tag is raised by taking its token
/// away, and the next one is drawn at random, so that none ever comes back.
pub(crate) struct Shared {
    redis: Redis,
    prefix: String,
    lifetime: Duration,
    fetch: Script,
    /// How many changes could not be raised there. Nothing there is believed before everything was given up.
    owed: AtomicU64,
    paid: AtomicU64,
    known_connections: AtomicU64,
}

pub(crate) type Token = [u8; 16];

pub(crate) enum Fetched {
    Found {
        bytes: Bytes,
        lifetime: Duration,
    },
    /// Under these tokens an answer that is loaded from now on may be stored.
    Missing(Vec<Token>),
    Away,
}

impl Shared {
    pub(crate) fn new(redis: Redis, prefix: &str, lifetime: Duration) -> Self {
        Self {
            redis,
            // What stands in braces puts all keys into one slot of a cluster, as scripts need it.
            prefix: format!("{{{prefix}}}:cache:{LAYOUT}"),
            lifetime,
            fetch: Script::new(FETCH),
            owed: AtomicU64::new(0),
            paid: AtomicU64::new(0),
            known_connections: AtomicU64::new(0),
        }
    }

    pub(crate) fn failures(&self) -> u64 {
        self.redis.failures()
    }

    pub(crate) async fn fetch(&self, key: &Key) -> Fetched {
        if !self.settle().await {
            return Fetched::Away;
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
        let Some((value, lifetime, tokens)) = self.redis.ask(fetch).await else {
            return Fetched::Away;
        };
        if self.redis.connections() != connections {
            // What was read came over a new connection, perhaps from a server with older data.
            return Fetched::Away;
        }
        let lifetime = u64::try_from(lifetime).map_or(Duration::ZERO, Duration::from_millis);
        match value.and_then(|value| unpack(value, &tokens)) {
            // Only garbage has no end.
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
        self.redis.ask(store).await;
    }

    /// Raises the tags of a change. Each server does so after it has applied the change to its index, since until then it may
    /// store outdated answers.
    pub(crate) async fn raise(&self, change: &Change) {
        let tokens: Vec<String> = change.tags.iter().map(|tag| self.token(tag)).collect();
        let raise = async |mut connection| {
            cmd("DEL")
                .arg(&tokens)
                .query_async::<()>(&mut connection)
                .await
        };
        if self.redis.ask(raise).await.is_none() {
            self.owed.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Gives up everything.
    pub(crate) async fn raise_all(&self) {
        self.owed.fetch_add(1, Ordering::SeqCst);
        self.settle().await;
    }

    /// Does what is owed; whether Redis may be believed. A new connection owes, too: Redis may have started again from what
    /// it had saved before the last changes.
    async fn settle(&self) -> bool {
        let connections = self.redis.connections();
        if self.known_connections.load(Ordering::SeqCst) != connections {
            // First, so that no other request trusts the new connection before.
            self.owed.fetch_add(1, Ordering::SeqCst);
            self.known_connections
                .fetch_max(connections, Ordering::SeqCst);
        }
        let owed = self.owed.load(Ordering::SeqCst);
        if self.paid.load(Ordering::SeqCst) >= owed {
            return true;
        }
        let key = self.token_of_all();
        let give_up =
            async |mut connection| cmd("DEL").arg(key).query_async::<()>(&mut connection).await;
        let is_done = self.redis.ask(give_up).await.is_some();
        if is_done {
            self.paid.fetch_max(owed, Ordering::SeqCst);
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

/// The tokens, a digest of the bytes, the bytes.
fn pack(tokens: &[Token], bytes: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity((tokens.len() + 1) * 16 + bytes.len());
    tokens
        .iter()
        .for_each(|token| value.extend_from_slice(token));
    value.extend_from_slice(&checksum(bytes));
    value.extend_from_slice(bytes);
    value
}

/// The bytes, if they were filed under these tokens and are whole.
fn unpack(value: Vec<u8>, tokens: &[Token]) -> Option<Bytes> {
    let value = Bytes::from(value);
    let head = tokens.len() * 16;
    let filed_under = value.get(..head)?;
    let bytes = value.get(head + 16..)?;
    let is_right =
        filed_under == tokens.as_flattened() && value[head..head + 16] == checksum(bytes);
    is_right.then(|| value.slice(head + 16..))
}

fn checksum(bytes: &[u8]) -> [u8; 16] {
    let digest = Sha256::digest(bytes);
    std::array::from_fn(|index| digest[index])
}
