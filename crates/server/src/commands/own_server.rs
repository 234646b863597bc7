//! Calls to the server that runs here, at HOST and PORT.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, StatusCode};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::runtime::Builder;

use super::Failure;
use crate::admin_secret;
use crate::environment::{self, Environment};

/// An answer of the server.
pub(super) struct Answer {
    /// The host and port of the server.
    pub(super) host: String,
    pub(super) status: StatusCode,
    body: Vec<u8>,
}

#[derive(Deserialize)]
struct Problem {
    detail: String,
}

impl Answer {
    /// Reads the JSON of a success.
    ///
    /// # Errors
    /// If the server refused the request, with its reason, or answered something else.
    fn read<T: DeserializeOwned>(self) -> Result<T, Failure> {
        let Self { host, status, body } = self;
        if status.is_success() {
            return Ok(serde_json::from_slice(&body)?);
        }
        let problem: Option<Problem> = serde_json::from_slice(&body).ok();
        let detail = problem.map_or_else(String::new, |problem| format!(" {}", problem.detail));
        Err(format!("The server at {host} answers {status}.{detail}").into())
    }
}

/// Maximum time of a check, as long as the server takes at most. Reading a million products takes about a minute.
const LONGEST_CHECK: Duration = Duration::from_secs(600);

/// Asks the server for a check of all products, as the administrator.
///
/// # Errors
/// If the server does not answer, or refuses the request, with its reason.
pub(super) fn check<T: DeserializeOwned>(
    environment: &Environment,
    method: Method,
    path: &str,
) -> Result<T, Failure> {
    let secret = admin_secret::of(environment)?;
    let answer = ask(LONGEST_CHECK, |client, address| {
        let request = client.request(method, format!("{address}{path}"));
        request.bearer_auth(secret.expose_secret())
    })?;
    answer.read()
}

/// Sends a request to the server and waits up to `timeout` for the whole answer. `request` gets a client and the
/// server's address.
pub(super) fn ask(
    timeout: Duration,
    request: impl FnOnce(&Client, &str) -> RequestBuilder,
) -> Result<Answer, Failure> {
    let (host, port) = environment::read_address()?;
    let host = match host.parse::<IpAddr>() {
        Ok(address) => SocketAddr::new(address, port).to_string(),
        Err(_) => format!("{host}:{port}"),
    };
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let answered = runtime.block_on(async {
        // The server is called without TLS, so the system's certificates need not be read.
        let client = Client::builder()
            .tls_certs_only([])
            .no_proxy()
            .timeout(timeout)
            .build()?;
        let answer = request(&client, &format!("http://{host}")).send().await?;
        Ok::<_, reqwest::Error>((answer.status(), answer.bytes().await?.to_vec()))
    });
    let (status, body) = answered.map_err(|error| format!("{host} does not answer: {error}"))?;
    Ok(Answer { host, status, body })
}
