use std::io::Read;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::TestShop;

/// The path of the product whose price shows how old an answer is.
pub const PRICED: &str = "/api/products/eggypro-vanilla-1kg";

impl TestShop {
    /// Creates the product [`PRICED`]. Its answers are long enough to be compressed.
    pub async fn create_priced(&self, price: u64) {
        let details = "Egg white. ".repeat(200);
        self.create_product(json!({ "price": price, "details": details }))
            .await;
    }

    /// Changes the price of [`PRICED`].
    pub async fn set_price(&self, price: u64) {
        let change = json!({ "price": price });
        self.admin().patch(PRICED, &change).await.expect(200);
    }

    /// The price in the answer for [`PRICED`].
    pub async fn price(&self) -> f64 {
        let answer = self.anonymous().get(PRICED).await.expect(200);
        price_in(&answer.json())
    }

    /// The price of the first product in the list, or 0 if the list is still empty, as on a server that has not received
    /// the change yet.
    pub async fn listed_price(&self) -> f64 {
        let answer = self.anonymous().get("/api/products").await.expect(200);
        price_in(&answer.json()["data"][0])
    }

    /// The price in a compressed answer for [`PRICED`].
    pub async fn packed_price(&self) -> f64 {
        let user = self.anonymous();
        let request = user
            .request("GET", PRICED)
            .header("Accept-Encoding", "gzip");
        let answer = user.send(request).await.expect(200);
        assert_eq!(answer.header("content-encoding"), "gzip");
        let mut text = String::new();
        flate2::read::GzDecoder::new(&answer.bytes[..])
            .read_to_string(&mut text)
            .unwrap();
        price_in(&serde_json::from_str(&text).unwrap())
    }

    /// Waits until all three answers show the expected price, and returns the time that took.
    pub async fn shows(&self, expected: u64) -> Duration {
        let started = Instant::now();
        loop {
            let shown = [
                self.price().await,
                self.listed_price().await,
                self.packed_price().await,
            ];
            if shown == [expected as f64; 3] {
                return started.elapsed();
            }
            assert!(
                started.elapsed() < Duration::from_secs(5),
                "an old price stays instead of {expected}: {shown:?}"
            );
        }
    }
}

fn price_in(product: &Value) -> f64 {
    product["price"].as_f64().unwrap_or_default()
}
