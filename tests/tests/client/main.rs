//! The client of the API (`eggypro-client`) with a running shop.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod administration;
mod catalogue;
mod cut_network;
mod files;
mod moving_list;
mod orders;

use std::net::SocketAddr;
use std::time::Duration;

use eggypro_client::products::NewProduct;
use eggypro_client::{Client, ClientBuilder, Credentials, Decimal};
use eggypro_tests::{ADMIN_SECRET, TestShop};

/// Maximum time until an event arrives. Other tests have transactions open, which delay events.
const LONGEST: Duration = Duration::from_secs(30);

/// Builds a client of the administrator of the shop at an address.
fn builder(address: SocketAddr) -> ClientBuilder {
    // Reading the certificates of the system takes long.
    let http = reqwest::Client::builder().tls_certs_only([]);
    Client::builder(&format!("http://{address}"))
        .http(http.build().unwrap())
        .credentials(Credentials::admin_secret(ADMIN_SECRET))
}

/// A client of the administrator.
fn admin(shop: &TestShop) -> Client {
    builder(shop.address).build().unwrap()
}

/// A client without credentials.
fn anonymous(shop: &TestShop) -> Client {
    let admin = admin(shop);
    admin.with_credentials(&Credentials::anonymous()).unwrap()
}

/// A valid product with this name, of which there are ten pieces.
fn a_product(name: &str) -> NewProduct {
    NewProduct {
        stock_quantity: 10,
        ..NewProduct::new(
            name,
            "Of eggs.",
            "Keep cool.",
            Decimal::new(3990, 2),
            ["Egg"],
        )
    }
}
