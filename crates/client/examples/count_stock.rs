//! Sets the stock of a product to what was counted, without an async runtime:
//! `EGGYPRO_API_KEY=… cargo run --example count_stock --features blocking -- eggypro-vanilla-1kg 48`
#![expect(clippy::print_stdout, reason = "it prints the result")]

use eggypro_client::stock::{MovementReason, NewMovement};
use eggypro_client::{Client, Credentials, blocking};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let slug = arguments.next().ok_or("the slug of a product is missing")?;
    let counted = arguments.next().ok_or("the number of pieces is missing")?;
    let key = std::env::var("EGGYPRO_API_KEY")?;
    let builder = Client::builder("http://127.0.0.1:8080");
    let shop = blocking::Client::new(builder.credentials(Credentials::api_key(key)))?;
    let count = NewMovement::to(counted.parse()?, MovementReason::Count);
    let movement = shop.wait(shop.stock().move_one(&slug, &count))?;
    println!("{:+} pieces, {} now", movement.change, movement.balance);
    Ok(())
}
