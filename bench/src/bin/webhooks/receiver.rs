//! A receiver that accepts every event.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Instant;

/// An event of a product that has arrived.
pub(crate) struct Arrival {
    pub(crate) slug: String,
    pub(crate) at: Instant,
}

/// Starts a receiver on a free port. It ends with the process.
pub(crate) fn start() -> io::Result<(SocketAddr, Receiver<Arrival>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let (sender, arrivals) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let sender = sender.clone();
            thread::spawn(move || {
                // The server closes connections that it does not need.
                drop(stream.and_then(|stream| serve(&stream, &sender)));
            });
        }
    });
    Ok((address, arrivals))
}

fn serve(mut stream: &TcpStream, arrivals: &Sender<Arrival>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    loop {
        let body = read(&mut reader)?;
        let slug = slug_of(&body).ok_or(ErrorKind::InvalidData)?.to_owned();
        let at = Instant::now();
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n")?;
        if arrivals.send(Arrival { slug, at }).is_err() {
            return Ok(());
        }
    }
}

fn read(reader: &mut BufReader<&TcpStream>) -> io::Result<String> {
    let mut length = 0;
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().map_err(io::Error::other)?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    String::from_utf8(body).map_err(io::Error::other)
}

/// The slug of the product that an event is about.
fn slug_of(body: &str) -> Option<&str> {
    let (_, rest) = body.split_once("\"subject\":\"/api/products/")?;
    rest.split('"').next()
}
