//! A server that speaks a minimum of HTTP.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::header::{HeaderMap, HeaderName};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::*;

/// How a receiver answers each request.
#[derive(Clone)]
pub(super) enum Answer<'a> {
    Text(&'a str),
    /// One answer to a connection, which the receiver closes then.
    Once(&'static str),
    /// A body that does not end.
    Endless,
    Silent,
    /// Reset after the request.
    Reset,
    /// Closed without an answer.
    Close,
}

#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) line: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    requests: Mutex<Vec<Request>>,
    /// Bytes of endless bodies.
    written: AtomicUsize,
    /// The client has closed a connection.
    closed: Notify,
}

pub(super) struct Receiver {
    pub(super) address: SocketAddr,
    seen: Arc<Seen>,
    server: JoinHandle<()>,
}

impl Receiver {
    pub(super) async fn start(answer: Answer<'_>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Seen::default());
        let owned = match answer {
            Answer::Text(text) => Answer::Text(String::leak(text.to_owned())),
            Answer::Once(text) => Answer::Once(text),
            Answer::Endless => Answer::Endless,
            Answer::Silent => Answer::Silent,
            Answer::Reset => Answer::Reset,
            Answer::Close => Answer::Close,
        };
        let server = tokio::spawn(accept(listener, owned, Arc::clone(&seen)));
        Self {
            address,
            seen,
            server,
        }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(super) fn url_of(&self, host: &str) -> String {
        format!("http://{host}:{}/", self.address.port())
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.seen.requests.lock().unwrap().clone()
    }

    pub(super) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    pub(super) fn written(&self) -> usize {
        self.seen.written.load(Ordering::SeqCst)
    }

    /// Waits until the client has closed a connection.
    pub(super) async fn closed(&self) {
        let closed = self.seen.closed.notified();
        tokio::time::timeout(Duration::from_secs(10), closed)
            .await
            .unwrap();
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn accept(listener: TcpListener, answer: Answer<'static>, seen: Arc<Seen>) {
    while let Ok((stream, _)) = listener.accept().await {
        seen.connections.fetch_add(1, Ordering::SeqCst);
        let (answer, seen) = (answer.clone(), Arc::clone(&seen));
        tokio::spawn(async move {
            let _ = serve(stream, answer, &seen).await;
            seen.closed.notify_one();
        });
    }
}

async fn serve(stream: TcpStream, answer: Answer<'static>, seen: &Seen) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let request = read(&mut stream).await?;
        seen.requests.lock().unwrap().push(request);
        match answer {
            Answer::Text(text) => stream.write_all(text.as_bytes()).await?,
            Answer::Once(text) => return stream.write_all(text.as_bytes()).await,
            Answer::Endless => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
                while stream.write_all(&[b'x'; 512]).await.is_ok() {
                    seen.written.fetch_add(512, Ordering::SeqCst);
                }
                return Ok(());
            }
            Answer::Silent => {
                stream.read_u8().await?;
            }
            Answer::Reset => return stream.get_ref().set_zero_linger(),
            Answer::Close => return Ok(()),
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Request> {
    let line = read_line(stream).await?;
    let mut headers = HeaderMap::new();
    loop {
        let header = read_line(stream).await?;
        let Some((name, value)) = header.split_once(": ") else {
            break;
        };
        let name: HeaderName = name.parse().unwrap();
        headers.insert(name, value.parse().unwrap());
    }
    let length = headers["content-length"].to_str().unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).await?;
    Ok(Request {
        line,
        headers,
        body,
    })
}

async fn read_line(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(line.trim_end().to_owned()),
    }
}
