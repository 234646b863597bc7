#!/usr/bin/env bash
# thirtyfour 0.38.1 (a WebDriver client), serde_json 1.
# As a mere dev-dependency it turns on `preserve_order` of serde_json for the whole build, so the JSON objects of the tested
# program come in another order in its tests than in its release.
# Seen: {"b":1,"a":2} is printed as {"a":2,"b":1} without thirtyfour, and as it was read with it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir src
cat >src/lib.rs <<'RUST'
pub fn printed() -> String {
    serde_json::from_str::<serde_json::Value>(r#"{"b":1,"a":2}"#).unwrap().to_string()
}

#[test]
fn order() {
    println!("{}", printed());
}
RUST
manifest() {
  printf '[package]\nname = "order"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\nserde_json = "1"\n%s' "$1" >Cargo.toml
}
printed() { cargo test --quiet -- --nocapture 2>/dev/null | grep '^{'; }
manifest ''
without=$(printed)
manifest $'[dev-dependencies]\nthirtyfour = { version = "=0.38.1", default-features = false }\n'
with=$(printed)
echo "without thirtyfour $without, with it $with"
[ "$without" = '{"a":2,"b":1}' ]
[ "$with" = '{"b":1,"a":2}' ]
