//! The browser of a test, driven by the names that people see: of buttons, links, fields and choices.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::checks;
use crate::driver::{Driver, Element};

/// The time zone of the browser.
pub(crate) const ZONE: &str = "Europe/Berlin";

/// Maximum time that a step waits for the page.
const LONGEST: Duration = Duration::from_secs(60);

/// The Enter key.
pub(crate) const ENTER: char = '\u{E007}';

/// The Escape key.
pub(crate) const ESCAPE: char = '\u{E00C}';

/// The Ctrl key.
pub(crate) const CTRL: char = '\u{E009}';

/// The kinds of screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Width {
    Laptop,
    Phone,
}

/// A browser window with the staff page.
pub(crate) struct Browser {
    pub(crate) driver: Driver,
    pub(crate) width: Width,
    /// The name of the test, for the names of screenshots.
    pub(crate) test: &'static str,
    pub(crate) looks: Cell<usize>,
    /// The statuses of answers that the test provokes, which the browser logs as errors.
    pub(crate) expected: RefCell<Vec<u16>>,
    /// The findings of axe-core.
    pub(crate) findings: RefCell<Vec<Value>>,
}

impl Width {
    pub(crate) fn pixels(self) -> u32 {
        match self {
            Self::Laptop => 1280,
            Self::Phone => 390,
        }
    }

    /// The options of Chromium for this screen.
    fn options(self) -> Value {
        let arguments = [
            "--headless=new",
            // Root has no sandbox. All pages are our own.
            "--no-sandbox",
            // Containers have little shared memory.
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-component-update",
            "--force-prefers-reduced-motion",
            "--lang=en-GB",
            "--window-size=1280,900",
        ];
        match self {
            Self::Laptop => json!({ "args": arguments }),
            Self::Phone => json!({ "args": arguments, "mobileEmulation": {
                "deviceMetrics": { "width": 390, "height": 844, "pixelRatio": 2, "mobile": true, "touch": true },
            } }),
        }
    }
}

impl Browser {
    pub(crate) async fn start(test: &'static str, width: Width) -> Self {
        let driver = Driver::start(width.options()).await;
        checks::watch(&driver).await;
        Self {
            driver,
            width,
            test,
            looks: Cell::new(0),
            expected: RefCell::default(),
            findings: RefCell::default(),
        }
    }

    /// Allows answers of this status, which the test provokes. The browser logs them as errors.
    pub(crate) fn expect(&self, status: u16) {
        self.expected.borrow_mut().push(status);
    }

    /// Clicks the button of this name.
    pub(crate) async fn press(&self, name: &str) {
        self.click("button", name, true).await;
    }

    /// Clicks the link of this name.
    pub(crate) async fn follow(&self, name: &str) {
        self.click("link", name, true).await;
    }

    /// Clicks the radio button or checkbox whose text begins with or contains this one.
    pub(crate) async fn choose(&self, name: &str) {
        self.click("choice", name, false).await;
    }

    /// Clicks an element of this kind (see `find.js`), as soon as it can be clicked.
    pub(crate) async fn click(&self, kind: &str, name: &str, is_whole: bool) {
        self.until(&format!("the {kind} “{name}”"), async || {
            let element = self.find(kind, name, is_whole).await?;
            if self.driver.click(&element).await.is_ok() {
                return Some(());
            }
            // It may have been replaced just now, or the bars at the edges of the page cover it.
            self.scroll_to(&element).await;
            None
        })
        .await;
    }

