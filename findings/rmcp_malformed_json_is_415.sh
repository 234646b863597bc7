#!/usr/bin/env bash
# rmcp 3.11.0, streamable HTTP without sessions.
# A body that is not JSON, sent as application/json, is answered with 415 and a text, not with 400 or with a parse error of
# JSON-RPC (-32700). So 415 can mean both a wrong type and a wrong body. An unknown method is 200 to a client of an older
# version and 404 to one that states 2026-07-28 in the message.
# Seen: "not JSON: 415 -", "wrong type: 415 -", "older client: 200 application/json", "newest client: 404 application/json".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "statuses"
version = "0.1.0"
edition = "2024"

[dependencies]
http = "=1.5.0"
http-body-util = "=0.1.5"
rmcp = { version = "=3.11.0", default-features = false, features = ["server", "transport-streamable-http-server"] }
tokio = { version = "1", features = ["macros", "rt"] }
TOML
cat >src/main.rs <<'RUST'
use std::sync::Arc;

use http_body_util::Full;
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};

struct Nothing;

impl ServerHandler for Nothing {}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let settings = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true);
    let sessions = Arc::new(NeverSessionManager::default());
    let service = StreamableHttpService::new(|| Ok(Nothing), sessions, settings);
    let unknown = r#"{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"a"}}"#;
    let newest = r#"{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"a","_meta":{
        "io.modelcontextprotocol/protocolVersion":"2026-07-28",
        "io.modelcontextprotocol/clientInfo":{"name":"a","version":"1"},
        "io.modelcontextprotocol/clientCapabilities":{}}}}"#;
    for (case, kind, version, body) in [
        ("not JSON", "application/json", "2025-06-18", "egg"),
        ("wrong type", "text/plain", "2025-06-18", unknown),
        ("older client", "application/json", "2025-06-18", unknown),
        ("newest client", "application/json", "2026-07-28", newest),
    ] {
        let request = http::Request::post("/")
            .header("host", "localhost")
            .header("accept", "application/json, text/event-stream")
            .header("content-type", kind)
            .header("mcp-protocol-version", version)
            .header("mcp-method", "prompts/get")
            .header("mcp-name", "a")
            .body(Full::new(body.as_bytes()))
            .unwrap();
        let answer = service.handle(request).await;
        let kind = answer.headers().get("content-type").map_or("-", |kind| kind.to_str().unwrap());
        println!("{case}: {} {kind}", answer.status().as_u16());
    }
}
RUST
seen=$(cargo run --quiet)
echo "$seen"
[ "$seen" = "not JSON: 415 -
wrong type: 415 -
older client: 200 application/json
newest client: 404 application/json" ]
