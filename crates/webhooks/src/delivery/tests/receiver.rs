//! A receiver that leaves each answer to the test.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::PATIENCE;

pub(super) struct Receiver {
    pub(super) address: SocketAddr,
    requests: mpsc::UnboundedReceiver<Request>,
    server: JoinHandle<()>,
}

/// A request that waits for its answer. Dropping it closes the connection.
pub(super) struct Request {
    /// The header `webhook-id`.
    pub(super) id: String,
    pub(super) body: String,
    answer: oneshot::Sender<String>,
}

impl Request {
    /// Answers with a status, such as `204 No Content`, which headers may follow.
    pub(super) fn answer(self, head: &str) {
        let answer = format!("HTTP/1.1 {head}\r\ncontent-length: 0\r\n\r\n");
        self.answer.send(answer).unwrap();
    }

    /// Accepts the event.
    pub(super) fn accept(self) {
        self.answer("200 OK");
    }
}

impl Receiver {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, requests) = mpsc::unbounded_channel();
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sender = sender.clone();
                tokio::spawn(async move {
                    // An error ends the connection.
                    let _ = serve(stream, &sender).await;
                });
            }
        });
        Self {
            address,
            requests,
            server,
        }
    }

    /// The next request.
    pub(super) async fn next(&mut self) -> Request {
        let next = timeout(PATIENCE, self.requests.recv()).await;
        next.unwrap().unwrap()
    }

    /// Whether no request has arrived that the test does not know.
    pub(super) fn has_no_other(&mut self) -> bool {
        self.requests.try_recv().is_err()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(stream: TcpStream, requests: &mpsc::UnboundedSender<Request>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let (id, body) = read(&mut stream).await?;
        let (answer, answered) = oneshot::channel();
        let request = Request { id, body, answer };
        if requests.send(request).is_err() {
            return Ok(());
        }
        let Ok(answer) = answered.await else {
            return Ok(());
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}

/// Reads a request: the id of its event, and its body.
async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<(String, String)> {
    let (mut id, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match line.trim_end().split_once(": ") {
            Some(("webhook-id", value)) => id = value.to_owned(),
            Some(("content-length", value)) => length = value.parse().unwrap(),
            Some(_) => {}
            None if line.starts_with("POST ") => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok((id, String::from_utf8(body).unwrap()))
}
