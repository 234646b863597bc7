//! Over MCP, as a client of the official SDK and as one that writes its messages by hand.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use eggypro_persistence::testing::TestDatabase;
use eggypro_tests::{Answer, NetworkState, ORIGIN, Proxy, TestShop};
use rmcp::model::{CallToolRequestParams, ClientConfig, ErrorCode, ProtocolVersion};
use rmcp::service::{
    ClientLifecycleMode, ClientServiceExt, RoleClient, RunningService, ServiceError,
};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use serde_json::{Value, json};

use crate::shop;

type Client = RunningService<RoleClient, ClientConfig>;

/// The path of the REST call for each tool.
const CALLS: [(&str, &str); 3] = [
    ("search_catalog", "/ucp/catalog/search"),
    ("lookup_catalog", "/ucp/catalog/lookup"),
    ("get_product", "/ucp/catalog/product"),
];

/// A client of the official SDK.
async fn connect(shop: &TestShop, lifecycle: ClientLifecycleMode) -> Client {
    let url = format!("http://{}/ucp/mcp", shop.address);
    let http = reqwest::Client::builder().tls_certs_only([]);
    let transport = StreamableHttpClientTransport::with_client(
        http.build().unwrap(),
        StreamableHttpClientTransportConfig::with_uri(url),
    );
    let connecting = ClientConfig::default().serve_with_lifecycle(transport, lifecycle);
    connecting.await.unwrap()
}

fn call(tool: &'static str, catalog: Value) -> CallToolRequestParams {
    let arguments = json!({
        "meta": { "ucp-agent": { "profile": "https://agent.example/ucp" } },
        "catalog": catalog
    });
    let arguments = arguments.as_object().unwrap().clone();
    CallToolRequestParams::new(tool).with_arguments(arguments)
}

/// Sends a message as a client does that knows neither sessions nor versions.
async fn send(shop: &TestShop, message: &Value) -> Answer {
    let user = shop.anonymous();
    let request = user.request("POST", "/ucp/mcp").json(message);
    let request = request.header("Accept", "application/json, text/event-stream");
    user.send(request).await
}

fn message(tool: &str, arguments: &Value) -> Value {
    let params = json!({ "name": tool, "arguments": arguments });
    json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params })
}

#[tokio::test]
async fn a_client_of_the_sdk_lists_the_tools_and_calls_each() {
    let shop = shop().await;
    let newest = ClientLifecycleMode::Discover {
        preferred_versions: vec![ProtocolVersion::V_2026_07_28],
    };
    for lifecycle in [ClientLifecycleMode::Initialize, newest] {
        let client = connect(&shop, lifecycle).await;
        let tools = client.list_all_tools().await.unwrap();
        let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
        assert_eq!(names, CALLS.map(|(name, _)| name));
        for (tool, path) in CALLS {
            let catalog = match tool {
                "search_catalog" => json!({ "query": "powder" }),
                "lookup_catalog" => json!({ "ids": ["VANILLA", "nope"] }),
                _ => {
                    json!({ "id": "prod_g_powder", "selected": [{ "name": "Flavour", "label": "Cacao" }] })
                }
            };
            let result = client.call_tool(call(tool, catalog.clone())).await.unwrap();
            let rest = shop.anonymous().post(path, &catalog).await.expect(200);
            assert_eq!(result.structured_content, Some(rest.json()), "{tool}");
            let text = &result.content[0].as_text().unwrap().text;
            assert_eq!(serde_json::from_str::<Value>(text).unwrap(), rest.json());
            assert_eq!(result.is_error, Some(false));
        }
        client.cancel().await.unwrap();
    }
}

#[tokio::test]
async fn a_client_of_the_sdk_learns_what_is_wrong() {
    let shop = shop().await;
    let client = connect(&shop, ClientLifecycleMode::Initialize).await;
    let many: Vec<u32> = (0..101).collect();
    let many: Vec<String> = many.iter().map(|id| format!("var_{id}")).collect();
    for (tool, catalog, code) in [
        ("search_catalog", json!({}), "invalid_request"),
        ("search_catalog", json!({ "query": 1 }), "invalid_request"),
        (
            "search_catalog",
            json!({ "query": "a", "pagination": { "cursor": "x" } }),
            "invalid_cursor",
        ),
        (
            "lookup_catalog",
            json!({ "ids": many }),
            "request_too_large",
        ),
        ("get_product", json!({}), "invalid_request"),
        ("get_product", json!([]), "invalid_request"),
        ("create_cart", json!({}), "invalid_request"),
    ] {
        let refused = client.call_tool(call(tool, catalog)).await.unwrap_err();
        let ServiceError::McpError(error) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(error.code, ErrorCode::INVALID_PARAMS, "{tool}");
        assert_eq!(error.data.unwrap()["code"], code, "{tool}");
    }
    let answer = client.call_tool(call("get_product", json!({ "id": "nope" })));
    let answer = answer.await.unwrap().structured_content.unwrap();
    assert_eq!(answer["ucp"]["status"], "error");
    assert_eq!(answer["messages"][0]["code"], "not_found");
}

