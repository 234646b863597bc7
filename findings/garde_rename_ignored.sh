#!/usr/bin/env bash
# garde 0.23.0 (derive macro garde_derive 0.23.0).
# `#[garde(rename("media"))]` compiles and has no effect: the report names the field as Rust does. Nothing warns.
# Seen: "alt_texts: length is greater than 0".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "renamed"
version = "0.1.0"
edition = "2024"

[dependencies]
garde = { version = "=0.23.0", default-features = false, features = ["derive"] }
garde_derive = "=0.23.0"
TOML
cat >src/main.rs <<'RUST'
use garde::Validate;

#[derive(Validate)]
struct Product {
    #[garde(rename("media"), length(max = 0))]
    alt_texts: Vec<String>,
}

fn main() {
    let product = Product { alt_texts: vec!["A bag".to_owned()] };
    print!("{}", product.validate().unwrap_err());
}
RUST
seen=$(cargo run --quiet)
echo "$seen"
[ "$seen" = "alt_texts: length is greater than 0" ]
