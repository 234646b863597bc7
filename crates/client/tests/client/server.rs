//! A small HTTP server whose answers a test decides.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use eggypro_client::{Client, ClientBuilder, Credentials, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The secret of the clients of tests.
pub(crate) const SECRET: &str = "egg_aaaaaaaaaaaa_secret";

/// A request that has arrived.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) method: String,
    /// With its query string.
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// Closes the connection without an answer.
    Cut,
    /// Closes the connection in the middle of an answer.
    HalfAnswer,
    /// Stops in the middle of an answer, and keeps the connection.
    Stalled,
    /// Never answers.
    Silence,
}

impl Reply {
    pub(crate) fn json(status: u16, body: impl Into<String>) -> Self {
        Self::Answer {
            status,
            headers: vec![("Content-Type", "application/json".to_owned())],
            body: body.into(),
        }
    }

    /// A problem of a kind.
    pub(crate) fn problem(status: u16, code: &str) -> Self {
        let body = format!(
            r#"{{"type":"urn:eggypro:problem:{code}","title":"T","status":{status},"detail":"D","request_id":"r"}}"#
        );
        let content_type = "application/problem+json".to_owned();
        Self::json(status, body).with("Content-Type", content_type)
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.retain(|(given, _)| *given != name);
            headers.push((name, value.into()));
        }
        self
    }
}

/// A server of a test. It stops when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts a server. `reply` is given each request and the number of requests before it.
    pub(crate) async fn start(
        reply: impl Fn(&Received, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(vec![]));
        let (reply, log) = (Arc::new(reply), Arc::clone(&received));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (reply, log) = (Arc::clone(&reply), Arc::clone(&log));
                tokio::spawn(serve(stream, move |request| {
                    let mut log = log.lock().unwrap();
                    log.push(request.clone());
                    let before = log.len() - 1;
                    drop(log);
                    reply(request, before)
                }));
            }
        });
        Self {
            address,
            received,
            task,
        }
    }

    /// A server that gives these replies one after the other, and the last one ever after.
    pub(crate) async fn replying(replies: impl Into<Vec<Reply>>) -> Self {
        let replies = replies.into();
        Self::start(move |_, before| replies[before.min(replies.len() - 1)].clone()).await
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        // Reading the certificates of the system takes long.
        let http = reqwest::Client::builder().tls_certs_only([]);
        let http = http.redirect(reqwest::redirect::Policy::none());
        Client::builder(&format!("http://{}", self.address))
            .http(http.build().unwrap())
            .credentials(Credentials::api_key(SECRET))
            .retry(
                RetryPolicy::default()
                    .with_delays(Duration::from_millis(2), Duration::from_millis(5)),
            )
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

const HALF: &str = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":";

async fn serve(mut stream: TcpStream, reply: impl Fn(&Received) -> Reply) {
    let mut buffer = vec![];
    while let Some(request) = read_request(&mut stream, &mut buffer).await {
        match reply(&request) {
            Reply::Cut => return,
            Reply::Silence => std::future::pending().await,
            Reply::HalfAnswer => {
                let _ = stream.write_all(HALF.as_bytes()).await;
                return;
            }
            Reply::Stalled => {
                let _ = stream.write_all(HALF.as_bytes()).await;
                std::future::pending().await
            }
            Reply::Answer {
                status,
                headers,
                body,
            } => {
                let mut head = format!("HTTP/1.1 {status} X\r\n");
                if !matches!(status, 204 | 304) {
                    head += &format!("Content-Length: {}\r\n", body.len());
                }
                for (name, value) in headers {
                    head += &format!("{name}: {value}\r\n");
                }
                let answer = format!("{head}\r\n{body}");
                if stream.write_all(answer.as_bytes()).await.is_err() {
                    return;
                }
            }
        }
    }
}

async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Received> {
    let head = read_until(stream, buffer, b"\r\n\r\n").await?;
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut request = Received {
        method,
        path,
        headers,
        body: vec![],
    };
    if let Some(length) = request.header("content-length") {
        let length = length.parse().unwrap();
        request.body = read_exactly(stream, buffer, length).await?;
    } else if request.header("transfer-encoding").is_some() {
        loop {
            let size = read_until(stream, buffer, b"\r\n").await?;
            let size = String::from_utf8(size).unwrap();
            let size = usize::from_str_radix(size.trim(), 16).unwrap();
            let chunk = read_exactly(stream, buffer, size + 2).await?;
            request.body.extend(&chunk[..size]);
            if size == 0 {
                break;
            }
        }
    }
    Some(request)
}

async fn read_until(stream: &mut TcpStream, buffer: &mut Vec<u8>, end: &[u8]) -> Option<Vec<u8>> {
    loop {
        let mut windows = buffer.windows(end.len());
        if let Some(at) = windows.position(|window| window == end) {
            return Some(buffer.drain(..at + end.len()).collect());
        }
        read_more(stream, buffer).await?;
    }
}

async fn read_exactly(
    stream: &mut TcpStream,
    buffer: &mut Vec<u8>,
    length: usize,
) -> Option<Vec<u8>> {
    while buffer.len() < length {
        read_more(stream, buffer).await?;
    }
    Some(buffer.drain(..length).collect())
}

async fn read_more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    let count = stream.read_buf(buffer).await.ok()?;
    (count > 0).then_some(())
}
