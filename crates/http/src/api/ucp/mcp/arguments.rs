//! The arguments of the tools.

use rmcp::model::JsonObject;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::api::ucp::agent;
use crate::api::ucp::answer::Refusal;
use crate::api::ucp::request::read;

/// The arguments of a tool.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Arguments<T> {
    /// The calling agent.
    meta: Option<Meta>,
    /// The request.
    catalog: T,
}

/// The calling agent. The protocol requires it, but clients without a profile are answered as well.
#[derive(Debug, Deserialize, JsonSchema)]
struct Meta {
    /// The agent.
    #[serde(rename = "ucp-agent")]
    agent: Option<Agent>,
}

/// An agent, as it introduces itself.
#[derive(Debug, Deserialize, JsonSchema)]
struct Agent {
    /// The URL of its profile.
    #[expect(dead_code, reason = "agents learn from the schema to send it")]
    profile: Option<String>,
    /// The version of UCP that it asks for.
    version: Option<String>,
}

/// Checks the agent and reads its request.
///
/// # Errors
/// If the agent asks for another version, or the arguments can't be read.
pub(super) fn accept<T: DeserializeOwned>(arguments: Option<JsonObject>) -> Result<T, Refusal> {
    let arguments: Arguments<Map<String, Value>> = read(arguments.unwrap_or_default())?;
    let agent = arguments.meta.and_then(|meta| meta.agent);
    agent::check_version(agent.and_then(|agent| agent.version).as_deref())?;
    read(arguments.catalog)
}
