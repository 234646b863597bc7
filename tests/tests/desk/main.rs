//! The staff page (`/admin`) in a real Chromium: a test for each task of a week, at the widths of a laptop and of a phone.
//! Each leaves pictures in `desk`, in `CARGO_TARGET_TMPDIR`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

mod browser;
mod bulk_undo;
mod checks;
mod conflict;
mod delivery;
mod driver;
mod first_run;
mod hostile;
mod keys;
mod memory;
mod pages;
mod permissions;
mod photo;
mod price_log;
mod prices;
mod publishing;
mod reviews;
mod slow_save;
mod spreadsheet;
mod undo;

use std::ops::Deref;

use eggypro_tests::{ADMIN_SECRET, TestShop};
use serde_json::{Value, json};

use self::browser::{Browser, Width};

/// A shop, and a browser with its staff page.
struct Desk {
    shop: TestShop,
    browser: Browser,
}

impl Deref for Desk {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Desk {
    /// Loads the page and signs in with a secret or key.
    async fn sign_in_with(&self, secret: &str) {
        let address = format!("http://{}/admin", self.shop.address);
        self.sign_in_at(&address, secret).await;
    }

    async fn sign_in_at(&self, address: &str, secret: &str) {
        self.driver.go(address).await;
        self.fill("Admin secret or API key", secret).await;
        self.press("Sign in").await;
    }

    /// Signs in as the administrator.
    async fn sign_in(&self) {
        self.sign_in_with(ADMIN_SECRET).await;
        self.wait_for("heading", "Products").await;
    }

    /// Keeps a picture of the page, and checks what must hold on every page.
    async fn look(&self, name: &str) {
        checks::look(&self.browser, name).await;
    }

    /// A product as the administrator sees it.
    async fn product(&self, slug: &str) -> Value {
        let path = format!("/api/products/{slug}");
        self.shop.admin().get(&path).await.expect(200).json()
    }

    /// Creates an API key and returns its secret.
    async fn key(&self, name: &str, permissions: &[&str]) -> String {
        let key = json!({ "name": name, "permissions": permissions });
        let key = self.shop.admin().post("/api/keys", &key).await.expect(201);
        key.json()["secret"].as_str().unwrap().to_owned()
    }
}

/// Runs a test with the screen of a laptop, and then with that of a phone, each time with a new shop and browser.
async fn at_both_widths(test: &'static str, run: impl AsyncFn(&Desk)) {
    for width in [Width::Laptop, Width::Phone] {
        let shop = TestShop::start().await;
        let browser = Browser::start(test, width).await;
        let desk = Desk { shop, browser };
        run(&desk).await;
        checks::finish(desk.browser).await;
    }
}
