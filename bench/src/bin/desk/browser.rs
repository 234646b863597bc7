//! A browser that loads the staff page, controlled by WebDriver (W3C).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::{Value, json};

use crate::Failure;

/// Signs in, and returns the time until the sign-in form was shown plus the time from its submission until rows of the
/// table were shown, in milliseconds.
const TIME_TO_TABLE: &str = "const [secret] = arguments; \
    const shown = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now(); \
    const input = document.querySelector('[name=secret]'); \
    input.value = secret; \
    const began = performance.now(); \
    input.form.requestSubmit(); \
    return new Promise((resolve) => { \
      const look = () => { \
        if (!document.querySelector('.grid-row[data-version]')) return requestAnimationFrame(look); \
        requestAnimationFrame(() => setTimeout(() => resolve(shown + performance.now() - began))); \
      }; \
      look(); \
    });";

/// A browser with one window, and its driver.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
}

impl Browser {
    pub(crate) fn start() -> Result<Self, Failure> {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("chromedriver can't be started: {error}"))?;
        let said = driver.stdout.take().ok_or("the driver says nothing")?;
        let mut lines = BufReader::new(said).lines();
        let port = lines.find_map(|line| {
            let line = line.ok()?;
            let (_, port) = line.split_once("successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        // A full pipe would stop the driver.
        thread::spawn(move || lines.for_each(drop));
        let mut browser = Self {
            driver,
            port: port.ok_or("the driver did not start")?,
            session: "/session".into(),
        };
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--window-size=1280,900",
        ];
        let options = json!({ "goog:chromeOptions": { "args": arguments } });
        let capabilities = json!({ "capabilities": { "alwaysMatch": options } });
        let session = browser.call("POST", "", &capabilities)?;
        let id = session["sessionId"].as_str().ok_or("no session")?;
        browser.session = format!("/session/{id}");
        Ok(browser)
    }

    /// Loads the page without anything from the browser's cache, and signs in. Returns the milliseconds until rows of the
    /// table of products are shown.
    pub(crate) fn time_to_table(&mut self, port: u16, secret: &str) -> Result<f64, Failure> {
        let clear = json!({ "cmd": "Network.clearBrowserCache", "params": {} });
        self.call("POST", "/goog/cdp/execute", &clear)?;
        let page = json!({ "url": format!("http://127.0.0.1:{port}/admin") });
        self.call("POST", "/url", &page)?;
        let script = json!({ "script": TIME_TO_TABLE, "args": [secret] });
        let time = self.call("POST", "/execute/sync", &script)?;
        Ok(time.as_f64().ok_or("no time")?)
    }

    /// Sends a command, and returns its value.
    fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value, Failure> {
        let (address, body) = (format!("{}{path}", self.session), body.to_string());
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        write!(
            stream,
            "{method} {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = read_body(stream)?;
        match answer["value"].get("error") {
            None => Ok(answer["value"].take()),
            Some(error) => Err(format!("{error}: {}", answer["value"]["message"]).into()),
        }
    }
}

/// Reads an answer, which ends with its body: the driver keeps the connection open.
fn read_body(stream: TcpStream) -> Result<Value, Failure> {
    let mut stream = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(serde_json::from_slice(&body)?)
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver does not end its browser when it is killed.
        drop(self.call("DELETE", "", &json!({})));
        drop(self.driver.kill());
        drop(self.driver.wait());
    }
}
