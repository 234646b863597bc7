//! Prints the events of a shop as they happen: `EGGYPRO_API_KEY=… cargo run --example follow_events -- https://api.shop.example`
#![expect(clippy::print_stdout, reason = "it prints the events")]

use eggypro_client::changes::{After, FollowEvents};
use eggypro_client::{Client, Credentials, Result};

#[tokio::main]
async fn main() -> Result<()> {
    let base_url = std::env::args().nth(1);
    let base_url = base_url.as_deref().unwrap_or("http://127.0.0.1:8080");
    let key = std::env::var("EGGYPRO_API_KEY").unwrap_or_default();
    let client = Client::builder(base_url)
        .credentials(Credentials::api_key(key))
        .build()?;
    let mut events = client.events(FollowEvents::after(After::Latest));
    while let Some(event) = events.next().await {
        let event = event?;
        println!("{} {} {}", event.time, event.kind, event.subject);
    }
    Ok(())
}
