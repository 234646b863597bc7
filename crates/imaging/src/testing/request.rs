use std::collections::BTreeMap;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// A received call.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The headers, with names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The text fields of the form.
    pub fields: BTreeMap<String, String>,
    /// The file of the form.
    pub file: Option<Vec<u8>>,
}

/// Reads the head of a request; `None` if the client has disconnected.
pub(super) async fn read_head(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Request> {
    let end = loop {
        if let Some(end) = find(buffer, b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head: Vec<u8> = buffer.drain(..end + 4).collect();
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let headers = lines.filter_map(|line| line.split_once(": "));
    Some(Request {
        method: first.next()?.to_owned(),
        path: first.next()?.to_owned(),
        headers: headers
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect(),
        fields: BTreeMap::new(),
        file: None,
    })
}

/// Reads the body of a request and its form.
pub(super) async fn read_body(
    stream: &mut TcpStream,
    buffer: &mut Vec<u8>,
    mut request: Request,
) -> Option<Request> {
    let length = request.headers.get("content-length");
    let length = length.map_or(0, |length| length.parse().unwrap());
    while buffer.len() < length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    let body: Vec<u8> = buffer.drain(..length).collect();
    let content_type = request.headers.get("content-type");
    let boundary = content_type.and_then(|kind| kind.split_once("boundary="));
    if let Some((_, boundary)) = boundary {
        let boundary = boundary.trim_matches('"').to_owned();
        read_form(&body, &boundary, &mut request);
    }
    Some(request)
}

fn read_form(body: &[u8], boundary: &str, request: &mut Request) {
    let separator = [b"\r\n--", boundary.as_bytes()].concat();
    // Each part begins after the separator line before it.
    let mut rest = [b"\r\n", body].concat();
    while let Some(start) = find(&rest, &separator) {
        rest.drain(..start + separator.len());
        let Some(end) = find(&rest, &separator) else {
            return;
        };
        let part = &rest[2..end];
        let split = find(part, b"\r\n\r\n").unwrap();
        let head = String::from_utf8(part[..split].to_vec()).unwrap();
        let content = part[split + 4..].to_vec();
        let name = head.split("name=\"").nth(1).unwrap();
        let name = name.split('"').next().unwrap().to_owned();
        if head.contains("filename=\"") {
            request.file = Some(content);
        } else {
            let is_bare = !head.to_lowercase().contains("content-type");
            assert!(is_bare, "a text field has no type: {head}");
            let text = String::from_utf8(content).unwrap();
            request.fields.insert(name, text);
        }
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}
