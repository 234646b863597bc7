#!/usr/bin/env bash
# utoipa 6.0.0 with serde 1.0.228 and serde_json 1.0.154 (crates.io), jsonschema 4.26.0 (PyPI).
# serde writes a flattened `Option` that is `None` as nothing at all. utoipa describes it as `oneOf: [T, null]` within
# `allOf`: an object without the fields of `T` is neither a `T` nor null. So the schema refuses what serde writes, and
# accepts it only where the option is `Some`. An `Option` that is an ordinary field is described as it is written.
# Seen: `None` written as {"title":"a"}: refused by the schema; `Some` written as {"title":"a","code":1}: accepted.
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
struct Details { code: i32 }

#[derive(Serialize, ToSchema)]
struct Problem { title: &'static str, #[serde(flatten)] details: Option<Details> }

#[derive(OpenApi)]
#[openapi(components(schemas(Problem, Details)))]
struct Document;

fn main() {
    println!("{}", serde_json::to_string(&Document::openapi()).unwrap());
    for details in [None, Some(Details { code: 1 })] {
        println!("{}", serde_json::to_string(&Problem { title: "a", details }).unwrap());
    }
}
RUST
cargo run --quiet >output
python3 -m venv venv
venv/bin/pip install --quiet 'jsonschema==4.26.0'
venv/bin/python - <<'PYTHON'
import json
import jsonschema

document, none, some = map(json.loads, open("output"))
schemas = document["components"]["schemas"]
schema = {"$ref": "#/components/schemas/Problem", "components": {"schemas": schemas}}
validator = jsonschema.Draft202012Validator(schema)
print("schema:", json.dumps(schemas["Problem"]))
for written in (none, some):
    print(json.dumps(written), "accepted" if validator.is_valid(written) else "refused")
assert none == {"title": "a"} and not validator.is_valid(none), "None is accepted now"
assert some == {"title": "a", "code": 1} and validator.is_valid(some), "Some is refused now"
PYTHON
