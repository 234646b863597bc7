//! Test support: the Redis that tests may use, and a proxy to it that can be cut off.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test without its Redis has failed"
)]

use std::net;
use std::path::PathBuf;
use std::process::{self, Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use crate::Redis;
use crate::redis::{self, cmd};

/// Name of the environment variable with the address of a Redis that tests may write to.
pub const SERVER_VARIABLE: &str = "EGGYPRO_TEST_REDIS_URL";

/// The address of the tests' Redis.
pub fn url() -> SecretString {
    std::env::var(SERVER_VARIABLE)
        .expect("EGGYPRO_TEST_REDIS_URL, which scripts/test sets")
        .into()
}

/// The tests' Redis, with a long timeout for a machine that is busy with other tests.
pub fn redis() -> Redis {
    with_long_timeout(&url())
}

fn with_long_timeout(url: &SecretString) -> Redis {
    Redis::with_call_timeout(url, Duration::from_secs(5)).expect("an address")
}

/// The address of the tests' Redis for a new user with these `ACL SETUSER` rules. The user is not removed.
pub async fn url_of_user(name: &str, rights: &[&str]) -> SecretString {
    let make = async |mut connection| {
        cmd("ACL")
            .arg("SETUSER")
            .arg(name)
            .arg("reset")
            .arg("on")
            .arg(">S3cretPass")
            .arg(rights)
            .query_async::<()>(&mut connection)
            .await
    };
    redis().call(make).await.expect("a user");
    let url = url().expose_secret().to_owned();
    url.replace("redis://", &format!("redis://{name}:S3cretPass@"))
        .into()
}

/// A prefix for the keys of one test.
pub fn prefix() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("test-{}-{count}", process::id())
}

/// A Redis server that belongs to one test. Dropping it kills the server.
#[derive(Debug)]
pub struct OwnRedis {
    process: Child,
    port: u16,
    folder: PathBuf,
    arguments: Vec<String>,
}

impl OwnRedis {
    /// Starts a server that stores its data in a folder, with additional arguments for `redis-server`.
    pub fn start(folder: impl Into<PathBuf>, arguments: &[&str]) -> Self {
        let free = net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("a bound socket").port();
        drop(free);
        let arguments = arguments.iter().map(|&argument| argument.to_owned());
        Self::at(port, folder.into(), arguments.collect())
    }

    /// A client of this server.
    pub fn redis(&self) -> Redis {
        with_long_timeout(&self.url().into())
    }

    /// Writes the data to the folder, without a time limit: a disk that is busy with a build may take many seconds.
    pub fn save(&self) {
        let client = redis::Client::open(self.url()).expect("an address");
        let mut connection = client.get_connection().expect("a connection");
        cmd("SAVE").exec(&mut connection).expect("saved data");
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Kills the server and starts it again with its saved data.
    pub fn killed_and_restarted(mut self) -> Self {
        self.kill();
        let (folder, arguments) = (
            std::mem::take(&mut self.folder),
            std::mem::take(&mut self.arguments),
        );
        Self::at(self.port, folder, arguments)
    }

    fn at(port: u16, folder: PathBuf, arguments: Vec<String>) -> Self {
        let process = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .args(["--port", &port.to_string(), "--dir"])
            .arg(&folder)
            .args(&arguments)
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server, which scripts/test installs");
        let this = Self {
            process,
            port,
            folder,
            arguments,
        };
        let started = Instant::now();
        while net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                started.elapsed() < Duration::from_secs(10),
                "it does not start"
            );
        }
        this
    }

    fn kill(&mut self) {
        // The process may already have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A TCP proxy to the tests' Redis that can be cut off.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    task: AbortHandle,
}

impl Proxy {
    /// Starts a proxy.
    pub async fn open() -> Self {
        Self::from(0).await
    }

    /// The address of the proxy.
    pub fn url(&self) -> SecretString {
        format!("redis://127.0.0.1:{}", self.port).into()
    }

    /// A client that connects through the proxy.
    pub fn redis(&self) -> Redis {
        with_long_timeout(&self.url())
    }

    /// Closes all connections and accepts no new ones.
    pub fn cut(&self) {
        self.task.abort();
    }

    /// Restarts the proxy on the same port.
    pub async fn reopened(self) -> Self {
        self.cut();
        Self::from(self.port).await
    }

    async fn from(port: u16) -> Self {
        let listener = loop {
            // The old listener may not be closed yet.
            match TcpListener::bind(("127.0.0.1", port)).await {
                Ok(listener) => break listener,
                Err(_) => tokio::task::yield_now().await,
            }
        };
        let port = listener.local_addr().expect("a bound socket").port();
        let upstream = url().expose_secret().replace("redis://", "");
        let task = tokio::spawn(async move {
            // The connections end with this task.
            let mut connections = JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let Ok(mut server) = TcpStream::connect(&upstream).await else {
                    continue;
                };
                connections
                    .spawn(async move { copy_bidirectional(&mut client, &mut server).await });
            }
        });
        Self {
            port,
            task: task.abort_handle(),
        }
    }
}
