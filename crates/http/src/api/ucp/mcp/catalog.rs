//! The tools of the catalog.

use std::sync::Arc;

use rmcp::handler::server::common::schema_for_type;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
    ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
    ToolAnnotations,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::value::RawValue;

use super::arguments::{Arguments, accept};
use super::outcome::Outcome;
use crate::api::ucp::answer::Failure;
use crate::api::ucp::request::{LookupRequest, ProductRequest, SearchRequest};
use crate::api::ucp::{lookup, product, search};
use crate::state::Api;

const SEARCH: &str = "search_catalog";
const LOOKUP: &str = "lookup_catalog";
const PRODUCT: &str = "get_product";

/// The catalog as a server of MCP.
#[derive(Debug, Clone)]
pub(super) struct Catalog {
    api: Arc<Api>,
    outcome: Outcome,
}

impl Catalog {
    /// The catalog for one request. Notes in `outcome` why the request fails.
    pub(super) fn new(api: Arc<Api>, outcome: Outcome) -> Self {
        Self { api, outcome }
    }

    async fn call(&self, request: CallToolRequestParams) -> Result<Box<RawValue>, Failure> {
        match request.name.as_ref() {
            SEARCH => search::find(&self.api, &accept(request.arguments)?).await,
            LOOKUP => lookup::read(&self.api, &accept(request.arguments)?).await,
            PRODUCT => product::read(&self.api, &accept(request.arguments)?).await,
            name => Err(Failure::unknown_tool(name)),
        }
    }
}

impl ServerHandler for Catalog {
    fn get_info(&self) -> ServerConfig {
        let brand = &self.api.storefront.brand;
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("eggypro", env!("CARGO_PKG_VERSION")))
            .with_instructions(format!(
                "The catalog of {brand}. Search it first, then get the details of a product by its id. Amounts are in \
                 minor units of the currency."
            ))
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let failed = |failure| self.outcome.failed(failure, &self.api.storefront);
        let answer = self.call(request).await.map_err(failed)?;
        let mut result = CallToolResult::success(vec![ContentBlock::text(answer.get())]);
        result.structured_content = serde_json::from_str(answer.get()).ok();
        Ok(result.into())
    }
}

fn tools() -> Vec<Tool> {
    let tools = [
        Tool::new(
            SEARCH,
            "Searches the products of the shop by a text, by filters, or both. Each product has its variants, which are \
             what can be bought.",
            schema_for_type::<Arguments<SearchRequest>>(),
        ),
        Tool::new(
            LOOKUP,
            "Reads products by ids of products and variants, SKUs, barcodes and handles. Leaves out what does not exist.",
            schema_for_type::<Arguments<LookupRequest>>(),
        ),
        Tool::new(
            PRODUCT,
            "Reads one product in full, with the values of its options that can be had for what the buyer has selected.",
            schema_for_type::<Arguments<ProductRequest>>(),
        ),
    ];
    let annotations = ToolAnnotations::new()
        .read_only(true)
        .idempotent(true)
        .open_world(false);
    tools
        .map(|tool| tool.with_annotations(annotations.clone()))
        .into()
}
