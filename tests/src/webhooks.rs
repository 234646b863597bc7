use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::{TestShop, User};

/// Maximum time until an event arrives. Other tests have transactions open, which delay events.
const LONGEST: Duration = Duration::from_secs(30);

/// A receiver of webhooks on this machine. It answers 204 until it is told otherwise.
#[derive(Debug)]
pub struct Receiver {
    url: String,
    state: web::Data<State>,
    server: ServerHandle,
}

#[derive(Debug)]
struct State {
    /// The status of answers.
    status: AtomicU16,
    received: watch::Sender<Vec<Received>>,
}

/// A request of a webhook.
#[derive(Debug, Clone)]
pub struct Received {
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Receiver {
    /// Starts a receiver on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = web::Data::new(State {
            status: AtomicU16::new(204),
            received: watch::Sender::new(vec![]),
        });
        let data = state.clone();
        let app = move || {
            let app = App::new().app_data(data.clone());
            app.default_service(web::to(receive))
        };
        let server = HttpServer::new(app).workers(1).disable_signals();
        let server = server.listen(listener).unwrap().run();
        let handle = server.handle();
        tokio::spawn(server);
        Self {
            url: format!("http://{address}/hook"),
            state,
            server: handle,
        }
    }

    /// The URL of the receiver.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Answers with this status from now on.
    pub fn answer(&self, status: u16) {
        self.state.status.store(status, Ordering::SeqCst);
    }

    /// The requests so far, in the order in which they came.
    pub fn received(&self) -> Vec<Received> {
        self.state.received.borrow().clone()
    }

    /// Waits for this number of requests in all, and returns all of them.
    pub async fn wait_for(&self, count: usize) -> Vec<Received> {
        let mut received = self.state.received.subscribe();
        let waiting = received.wait_for(|received| received.len() >= count);
        let have_come = timeout(LONGEST, waiting).await.is_ok();
        assert!(have_come, "not {count} requests: {:?}", self.received());
        self.received()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // The call sends the stop command. The returned future only waits for the end.
        drop(self.server.stop(false));
    }
}

impl Received {
    /// A header, or an empty text if it is absent.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    /// The id of the event.
    pub fn id(&self) -> &str {
        self.header("webhook-id")
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

async fn receive(state: web::Data<State>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let headers = request.headers().iter().map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_str().as_bytes()).unwrap();
        (name, HeaderValue::from_bytes(value.as_bytes()).unwrap())
    });
    let received = Received {
        headers: headers.collect(),
        body: body.to_vec(),
    };
    let status = state.status.load(Ordering::SeqCst);
    state.received.send_modify(|all| all.push(received));
    HttpResponse::new(StatusCode::from_u16(status).unwrap())
}

impl TestShop {
    /// Creates a webhook for events of these types, and returns it with its secret.
    pub async fn create_webhook(&self, url: &str, types: &[&str]) -> Value {
        let webhook = json!({ "url": url, "types": types });
        let made = self.admin().post("/api/webhooks", &webhook).await;
        made.expect(201).json()
    }
}

impl User {
    /// Waits until a delivery of the webhook at this path is as wanted, and returns it. Looks at the newest hundred.
    pub async fn delivery(&self, webhook: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
        let path = format!("{webhook}/deliveries?limit=100");
        let deadline = Instant::now() + LONGEST;
        let mut times = tokio::time::interval(Duration::from_millis(50));
        loop {
            times.tick().await;
            let page = self.get(&path).await.expect(200).json();
            let deliveries = page["data"].as_array().unwrap();
            if let Some(wanted) = deliveries.iter().find(|of| is_wanted(of)) {
                return wanted.clone();
            }
            assert!(Instant::now() < deadline, "no such delivery: {page}");
        }
    }
}
