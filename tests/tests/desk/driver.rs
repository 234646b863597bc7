//! A client of WebDriver (W3C), as far as these tests need it.
//!
//! It is written by hand: of the two crates for it, one would change how the whole workspace writes JSON (`preserve_order`
//! of `serde_json`), and the other one needs a licence that `deny.toml` does not allow.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser::ZONE;

/// What Chromium is told to use for everything that it stores.
const PROFILE: &str = "--user-data-dir";

/// The name of an element's reference in JSON, as the standard has it.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// What is wrong if nothing starts.
const MISSING: &str =
    "Chromium or its driver can't be started; `scripts/setup chromium` installs them";

/// Maximum time of a command.
const LONGEST: Duration = Duration::from_secs(120);

/// A browser with one window, and the driver that controls it. Both end with this value.
pub(crate) struct Driver {
    client: Client,
    session: String,
    process: Process,
}

/// An element of the page that is shown.
#[derive(Clone)]
pub(crate) struct Element(Value);

/// The driver's process and the browser's, which does not end with it.
struct Process {
    driver: Child,
    browser: Option<Pid>,
    /// The folder of everything that the browser stores.
    profile: TempDir,
}

impl Process {
    /// Starts the driver on a free port, which it names on its output. Returns its address as well.
    fn start() -> (Self, String) {
        let mut command = Command::new("chromedriver");
        command
            .arg("--port=0")
            // Times that are typed into the page are of this zone.
            .env("TZ", ZONE)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let driver = command.spawn();
        let mut driver = driver.unwrap_or_else(|error| panic!("{MISSING}: {error}"));
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let process = Self {
            driver,
            browser: None,
            profile: TempDir::new().unwrap(),
        };
        let port = lines.find_map(|line| {
            let line = line.ok()?;
            let (_, port) = line.split_once("successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        });
        // A full pipe would stop the driver.
        std::thread::spawn(move || lines.for_each(drop));
        let port = port.unwrap_or_else(|| panic!("{MISSING}"));
        (process, format!("http://127.0.0.1:{port}"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(browser) = self.browser {
            let _ = kill(browser, Signal::SIGKILL);
        }
        drop(self.driver.kill());
        drop(self.driver.wait());
        // The browser's own processes end a little later, and write until then.
        let deadline = Instant::now() + Duration::from_secs(5);
        while fs::remove_dir_all(self.profile.path()).is_err() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Driver {
    /// Starts a browser with these options of Chromium (`goog:chromeOptions`).
    pub(crate) async fn start(mut options: Value) -> Self {
        let (mut process, address) = Process::start();
        let folder = format!("{PROFILE}={}", process.profile.path().display());
        let arguments = options["args"].as_array_mut().unwrap();
        arguments.push(Value::from(folder));
        let capabilities = json!({
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let body = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let client = Client::builder().tls_certs_only([]).build().unwrap();
        let sessions = format!("{address}/session");
        let session = send(&client, Method::POST, &sessions, Some(body)).await;
        let session = session.unwrap_or_else(|problem| panic!("{MISSING}: {problem}"));
        let browser = session["capabilities"]["goog:processID"].as_i64().unwrap();
        process.browser = Some(Pid::from_raw(browser.try_into().unwrap()));
        Self {
            client,
            session: format!("{sessions}/{}", session["sessionId"].as_str().unwrap()),
            process,
        }
    }

    /// Ends the browser, which writes what it still has to store.
    pub(crate) async fn quit(&mut self) {
        let ended = self.send(Method::DELETE, "", None).await;
        ended.unwrap_or_else(|problem| panic!("the browser does not end: {problem}"));
        self.process.browser = None;
    }

    /// The folder of everything that the browser stores.
    pub(crate) fn profile(&self) -> &Path {
        self.process.profile.path()
    }

    /// Loads a page.
    pub(crate) async fn go(&self, address: &str) {
        self.command("/url", json!({ "url": address })).await;
    }

    /// Runs the body of a function in the page and returns what it returns; a promise is awaited.
    pub(crate) async fn run(&self, script: &str, arguments: Value) -> Value {
        let body = json!({ "script": script, "args": arguments });
        self.command("/execute/sync", body).await
    }

    /// The same for a script that returns an element or null. An argument that is no longer in the page is like null.
    pub(crate) async fn find(&self, script: &str, arguments: Value) -> Option<Element> {
        let body = json!({ "script": script, "args": arguments });
        let found = self.post("/execute/sync", body).await.ok()?;
        found.get(ELEMENT)?;
        Some(Element(found))
    }

    /// Clicks an element, or says why it can't be clicked now.
    pub(crate) async fn click(&self, element: &Element) -> Result<(), String> {
        let path = format!("/element/{}/click", element.id());
        self.post(&path, json!({})).await.map(drop)
    }

    /// Types into an element, or gives a file input its file.
    pub(crate) async fn type_into(&self, element: &Element, text: &str) {
        let path = format!("/element/{}/value", element.id());
        self.command(&path, json!({ "text": text })).await;
    }

    /// Presses keys one after another, wherever the focus is, and releases them in the opposite order.
    pub(crate) async fn press(&self, keys: &str) {
        let step = |kind: &str, key: char| json!({ "type": kind, "value": key });
        let down = keys.chars().map(|key| step("keyDown", key));
        let up = keys.chars().rev().map(|key| step("keyUp", key));
        let actions: Vec<Value> = down.chain(up).collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.command("/actions", json!({ "actions": [keyboard] }))
            .await;
    }

    /// A picture of the window, as a PNG in Base64.
    pub(crate) async fn screenshot(&self) -> String {
        let picture = self.read("/screenshot").await;
        picture.as_str().unwrap().to_owned()
    }

    /// All cookies, also those that scripts can't read.
    pub(crate) async fn cookies(&self) -> Value {
        self.read("/cookie").await
    }

    /// The new entries of the browser's log.
    pub(crate) async fn log(&self) -> Vec<Value> {
        let entries = self.command("/se/log", json!({ "type": "browser" })).await;
        entries.as_array().unwrap().clone()
    }

    /// Sends a command of the Chrome DevTools Protocol.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) {
        let body = json!({ "cmd": command, "params": parameters });
        self.command("/goog/cdp/execute", body).await;
    }

    async fn command(&self, path: &str, body: Value) -> Value {
        let result = self.post(path, body).await;
        result.unwrap_or_else(|problem| panic!("{path}: {problem}"))
    }

    async fn read(&self, path: &str) -> Value {
        let result = self.send(Method::GET, path, None).await;
        result.unwrap_or_else(|problem| panic!("{path}: {problem}"))
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value, String> {
        self.send(Method::POST, path, Some(body)).await
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, String> {
        let address = format!("{}{path}", self.session);
        send(&self.client, method, &address, body).await
    }
}

/// Sends a command and returns its value, or the driver's message.
async fn send(
    client: &Client,
    method: Method,
    address: &str,
    body: Option<Value>,
) -> Result<Value, String> {
    let mut request = client.request(method, address).timeout(LONGEST);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let response = request.send().await.map_err(|error| error.to_string())?;
    let is_success = response.status().is_success();
    let answer: Value = response.json().await.map_err(|error| error.to_string())?;
    if is_success {
        return Ok(answer["value"].clone());
    }
    let message = &answer["value"]["message"];
    Err(message.as_str().unwrap_or("no message").to_owned())
}

impl Element {
    fn id(&self) -> &str {
        self.0[ELEMENT].as_str().unwrap()
    }

    /// The element as an argument of a script.
    pub(crate) fn argument(&self) -> Value {
        self.0.clone()
    }
}
