//! One call and its response. Cloudinary's error messages are never passed on, since they repeat keys and signatures.

mod error;
mod retry_after;

use reqwest::{RequestBuilder, Response};
use serde_json::{Map, Value};

pub use self::error::CallError;

/// Maximum size of a response, in bytes.
const MAX_ANSWER: usize = 64 * 1024;

/// Makes a call once. A response with an `error` is a failure, whatever its status.
pub(super) async fn once(request: RequestBuilder) -> Result<Map<String, Value>, CallError> {
    let response = request.send().await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let answer = match serde_json::from_slice(&body(response).await?) {
        Ok(Value::Object(answer)) => Some(answer),
        _ => None,
    };
    if !status.is_success() {
        return Err(CallError::of_status(status, &headers));
    }
    answer
        .filter(|answer| !answer.contains_key("error"))
        .ok_or(CallError::Unreadable(status.as_u16()))
}

async fn body(mut response: Response) -> Result<Vec<u8>, CallError> {
    let mut body = vec![];
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(CallError::Unreadable(response.status().as_u16()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
