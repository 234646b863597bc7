use reqwest::Method;
use serde::Deserialize;

use super::{Failure, own_server, say};
use crate::environment::Environment;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Compare the catalogue index of the server that runs here, at HOST and PORT, with PostgreSQL, and exit with 1 if they
    /// differed
    Check,
}

#[derive(Deserialize)]
struct Comparison {
    products: u64,
    mismatches: u64,
    data: Vec<Mismatch>,
}

#[derive(Deserialize)]
struct Mismatch {
    product_id: i32,
    kind: String,
}

pub(super) fn run(environment: &Environment, command: &Command) -> Result<(), Failure> {
    match command {
        Command::Check => check(environment),
    }
}

fn check(environment: &Environment) -> Result<(), Failure> {
    let found: Comparison = own_server::check(environment, Method::POST, "/api/search/check")?;
    let Comparison {
        products,
        mismatches,
        ..
    } = found;
    if mismatches == 0 {
        say(format_args!(
            "The index holds all {products} products as they are in PostgreSQL."
        ));
        return Ok(());
    }
    for Mismatch { product_id, kind } in &found.data {
        say(format_args!("Product {product_id} was {kind}."));
    }
    let left_out = mismatches - found.data.len() as u64;
    if left_out > 0 {
        say(format_args!("{left_out} more differed."));
    }
    Err(format!("The index differed from PostgreSQL in {mismatches} of {products} products. They were replaced.").into())
}
