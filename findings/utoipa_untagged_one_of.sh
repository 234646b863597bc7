#!/usr/bin/env bash
# utoipa 6.0.0 with serde 1.0.228 and serde_json 1.0.154 (crates.io), jsonschema 4.26.0 (PyPI).
# utoipa describes an enum that serde writes untagged as `oneOf` its variants. Where one variant has all required fields of
# another, as a whole thing has of a reference to it, what serde writes for the larger one fits both schemas, and `oneOf`
# refuses what fits two. serde itself takes the first that fits; `anyOf` says that.
# Seen: {"id":1,"name":"a"} of the variant `Whole`: refused by the schema; {"id":1} of `Reference`: accepted.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"
[dependencies]
serde = { version = "=1.0.228", features = ["derive"] }
serde_json = "=1.0.154"
utoipa = { version = "=6.0.0", default-features = false, features = ["macros"] }
TOML
cat >src/main.rs <<'RUST'
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

#[derive(Serialize, ToSchema)]
struct Product { id: i32, name: &'static str }

#[derive(Serialize, ToSchema)]
struct Id { id: i32 }

#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum Subject { Whole(Product), Reference(Id) }

#[derive(OpenApi)]
#[openapi(components(schemas(Subject, Product, Id)))]
struct Document;

fn main() {
    println!("{}", serde_json::to_string(&Document::openapi()).unwrap());
    for subject in [Subject::Whole(Product { id: 1, name: "a" }), Subject::Reference(Id { id: 1 })] {
        println!("{}", serde_json::to_string(&subject).unwrap());
    }
}
RUST
cargo run --quiet >output
python3 -m venv venv
venv/bin/pip install --quiet 'jsonschema==4.26.0'
venv/bin/python - <<'PYTHON'
import json
import jsonschema

document, whole, reference = map(json.loads, open("output"))
schemas = document["components"]["schemas"]
schema = {"$ref": "#/components/schemas/Subject", "components": {"schemas": schemas}}
validator = jsonschema.Draft202012Validator(schema)
print("schema:", json.dumps(schemas["Subject"]))
for written in (whole, reference):
    print(json.dumps(written), "accepted" if validator.is_valid(written) else "refused")
assert "oneOf" in schemas["Subject"], "the variants are described otherwise now"
assert whole == {"id": 1, "name": "a"} and not validator.is_valid(whole), "the larger variant is accepted now"
assert reference == {"id": 1} and validator.is_valid(reference), "the smaller variant is refused now"
PYTHON
