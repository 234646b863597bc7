//! Replaces the framework's answers to request heads that it refuses before our code sees them. Those answers contain
//! only a status.

use std::fmt::Write;
use std::str;

use actix_web::http::StatusCode;

use crate::message::problem::Problem;
use crate::pipeline::RequestId;

/// The answer that replaces the framework's refusal of a head; `None` for all other bytes. Our own answers are
/// recognized by their request id.
pub(super) fn replacement(bytes: &[u8]) -> Option<(StatusCode, Vec<u8>)> {
    let head = bytes.strip_suffix(b"\r\n\r\n")?;
    let text = str::from_utf8(head).ok()?;
    let rest = text.strip_prefix("HTTP/1.1 ")?;
    let status = StatusCode::from_bytes(rest.get(..3)?.as_bytes()).ok()?;
    let is_refused = matches!(
        status,
        StatusCode::BAD_REQUEST
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
    );
    let mut lines = text.split("\r\n");
    let first = lines.next()?;
    let is_empty = text.contains("content-length: 0");
    if !is_refused || !is_empty || text.contains("x-request-id:") {
        return None;
    }
    let id = RequestId::random();
    let body = Problem::of_status(status).body(id.as_str());
    let mut answer = format!("{first}\r\n");
    for line in lines.filter(|line| !line.starts_with("content-length:")) {
        // Writing to a `String` does not fail.
        let _ = write!(answer, "{line}\r\n");
    }
    let _ = write!(
        answer,
        "x-request-id: {}\r\ncontent-type: application/problem+json\r\ncache-control: no-store\r\n\
         x-content-type-options: nosniff\r\ncontent-length: {}\r\n\r\n",
        id.as_str(),
        body.len(),
    );
    let mut answer = answer.into_bytes();
    answer.extend(body);
    Some((status, answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_refusals_by_the_framework_are_replaced() {
        let refused = "HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let (status, answer) = replacement(refused.as_bytes()).unwrap();
        assert_eq!(status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("connection: close") && head.contains("\r\nx-request-id: "));
        assert!(head.contains(&format!("content-length: {}", body.len())));
        assert!(
            body.contains("urn:eggypro:problem:headers-too-large"),
            "{body}"
        );
        for other in [
            "HTTP/1.1 400 Bad Request\r\nx-request-id: a\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 5\r\n\r\nhello",
            "HTTP/1.1 4",
            "\r\n\r\n",
            "",
        ] {
            assert!(replacement(other.as_bytes()).is_none(), "{other}");
        }
    }
}
