//! Test support: a local fake of Cloudinary that verifies every signature and can simulate failures.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test whose server does not work has failed"
)]

mod pictures;
mod request;
mod rules;

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use crate::cloudinary::CloudinarySettings;

pub use self::pictures::{SERIAL_NUMBER, from_camera, noise, picture};
pub use self::request::Request;

/// Cloud name of the only account.
pub const CLOUD: &str = "egg cloud";
/// API key of the account.
pub const KEY: &str = "111122223333444";
/// API secret of the account.
pub const SECRET: &str = "a-secret-that-no-log-may-hold";

/// The behaviour for a call.
#[derive(Debug, Clone)]
pub enum Behaviour {
    /// The call succeeds.
    Normal,
    /// The call succeeds after this time.
    Slow(Duration),
    /// The response has this status, these headers and this body.
    Answer(u16, Vec<(&'static str, &'static str)>, String),
    /// There is no response.
    Silent,
    /// The connection is reset after the request's head.
    Reset,
    /// The call succeeds, but the connection closes in the middle of the response.
    HalfAnswer,
}

impl Behaviour {
    /// A failure in Cloudinary's format. Like the real one, its message repeats secrets.
    pub fn failure(status: u16) -> Self {
        let body = json!({ "error": { "message": format!("Invalid Signature abc. {SECRET}") } });
        Self::Answer(status, vec![], body.to_string())
    }
}

/// The fake server. It stops with the runtime of its test.
#[derive(Debug, Clone)]
pub struct FakeCloudinary {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    next: VecDeque<Behaviour>,
    always: Option<Behaviour>,
    images: BTreeMap<String, u64>,
    requests: Vec<Request>,
    running: usize,
    most_at_once: usize,
}

impl FakeCloudinary {
    /// Starts the server on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Self {
            address: listener.local_addr().unwrap(),
            state: Arc::default(),
        };
        let server = fake.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(server.clone().serve(stream));
            }
        });
        fake
    }

    /// Settings for a client of the server.
    pub fn settings(&self) -> CloudinarySettings {
        CloudinarySettings {
            api_base: format!("http://{}", self.address),
            first_pause: Duration::from_millis(5),
            ..CloudinarySettings::new(CLOUD.into(), KEY.into(), SECRET.into())
        }
    }

    /// Sets the behaviours of the next calls, one for each.
    pub fn next(&self, behaviours: impl IntoIterator<Item = Behaviour>) {
        self.state().next.extend(behaviours);
    }

    /// Sets the behaviour of all other calls.
    pub fn always(&self, behaviour: Behaviour) {
        self.state().always = Some(behaviour);
    }

    /// The ids of the stored images.
    pub fn images(&self) -> Vec<String> {
        self.state().images.keys().cloned().collect()
    }

    /// The calls that were received completely.
    pub fn requests(&self) -> Vec<Request> {
        self.state().requests.clone()
    }

    /// Maximum number of concurrent calls so far.
    pub fn most_at_once(&self) -> usize {
        self.state().most_at_once
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut buffer = vec![];
        while let Some(head) = request::read_head(&mut stream, &mut buffer).await {
            let behaviour = {
                let mut state = self.state();
                let always = state.always.clone().unwrap_or(Behaviour::Normal);
                state.next.pop_front().unwrap_or(always)
            };
            if let Behaviour::Reset = behaviour {
                // Closing a connection with unread data resets it.
                return;
            }
            let Some(request) = request::read_body(&mut stream, &mut buffer, head).await else {
                return;
            };
            self.begin(request.clone());
            let answer = self.act(&behaviour, &request).await;
            self.state().running -= 1;
            let Some(bytes) = answer else { return };
            if let Behaviour::HalfAnswer = behaviour {
                let _ = stream.write_all(&bytes[..bytes.len() - 20]).await;
                return;
            }
            if stream.write_all(&bytes).await.is_err() {
                return;
            }
        }
    }

    fn begin(&self, request: Request) {
        let mut state = self.state();
        state.running += 1;
        state.most_at_once = state.most_at_once.max(state.running);
        state.requests.push(request);
    }

    /// The bytes of the response; `None` without a response.
    async fn act(&self, behaviour: &Behaviour, request: &Request) -> Option<Vec<u8>> {
        match behaviour {
            Behaviour::Answer(status, headers, body) => {
                return Some(answer(*status, headers, body));
            }
            Behaviour::Silent => {
                tokio::time::sleep(Duration::from_secs(600)).await;
                return None;
            }
            Behaviour::Slow(time) => tokio::time::sleep(*time).await,
            Behaviour::Normal | Behaviour::Reset | Behaviour::HalfAnswer => {}
        }
        let (status, body) = rules::respond(request, &mut self.state().images);
        Some(answer(status, &[], &body.to_string()))
    }
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut head = format!(
        "HTTP/1.1 {status} Said\r\nContent-Type: application/json; charset=utf-8\r\nX-Request-Id: 1\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    format!("{head}\r\n{body}").into_bytes()
}