    /// Types a text into the field of this name, in place of what it holds.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        let field = self.wait_for("field", name).await;
        let select = "arguments[0].focus(); arguments[0].select?.();";
        self.driver.run(select, json!([field.argument()])).await;
        self.driver.type_into(&field, text).await;
    }

    /// Presses keys one after another, wherever the focus is.
    pub(crate) async fn press_keys(&self, keys: &str) {
        self.driver.press(keys).await;
    }

    /// Scrolls to the field or button of this name, for a picture.
    pub(crate) async fn show(&self, kind: &str, name: &str) {
        let element = self.wait_for(kind, name).await;
        self.scroll_to(&element).await;
    }

    /// Sets the value of a field that the keyboard writes in parts, such as a date.
    pub(crate) async fn set(&self, name: &str, value: &str) {
        let field = self.wait_for("field", name).await;
        let script = "const [field, value] = arguments; field.value = value; \
            for (const type of ['input', 'change']) field.dispatchEvent(new Event(type, { bubbles: true }));";
        self.driver
            .run(script, json!([field.argument(), value]))
            .await;
    }

    /// The value of the field of this name.
    pub(crate) async fn value(&self, name: &str) -> String {
        let field = self.wait_for("field", name).await;
        let value = self
            .driver
            .run("return arguments[0].value;", json!([field.argument()]));
        value.await.as_str().unwrap().to_owned()
    }

    /// Gives the file input at this position of the page a file.
    pub(crate) async fn give_file(&self, index: usize, path: &Path) {
        let script = "return document.querySelectorAll('input[type=file]')[arguments[0]] ?? null;";
        let input = self
            .until("a file input", async || {
                self.driver.find(script, json!([index])).await
            })
            .await;
        self.driver.type_into(&input, path.to_str().unwrap()).await;
    }

    /// Opens a page of the navigation, which is behind a button on phones.
    pub(crate) async fn open(&self, page: &str) {
        if self.width == Width::Phone {
            self.press("Menu").await;
        }
        self.follow(page).await;
        self.wait_for("heading", page).await;
    }

    /// Goes to an address of the page, such as `products/eggs`.
    pub(crate) async fn visit(&self, address: &str) {
        let script = "location.hash = `#/${arguments[0]}`;";
        self.driver.run(script, json!([address])).await;
    }

    /// Closes the messages at the edge of the page.
    pub(crate) async fn close_messages(&self) {
        let script = "document.querySelectorAll('.toast [aria-label=Close]').forEach((button) => button.click());";
        self.driver.run(script, json!([])).await;
    }

    /// Waits until the page shows a text.
    pub(crate) async fn sees(&self, text: &str) {
        self.until(&format!("the text “{text}”"), async || {
            self.text().await.contains(text).then_some(())
        })
        .await;
    }

    /// Waits for a message at the edge of the page, which goes away by itself.
    pub(crate) async fn is_told(&self, text: &str) {
        let script = "return messages.some((message) => message.includes(arguments[0]));";
        let what = format!("the message “{text}”");
        self.until_script(&what, script, json!([text])).await;
    }

    /// Waits until the page no longer shows a text.
    pub(crate) async fn misses(&self, text: &str) {
        self.until(&format!("the page without “{text}”"), async || {
            (!self.text().await.contains(text)).then_some(())
        })
        .await;
    }

    /// Whether an element of this kind and name is shown now.
    pub(crate) async fn has(&self, kind: &str, name: &str) -> bool {
        self.find(kind, name, true).await.is_some()
    }

    /// Waits for an element of this kind and name.
    pub(crate) async fn wait_for(&self, kind: &str, name: &str) -> Element {
        self.until(&format!("the {kind} “{name}”"), async || {
            self.find(kind, name, true).await
        })
        .await
    }

    /// Waits until a script returns something other than null or false, and returns it.
    pub(crate) async fn until_script(&self, what: &str, script: &str, arguments: Value) -> Value {
        self.until(what, async || {
            let value = self.driver.run(script, arguments.clone()).await;
            (!value.is_null() && value != false).then_some(value)
        })
        .await
    }

    /// Polls until an attempt succeeds, and fails with what the page shows instead.
    pub(crate) async fn until<T>(&self, what: &str, attempt: impl AsyncFn() -> Option<T>) -> T {
        let deadline = Instant::now() + LONGEST;
        let mut times = tokio::time::interval(Duration::from_millis(25));
        loop {
            times.tick().await;
            if let Some(found) = attempt().await {
                return found;
            }
            if Instant::now() > deadline {
                checks::screenshot(self, "missing").await;
                let width = self.width.pixels();
                panic!(
                    "{what} is missing at {width} pixels; the page shows:\n{}",
                    self.text().await
                );
            }
        }
    }

    /// The text that is shown, with single spaces.
    pub(crate) async fn text(&self) -> String {
        let script = "return document.body.innerText.replace(/\\s+/g, ' ');";
        let text = self.driver.run(script, json!([])).await;
        text.as_str().unwrap().to_owned()
    }

    /// Moves an element to the middle of the window, if it still exists.
    async fn scroll_to(&self, element: &Element) {
        let script = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });";
        self.driver.find(script, json!([element.argument()])).await;
    }

    async fn find(&self, kind: &str, name: &str, is_whole: bool) -> Option<Element> {
        let arguments = json!([kind, name, is_whole]);
        self.driver.find(include_str!("find.js"), arguments).await
    }
}
