//! Prints all products of a shop: `cargo run --example list_products -- https://api.shop.example`
#![expect(clippy::print_stdout, reason = "it prints the list")]

use eggypro_client::products::ListProducts;
use eggypro_client::{Client, Result};

#[tokio::main]
async fn main() -> Result<()> {
    let base_url = std::env::args().nth(1);
    let client = Client::new(base_url.as_deref().unwrap_or("http://127.0.0.1:8080"))?;
    let list = ListProducts {
        limit: Some(100),
        ..ListProducts::default()
    };
    let mut products = client.products().all(list);
    while let Some(product) = products.next().await {
        let product = product?;
        println!("{} {} {}", product.slug, product.price, product.currency);
    }
    Ok(())
}
