//! `/.well-known/ucp`: what this server has of the protocol.

use std::collections::BTreeMap;

use actix_web::http::Uri;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::envelope::{Capability, VERSION};
use crate::message::document::Document;
use crate::message::encoding::Form;
use crate::message::problem::Problem;

/// The protocol requires `public` and at least a minute, also for requests with credentials.
const CACHING: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// The headers that the endpoint is derived from. Without them, a client could put an endpoint of its own into a shared
/// cache. `Origin` is last because the edge expects it there.
const VARY: HeaderValue = HeaderValue::from_static(
    "Accept-Encoding, Forwarded, X-Forwarded-Host, X-Forwarded-Proto, Origin",
);

#[derive(Debug, Serialize)]
struct ProfileBody {
    ucp: Profile,
}

#[derive(Debug, Serialize)]
struct Profile {
    version: &'static str,
    services: BTreeMap<&'static str, [Service; 2]>,
    capabilities: BTreeMap<&'static str, [CapabilityBody; 1]>,
    /// None, since the catalog sells nothing.
    payment_handlers: BTreeMap<&'static str, ()>,
}

#[derive(Debug, Serialize)]
struct Service {
    version: &'static str,
    spec: String,
    transport: &'static str,
    schema: String,
    endpoint: String,
}

#[derive(Debug, Serialize)]
struct CapabilityBody {
    version: &'static str,
    spec: String,
    schema: String,
}

/// Describes the endpoint and its capabilities.
pub(crate) async fn profile(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let profile = Document::json(&ProfileBody::with(endpoint_of(&request)?))?;
    let profile = profile.represent(Form::accepted_by(&request)).await?;
    let mut response: HttpResponse = profile.respond(&request, &CACHING)?.into();
    response.headers_mut().insert(header::VARY, VARY);
    Ok(response)
}

/// The URL that the paths of the protocol are appended to, on the host that the client has called.
fn endpoint_of(request: &HttpRequest) -> Result<String, Problem> {
    let connection = request.connection_info();
    let scheme = match connection.scheme() {
        scheme if scheme.eq_ignore_ascii_case("https") => "https",
        _ => "http",
    };
    let endpoint = format!("{scheme}://{}/ucp", connection.host());
    let is_url = Uri::try_from(endpoint.as_str()).is_ok_and(|url| url.path() == "/ucp");
    if is_url {
        Ok(endpoint)
    } else {
        Err(Problem::malformed_header(&header::HOST))
    }
}

impl ProfileBody {
    fn with(endpoint: String) -> Self {
        let service = |transport, description: &str, endpoint| Service {
            version: VERSION,
            spec: published("specification/overview"),
            transport,
            schema: published(&format!("services/shopping/{description}")),
            endpoint,
        };
        let mcp = format!("{endpoint}/mcp");
        let services = [
            service("rest", "rest.openapi.json", endpoint),
            service("mcp", "mcp.openrpc.json", mcp),
        ];
        let capabilities = Capability::ALL.map(|of| (of.name(), [CapabilityBody::of(of)]));
        Self {
            ucp: Profile {
                version: VERSION,
                services: BTreeMap::from([("dev.ucp.shopping", services)]),
                capabilities: BTreeMap::from(capabilities),
                payment_handlers: BTreeMap::new(),
            },
        }
    }
}

impl CapabilityBody {
    fn of(capability: Capability) -> Self {
        let (spec, schema) = match capability {
            Capability::Search => (
                "specification/catalog/search",
                "schemas/shopping/catalog_search.json",
            ),
            Capability::Lookup => (
                "specification/catalog/lookup",
                "schemas/shopping/catalog_lookup.json",
            ),
        };
        Self {
            version: VERSION,
            spec: published(spec),
            schema: published(schema),
        }
    }
}

/// The address of a document of this version.
fn published(path: &str) -> String {
    format!("https://ucp.dev/{VERSION}/{path}")
}