#[tokio::test]
async fn a_client_without_a_handshake_is_answered_in_json() {
    let shop = shop().await;
    let arguments = json!({ "catalog": { "query": "powder" } });
    let answer = send(&shop, &message("search_catalog", &arguments))
        .await
        .expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    let answer = answer.json();
    assert_eq!(answer["id"], 7);
    let products = &answer["result"]["structuredContent"]["products"];
    assert_eq!(products[0]["id"], "prod_g_powder");
    let version = json!({ "ucp-agent": { "version": "2026-01-23" } });
    let arguments = json!({ "meta": version, "catalog": { "query": "powder" } });
    let refused = send(&shop, &message("search_catalog", &arguments))
        .await
        .expect(200);
    let error = &refused.json()["error"];
    assert_eq!(error["code"], -32001);
    assert_eq!(error["data"]["code"], "version_unsupported");
    assert!(error["data"]["continue_url"].is_string());
    let notification = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    assert!(
        send(&shop, &notification)
            .await
            .expect(202)
            .bytes
            .is_empty()
    );
}

#[tokio::test]
async fn what_is_no_message_is_refused() {
    let shop = TestShop::start().await;
    let user = shop.anonymous();
    for body in [
        "",
        "{",
        "[]",
        "{}",
        "\"a\"",
        "\0",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
    ] {
        let request = user.request("POST", "/ucp/mcp").body(body);
        let request = request
            .header("Accept", "application/json, text/event-stream")
            .header("Content-Type", "application/json");
        let refused = user.send(request).await.expect(400).json();
        assert_eq!(refused["error"]["code"], -32700, "{body}");
    }
    let ping = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" });
    // Without the header Accept that MCP requires.
    user.post("/ucp/mcp", &ping).await.expect_problem(406);
    let unknown_version = user
        .request("POST", "/ucp/mcp")
        .json(&ping)
        .header("Accept", "application/json, text/event-stream")
        .header("MCP-Protocol-Version", "1999-01-01");
    user.send(unknown_version).await.expect_problem(400);
    user.get("/ucp/mcp").await.expect_problem(405);
    let large = "a".repeat(300_000);
    user.post_raw("/ucp/mcp", large).await.expect_problem(413);
    let text = user.request("POST", "/ucp/mcp").body("text");
    user.send(text).await.expect_problem(415);
    let unknown = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/destroy" });
    assert_eq!(send(&shop, &unknown).await.json()["error"]["code"], -32601);
    assert_eq!(
        send(&shop, &ping).await.expect(200).json()["result"],
        json!({})
    );
}

#[tokio::test]
async fn an_outage_is_an_error_that_says_when_to_come_back() {
    let database = TestDatabase::migrated();
    let proxy = Proxy::before(&database).await;
    let shop =
        TestShop::start_on(database, |settings| settings.database.url = proxy.address()).await;
    shop.create_product(json!({ "name": "Powder" })).await;
    proxy.set(NetworkState::Cut);
    let arguments = json!({ "catalog": { "query": "powder" } });
    let failed = send(&shop, &message("search_catalog", &arguments))
        .await
        .expect(503);
    assert_eq!(failed.header("retry-after"), "2");
    assert_eq!(failed.header("content-type"), "application/json");
    let failed = failed.json();
    assert_eq!(failed["id"], 7);
    assert_eq!(failed["error"]["code"], -32000);
    assert_eq!(failed["error"]["data"]["retry_after"], 2);
}

#[tokio::test]
async fn the_tools_say_what_they_need() {
    let shop = TestShop::start().await;
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    let tools = send(&shop, &list).await.expect(200).json();
    let tools = tools["result"]["tools"].as_array().unwrap();
    for (tool, required) in [
        (&tools[0], json!(null)),
        (&tools[1], json!(["ids"])),
        (&tools[2], json!(["id"])),
    ] {
        let schema = &tool["inputSchema"];
        assert_eq!(schema["type"], "object");
        assert_eq!(schema["required"], json!(["catalog"]));
        let name = schema["properties"]["catalog"]["$ref"].as_str().unwrap();
        let name = name.rsplit('/').next().unwrap();
        assert_eq!(schema["$defs"][name]["required"], required, "{name}");
        assert_eq!(tool["annotations"]["readOnlyHint"], true);
    }
}

#[tokio::test]
async fn credentials_and_unusual_headers_are_ignored() {
    let shop = shop().await;
    let arguments = json!({ "catalog": { "query": "hidden" } });
    let request = shop
        .admin()
        .request("POST", "/ucp/mcp")
        .json(&message("search_catalog", &arguments))
        .header("Accept", "application/json, text/event-stream")
        .header("X-Name", "Zo\u{eb}".as_bytes());
    let answer = shop.admin().send(request).await.expect(200).json();
    let products = &answer["result"]["structuredContent"]["products"];
    assert_eq!(products, &json!([]));
}

#[tokio::test]
async fn pages_of_listed_origins_may_call() {
    let shop = TestShop::start().await;
    let user = shop.anonymous();
    let preflight = user
        .request("OPTIONS", "/ucp/mcp")
        .header("Origin", ORIGIN)
        .header("Access-Control-Request-Method", "POST");
    let allowed = user.send(preflight).await;
    let allowed = allowed.header("access-control-allow-headers");
    for name in [
        "UCP-Agent",
        "MCP-Protocol-Version",
        "Mcp-Method",
        "Mcp-Name",
    ] {
        assert!(allowed.contains(name), "{allowed}");
    }
}
