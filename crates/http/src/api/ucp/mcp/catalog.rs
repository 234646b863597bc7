//! The tools of the catalog.

use rmcp::handler::server::common::schema_for_type;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
    ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
    ToolAnnotations,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use tokio::sync::{mpsc, oneshot};

use super::arguments::{Arguments, accept};
use crate::api::ucp::answer::{Failure, Refusal};
use crate::api::ucp::request::{LookupRequest, ProductRequest, SearchRequest};
use crate::api::ucp::{lookup, product, search};
use crate::message::problem::Problem;
use crate::state::Api;

const SEARCH: &str = "search_catalog";
const LOOKUP: &str = "lookup_catalog";
const PRODUCT: &str = "get_product";

/// The catalog as a server of MCP. It passes calls on to the handler of the request.
#[derive(Debug, Clone)]
pub(super) struct Catalog {
    brand: String,
    calls: mpsc::Sender<Call>,
}

/// A call of a tool.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) request: CallToolRequestParams,
    /// Where its answer goes.
    pub(super) answer: oneshot::Sender<Result<CallToolResponse, ErrorData>>,
}

impl Catalog {
    /// The catalog of a shop with this brand.
    pub(super) fn new(brand: &str, calls: mpsc::Sender<Call>) -> Self {
        let brand = brand.to_owned();
        Self { brand, calls }
    }
}

/// The answer to a call.
///
/// # Errors
/// If there is no such tool, or its arguments can't be read. Also as the calls over REST.
pub(super) async fn call(
    api: &Api,
    request: CallToolRequestParams,
) -> Result<CallToolResponse, Failure> {
    let answer = match request.name.as_ref() {
        SEARCH => search::find(api, &accept(request.arguments)?).await,
        LOOKUP => lookup::read(api, &accept(request.arguments)?).await,
        PRODUCT => product::read(api, &accept(request.arguments)?).await,
        name => Err(Refusal::invalid(format!("There is no tool {name}.")).into()),
    }?;
    let content = serde_json::from_str(answer.get());
    let content = content.map_err(|error| Problem::unexpected(error.to_string()))?;
    let mut result = CallToolResult::success(vec![ContentBlock::text(answer.get())]);
    result.structured_content = Some(content);
    Ok(result.into())
}

impl ServerHandler for Catalog {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("eggypro", env!("CARGO_PKG_VERSION")))
            .with_instructions(format!(
                "The catalog of {}. Search it first, then get the details of a product by its id. Amounts are in \
                 minor units of the currency.",
                self.brand
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
        let gone = || ErrorData::internal_error("The request has ended.", None);
        let (answer, answered) = oneshot::channel();
        let call = Call { request, answer };
        self.calls.send(call).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
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
