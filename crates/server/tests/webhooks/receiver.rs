//! A receiver of webhooks that speaks a minimum of HTTP, and does with each request what a test says.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use socket2::SockRef;

/// How long to look whether a client has gone, and how long to wait for that if it gets no answer.
const GLANCE: Duration = Duration::from_millis(1);
const LONGEST_HANG: Duration = Duration::from_secs(60);

/// What a receiver does with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Answers with this status, reason and headers, without a body.
    Head(String),
    /// The same, unless the client has gone while the decision was made.
    Held(String),
    /// Does not answer, and waits for the client to go.
    Hang,
    /// Answers with a status and a body that does not end.
    Endless(u16),
    /// Resets the connection.
    Reset,
    /// Closes the connection.
    Close,
}

/// A request of a webhook.
#[derive(Debug)]
pub(crate) struct Request {
    /// The headers, with names in lower case.
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// What decides about answers.
pub(crate) trait Decide: Send + Sync {
    /// A request has arrived. It stays open until this returns.
    fn begun(&self, request: &Request) -> Answer;

    /// The answer is about to be sent; `None` if the client has gone.
    fn ended(&self, request: &Request, answer: Option<&Answer>);
}

/// Starts a receiver on a free port. It ends with the process.
pub(crate) fn start(decide: Arc<dyn Decide>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let decide = Arc::clone(&decide);
            thread::spawn(move || {
                // A client that has gone ends the connection.
                let _ = stream.and_then(|stream| serve(&stream, decide.as_ref()));
            });
        }
    });
    address
}

/// Answers the requests of a connection.
fn serve(stream: &TcpStream, decide: &dyn Decide) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let request = read(&mut reader)?;
        let answer = decide.begun(&request);
        let is_gone = match answer {
            Answer::Held(_) => is_closed_within(stream, GLANCE)?,
            Answer::Hang => is_closed_within(stream, LONGEST_HANG)?,
            _ => false,
        };
        // Before the answer is sent, because the next event may come at once.
        decide.ended(&request, Some(&answer).filter(|_| !is_gone));
        if is_gone {
            return Ok(());
        }
        respond(stream, &answer)?;
    }
}

fn read(reader: &mut BufReader<&TcpStream>) -> io::Result<Request> {
    let mut headers = HashMap::new();
    let mut is_first = true;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        match line.trim_end().split_once(": ") {
            Some((name, value)) if !is_first => {
                headers.insert(name.to_lowercase(), value.to_owned());
            }
            _ if is_first => is_first = false,
            _ => break,
        }
    }
    let length = headers.get("content-length").map_or("0", String::as_str);
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body)?;
    Ok(Request { headers, body })
}

/// Answers a request. An error means that the connection has ended.
fn respond(mut stream: &TcpStream, answer: &Answer) -> io::Result<()> {
    match answer {
        Answer::Head(head) | Answer::Held(head) => {
            let answer = format!("HTTP/1.1 {head}\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes())
        }
        Answer::Endless(status) => {
            write!(stream, "HTTP/1.1 {status} Endless\r\n\r\n")?;
            loop {
                stream.write_all(&[b'x'; 512])?;
            }
        }
        Answer::Reset => {
            // Dropping it resets the connection then.
            SockRef::from(stream).set_linger(Some(Duration::ZERO))?;
            Err(ErrorKind::ConnectionReset.into())
        }
        Answer::Hang => Err(ErrorKind::TimedOut.into()),
        Answer::Close => Err(ErrorKind::ConnectionAborted.into()),
    }
}

/// Waits until the client closes the connection, at most for this time. Returns whether it has.
fn is_closed_within(mut stream: &TcpStream, time: Duration) -> io::Result<bool> {
    stream.set_read_timeout(Some(time))?;
    // The client sends nothing before it has an answer.
    let read = stream.read(&mut [0]);
    stream.set_read_timeout(None)?;
    match read {
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            Ok(false)
        }
        _ => Ok(true),
    }
}
