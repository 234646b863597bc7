//! A proxy between a server and its database that can drop the answer to a commit.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;

use eggypro_persistence::testing::TestDatabase;
use secrecy::ExposeSecret;

/// A proxy for a database. Once it is armed, the next commit reaches the database, but its answer is dropped.
pub(crate) struct Trap {
    address: SocketAddr,
    is_armed: Arc<Armed>,
    /// Number of connections so far.
    pub(crate) connections: Arc<AtomicUsize>,
}

/// When a trap is armed: now, or as soon as a file exists.
#[derive(Default)]
struct Armed {
    now: AtomicBool,
    with: OnceLock<PathBuf>,
}

impl Armed {
    fn holds(&self) -> bool {
        self.now.load(Ordering::SeqCst) || self.with.get().is_some_and(|file| file.exists())
    }
}

impl Trap {
    pub(crate) fn before(database: &TestDatabase) -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), database)
    }

    /// A trap that listens at this address.
    pub(crate) fn at(address: SocketAddr, database: &TestDatabase) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let url = database.url().expose_secret().to_owned();
        let is_armed = Arc::<Armed>::default();
        let of_connections = Arc::clone(&is_armed);
        let connections = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&connections);
        thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                counted.fetch_add(1, Ordering::Relaxed);
                match socket_folder(&url) {
                    Some(folder) => {
                        let server =
                            UnixStream::connect(format!("{folder}/.s.PGSQL.5432")).unwrap();
                        let others = (client.try_clone().unwrap(), server.try_clone().unwrap());
                        connect((client, server), others, &of_connections);
                    }
                    None => {
                        let server = TcpStream::connect(authority(&url)).unwrap();
                        let others = (client.try_clone().unwrap(), server.try_clone().unwrap());
                        connect((client, server), others, &of_connections);
                    }
                }
            }
        });
        Self {
            address,
            is_armed,
            connections,
        }
    }

    pub(crate) fn arm(&self) {
        self.is_armed.now.store(true, Ordering::SeqCst);
    }

    /// Arms the trap as soon as a file exists.
    pub(crate) fn arm_with(&self, file: PathBuf) {
        self.is_armed.with.set(file).unwrap();
    }

    pub(crate) fn url(&self, database: &TestDatabase) -> String {
        url_at(self.address, database)
    }
}

/// The address of a database through a trap at `address`.
pub(crate) fn url_at(address: SocketAddr, database: &TestDatabase) -> String {
    let url = database.url().expose_secret().to_owned();
    let name = url.split('?').next().and_then(|url| url.rsplit('/').next());
    let name = name.unwrap();
    format!("postgresql://eggypro@{address}/{name}?sslmode=disable")
}

fn socket_folder(url: &str) -> Option<&str> {
    url.split("host=").nth(1)?.split('&').next()
}

fn authority(url: &str) -> &str {
    let authority = url
        .split('@')
        .nth(1)
        .and_then(|rest| rest.split('/').next());
    authority.unwrap()
}

/// Forwards bytes in both directions until an armed trap closes. Each end is passed twice: once for each direction.
fn connect<S: Read + Write + Send + 'static>(
    (mut client, mut server): (TcpStream, S),
    (mut to_client, mut from_server): (TcpStream, S),
    is_armed: &Arc<Armed>,
) {
    let is_closed = Arc::<AtomicBool>::default();
    let (is_armed, closes) = (Arc::clone(is_armed), Arc::clone(&is_closed));
    thread::spawn(move || {
        pass(&mut client, &mut server, |bytes| {
            let commits = bytes.windows(6).any(|word| word == b"COMMIT");
            if commits && is_armed.holds() {
                closes.store(true, Ordering::SeqCst);
            }
            true
        });
    });
    thread::spawn(move || {
        pass(&mut from_server, &mut to_client, |_| {
            !is_closed.load(Ordering::SeqCst)
        });
        let _ = to_client.shutdown(Shutdown::Both);
    });
}

/// Forwards the bytes that pass a check and drops the others.
fn pass(from: &mut impl Read, to: &mut impl Write, check: impl Fn(&[u8]) -> bool) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if check(&buffer[..length]) && to.write_all(&buffer[..length]).is_err() {
            return;
        }
    }
}
