mod upstream;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use eggypro_persistence::ConnectionString;
use eggypro_persistence::testing::TestDatabase;
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{self, AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

pub(crate) use self::upstream::{Upstream, name_of};

/// The state of the network that a [`Proxy`] simulates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkState {
    /// Forwards everything.
    Fair,
    /// Closes every connection, also new ones.
    Cut,
    /// Accepts connections but forwards nothing, neither on old nor on new ones.
    Frozen,
    /// Forwards new connections. Connections that were frozen stay frozen.
    Fresh,
}

/// The present state and the number of cuts so far. A connection that misses the short state [`NetworkState::Cut`] sees from
/// the number that it has to close.
#[derive(Debug, Clone, Copy)]
struct NetworkHistory {
    weather: NetworkState,
    cuts: u32,
}

/// A proxy before a server that simulates network failures: between a shop and its database, or before a shop.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    weather: watch::Sender<NetworkHistory>,
    /// The number of connections that cuts have closed.
    broken: Arc<AtomicU32>,
    /// The name of the database; empty before another server.
    database: String,
}

impl Proxy {
    /// Starts a proxy in front of a test's database.
    pub async fn before(database: &TestDatabase) -> Self {
        Self::start(Upstream::of(database), name_of(database)).await
    }

    /// Starts a proxy in front of the server at this address, such as that of a shop.
    pub async fn before_server(address: SocketAddr) -> Self {
        Self::start(Upstream::Address(address.to_string()), String::new()).await
    }

    async fn start(upstream: Upstream, database: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (weather, forecast) = watch::channel(NetworkHistory {
            weather: NetworkState::Fair,
            cuts: 0,
        });
        let broken = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&broken);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (upstream, forecast) = (upstream.clone(), forecast.clone());
                let counter = Arc::clone(&counter);
                tokio::spawn(async move {
                    if pass_on(client, upstream, forecast).await == End::Cut {
                        counter.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        Self {
            address,
            weather,
            broken,
            database,
        }
    }

    /// The address that the proxy listens on.
    pub fn socket_address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of the database through the proxy.
    pub fn url(&self) -> SecretString {
        format!(
            "postgresql://eggypro@{}/{}?sslmode=disable",
            self.address, self.database
        )
        .into()
    }

    /// The parsed [`url`](Self::url).
    pub fn address(&self) -> ConnectionString {
        self.url().expose_secret().parse().unwrap()
    }

    /// The number of connections that cuts have closed.
    pub fn broken_connections(&self) -> u32 {
        self.broken.load(Ordering::Relaxed)
    }

    /// Changes the state of the network.
    pub fn set(&self, weather: NetworkState) {
        self.weather.send_modify(|forecast| {
            forecast.weather = weather;
            forecast.cuts += u32::from(weather == NetworkState::Cut);
        });
    }
}

/// Why a connection has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// One of its sides has closed it, or the proxy was dropped.
    Closed,
    /// The network was cut.
    Cut,
}

async fn pass_on(
    client: TcpStream,
    upstream: Upstream,
    forecast: watch::Receiver<NetworkHistory>,
) -> End {
    match upstream {
        Upstream::Socket(path) => {
            copy(client, UnixStream::connect(path).await.unwrap(), forecast).await
        }
        Upstream::Address(address) => {
            copy(client, TcpStream::connect(address).await.unwrap(), forecast).await
        }
    }
}

async fn copy(
    mut client: TcpStream,
    mut server: impl AsyncRead + AsyncWrite + Unpin,
    mut forecast: watch::Receiver<NetworkHistory>,
) -> End {
    let mut was_frozen = false;
    let cuts = forecast.borrow().cuts;
    loop {
        let now = *forecast.borrow_and_update();
        if now.cuts != cuts {
            return End::Cut;
        }
        let weather = match now.weather {
            NetworkState::Fresh if was_frozen => NetworkState::Frozen,
            NetworkState::Fresh => NetworkState::Fair,
            weather => weather,
        };
        was_frozen |= weather == NetworkState::Frozen;
        match weather {
            NetworkState::Cut => return End::Cut,
            NetworkState::Frozen => {
                if forecast.changed().await.is_err() {
                    return End::Closed;
                }
            }
            NetworkState::Fair | NetworkState::Fresh => tokio::select! {
                _ = io::copy_bidirectional(&mut client, &mut server) => return End::Closed,
                changed = forecast.changed() => if changed.is_err() { return End::Closed },
            },
        }
    }
}
