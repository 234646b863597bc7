use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::time::{Duration, Instant};

use eggypro_persistence::ConnectionString;
use eggypro_persistence::testing::TestDatabase;
use nix::unistd::{Uid, User, geteuid};
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::proxy::{Upstream, name_of};

/// PgBouncer in front of a test's database, in transaction mode with two connections.
#[derive(Debug)]
pub struct Pooler {
    address: SocketAddr,
    database: String,
    _process: Child,
    _folder: TempDir,
}

impl Pooler {
    /// Starts PgBouncer and waits until it accepts connections.
    pub async fn before(database: &TestDatabase) -> Self {
        loop {
            // Another process may take the port first.
            if let Some(pooler) = Self::try_before(database).await {
                return pooler;
            }
        }
    }

    async fn try_before(database: &TestDatabase) -> Option<Self> {
        let name = name_of(database);
        // PgBouncer does not run as root. The owner of the socket may use the socket.
        let (host, port, owner) = match Upstream::of(database) {
            Upstream::Socket(socket) => {
                let owner = Uid::from_raw(fs::metadata(&socket).unwrap().uid());
                let owner = User::from_uid(owner).unwrap().unwrap().name;
                let folder = socket.parent()?.display().to_string();
                (folder, "5432".to_owned(), owner)
            }
            Upstream::Address(address) => {
                let (host, port) = address.rsplit_once(':')?;
                (host.to_owned(), port.to_owned(), "nobody".to_owned())
            }
        };
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let folder = TempDir::new().unwrap();
        // PgBouncer may run as another user.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let settings = folder.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n{name} = host={host} port={port} dbname={name} user=eggypro\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {}\nunix_socket_dir =\nauth_type = any\n\
             pool_mode = transaction\ndefault_pool_size = 2\nquery_wait_timeout = 3\n",
            address.port()
        );
        fs::write(&settings, text).unwrap();
        let mut command = Command::new("pgbouncer");
        // Debian installs services in `/usr/sbin`, which only root has in its PATH.
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{path}:/usr/sbin"));
        if geteuid().is_root() {
            command.args(["-u", &owner]);
        }
        command.arg(settings);
        let mut process = command.kill_on_drop(true).spawn().unwrap();
        let started = Instant::now();
        while TcpStream::connect(address).await.is_err() {
            if process.try_wait().unwrap().is_some() {
                return None;
            }
            assert!(
                started.elapsed() < Duration::from_secs(10),
                "PgBouncer does not start"
            );
            tokio::task::yield_now().await;
        }
        Some(Self {
            address,
            database: name,
            _process: process,
            _folder: folder,
        })
    }

    /// The URL of the database through PgBouncer.
    pub fn url(&self) -> SecretString {
        let Self {
            address, database, ..
        } = self;
        format!("postgresql://eggypro@{address}/{database}?sslmode=disable").into()
    }

    /// The parsed [`url`](Self::url).
    pub fn address(&self) -> ConnectionString {
        self.url().expose_secret().parse().unwrap()
    }
}
