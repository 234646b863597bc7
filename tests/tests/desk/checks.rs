//! What must hold on every page: no error in the console, no report of the Content-Security-Policy, nothing stored,
//! nothing wider than the window, and no finding of axe-core if it is there.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use eggypro_tests::ADMIN_SECRET;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::driver::Driver;

/// The folder of the screenshots, in the folder of the build.
const SCREENSHOTS: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/desk");

/// The variable with the path of `axe.min.js`; see `scripts/accessibility`.
const AXE: &str = "EGGYPRO_AXE";

/// Collects reports of the Content-Security-Policy and messages from the start of a page on. Hostile content would set
/// `hacked`.
const WATCH: &str = "window.reports = []; window.messages = []; window.hacked = false; \
    addEventListener('securitypolicyviolation', (event) => \
    reports.push(`${event.violatedDirective}: ${event.blockedURI}`)); \
    new MutationObserver((changes) => { \
    const added = changes.flatMap((change) => [...change.addedNodes]); \
    messages.push(...added.filter((node) => node.matches?.('.toast')).map((node) => node.textContent)); \
    }).observe(document, { childList: true, subtree: true });";

/// What is stored in the browser, in the ways that a page has.
const STORED: &str = "return (async () => ({ \
    local: Object.entries(localStorage), session: Object.entries(sessionStorage), cookie: document.cookie, \
    databases: await indexedDB.databases(), caches: await caches.keys(), state: history.state, name: window.name, \
    workers: (await navigator.serviceWorker.getRegistrations()).length }))();";

pub(crate) async fn watch(driver: &Driver) {
    let command = "Page.addScriptToEvaluateOnNewDocument";
    driver.devtools(command, json!({ "source": WATCH })).await;
}

/// Keeps a picture of the page, and checks what must hold on every page.
pub(crate) async fn look(browser: &Browser, name: &str) {
    screenshot(browser, name).await;
    let wide = "const { scrollWidth, clientWidth } = document.documentElement; return scrollWidth - clientWidth;";
    let excess = browser.driver.run(wide, json!([])).await;
    assert_eq!(excess, 0, "the page is wider than the window at “{name}”");
    if let Some(path) = std::env::var_os(AXE) {
        examine(browser, name, &fs::read_to_string(path).unwrap()).await;
    }
}

pub(crate) async fn screenshot(browser: &Browser, name: &str) {
    let picture = browser.driver.screenshot().await;
    let picture = BASE64_STANDARD.decode(picture).unwrap();
    fs::create_dir_all(SCREENSHOTS).unwrap();
    let count = browser.looks.replace(browser.looks.get() + 1) + 1;
    let file = format!(
        "{}-{}-{count}-{name}.png",
        browser.test,
        browser.width.pixels()
    );
    fs::write(Path::new(SCREENSHOTS).join(file), picture).unwrap();
}

/// Checks what the browser has logged and stored since its start, and ends it.
pub(crate) async fn finish(mut browser: Browser) {
    let driver = &browser.driver;
    let reports = driver.run("return [reports, hacked];", json!([])).await;
    assert_eq!(
        reports,
        json!([[], false]),
        "reports of the Content-Security-Policy, and whether markup ran"
    );
    assert_eq!(errors(&browser).await, [] as [String; 0]);
    let findings = Value::from(browser.findings.take());
    assert_eq!(findings, json!([]), "axe-core has found: {findings:#}");
    let stored = driver.run(STORED, json!([])).await;
    let nothing = json!({
        "local": [], "session": [], "cookie": "", "databases": [], "caches": [], "state": null, "name": "", "workers": 0,
    });
    assert_eq!(stored, nothing, "the page has stored something");
    assert_eq!(driver.cookies().await, json!([]));
    browser.driver.quit().await;
    let with_secret = files_with(browser.driver.profile(), ADMIN_SECRET.as_bytes());
    assert_eq!(with_secret, [] as [PathBuf; 0], "files with the secret");
}

/// The errors and warnings of the console, without the answers that the test provokes.
async fn errors(browser: &Browser) -> Vec<String> {
    let expected = browser.expected.borrow().clone();
    let is_expected = |entry: &Value| {
        let message = entry["message"].as_str().unwrap();
        entry["source"] == "network"
            && expected
                .iter()
                .any(|status| message.contains(&format!("with a status of {status} ")))
    };
    let is_bad = |entry: &Value| entry["level"] == "SEVERE" || entry["level"] == "WARNING";
    let log = browser.driver.log().await;
    let bad = log
        .iter()
        .filter(|entry| is_bad(entry) && !is_expected(entry));
    bad.map(Value::to_string).collect()
}

/// The files of a folder that contain these bytes.
fn files_with(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let found = entries.flat_map(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return files_with(&path, bytes);
        }
        let content = fs::read(&path).unwrap_or_default();
        let has_bytes = content.windows(bytes.len()).any(|part| part == bytes);
        has_bytes.then_some(path).into_iter().collect()
    });
    found.collect()
}

/// Runs the rules of axe-core on the page as it is, light and dark.
async fn examine(browser: &Browser, name: &str, axe: &str) {
    let driver = &browser.driver;
    let is_there = driver
        .run("return typeof axe !== 'undefined';", json!([]))
        .await;
    if is_there == false {
        driver.run(axe, json!([])).await;
    }
    for scheme in ["dark", "light"] {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        let media = json!({ "features": features });
        driver.devtools("Emulation.setEmulatedMedia", media).await;
        let found = driver.run(include_str!("axe.js"), json!([])).await;
        if found != json!([]) {
            let finding = json!({ "page": name, "scheme": scheme, "found": found });
            browser.findings.borrow_mut().push(finding);
        }
    }
}
