use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};
use serde_json::Value;

/// A complete answer of the server.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        // No header of the API may come twice.
        assert_eq!(headers.len(), headers.keys_len(), "{headers:?}");
        Self {
            status: StatusCode::as_u16(&status),
            headers,
            bytes: response.bytes().await.unwrap().to_vec(),
        }
    }

    /// The value of a header, or an empty text if the header is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The body as JSON, or as a JSON string if it is no JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| Value::String(self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The names of a page's items.
    pub fn names(&self) -> Vec<String> {
        let json = self.json();
        let items = json["data"].as_array().unwrap();
        items
            .iter()
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The field errors of a problem, as `field: message`.
    pub fn errors(&self) -> Vec<String> {
        let json = self.json();
        let errors = json["errors"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        errors
            .iter()
            .map(|error| format!("{}: {}", text(&error["field"]), text(&error["message"])))
            .collect()
    }

    /// Asserts the status and returns the answer.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// Asserts a problem of this status in the format of RFC 9457, without SQL, paths or other internals.
    #[track_caller]
    pub fn expect_problem(self, status: u16) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let problem = answer.json();
        assert_eq!(problem["status"], status);
        assert!(
            problem["type"]
                .as_str()
                .unwrap()
                .starts_with("urn:eggypro:problem:")
        );
        assert!(!problem["title"].as_str().unwrap().is_empty());
        assert!(!problem["detail"].as_str().unwrap().is_empty());
        assert_eq!(problem["request_id"], answer.header("x-request-id"));
        let text = answer.text().to_lowercase();
        for leak in [
            "select ",
            "insert ",
            "diesel",
            "postgres",
            "serde",
            "panicked",
            "/src/",
            "constraint",
            ".rs",
        ] {
            assert!(!text.contains(leak), "{leak} in {text}");
        }
        answer
    }
}
