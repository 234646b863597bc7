//! For tests: a server on this machine that speaks Cloudinary's protocol, checks every signature itself and fails as it
//! is told.
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

/// The account that it knows.
pub const CLOUD: &str = "egg cloud";
/// Its API key.
pub const KEY: &str = "111122223333444";
/// Its API secret.
pub const SECRET: &str = "a-secret-that-no-log-may-hold";

/// What happens to a call.
#[derive(Debug, Clone)]
pub enum Behaviour {
    /// It goes well.
    Normal,
    /// It goes well after a while.
    Slow(Duration),
    /// It gets this status, these headers and this body.
    Answer(u16, Vec<(&'static str, &'static str)>, String),
    /// It gets no answer.
    Silent,
    /// The connection ends when the head has come.
    Reset,
    /// It goes well, but the connection ends in the middle of the answer.
    HalfAnswer,
}

impl Behaviour {
    /// A failure as Cloudinary words it.
    pub fn failure(status: u16) -> Self {
        let body = json!({ "error": { "message": format!("Invalid Signature abc. {SECRET}") } });
        Self::Answer(status, vec![], body.to_string())
    }
}

/// The server. It ends with the runtime of its test.
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
    /// A server on a free port.
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

    /// What it is reached by.
    pub fn settings(&self) -> CloudinarySettings {
        CloudinarySettings {
            api_base: format!("http://{}", self.address),
            first_pause: Duration::from_millis(5),
            ..CloudinarySettings::new(CLOUD.into(), KEY.into(), SECRET.into())
        }
    }

    /// What happens to the next calls, one each.
    pub fn next(&self, behaviours: impl IntoIterator<Item = Behaviour>) {
        self.state().next.extend(behaviours);
    }

    /// What happens to all others.
    pub fn always(&self, behaviour: Behaviour) {
        self.state().always = Some(behaviour);
    }

    /// The ids of what it keeps.
    pub fn images(&self) -> Vec<String> {
        self.state().images.keys().cloned().collect()
    }

    /// The calls that came whole.
    pub fn requests(&self) -> Vec<Request> {
        self.state().requests.clone()
    }

    /// How many calls it worked on at the same time at most.
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
                // What was sent and not read makes the end a reset.
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

    /// The bytes of an answer; `None` where none comes.
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
