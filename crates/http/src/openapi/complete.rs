//! Adds the parts of the document that many operations share, so that handlers declare only their own.

use eggypro_domain::changes::{EventType, Resource};
use eggypro_domain::imports::ImportMode;
use eggypro_domain::products::{Facet, ProductSort, StatusFilter, StockFilter};
use eggypro_domain::reviews::{ReviewSort, VerifiedFilter};
use eggypro_exchange::Format;
use serde_json::{Map, Value, json};

use super::examples;
use super::problems::ProblemExamples;
use crate::api::products::{HIT_MEMBERS, LIST_MEMBERS};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Adds to the document all that its operations share.
pub(super) fn complete(mut document: Value) -> Value {
    document["servers"] = json!([{ "url": "/", "description": "This server" }]);
    document["components"]["headers"] = headers();
    // `oneOf` does not hold: a product has an id and a slug, so that it also matches the schema of a deleted one.
    if let Some(data) = document["components"]["schemas"]["EventData"].as_object_mut()
        && let Some(kinds) = data.remove("oneOf")
    {
        data.insert("anyOf".into(), kinds);
    }
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            for method in METHODS {
                if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                    let own = Operation {
                        path,
                        method,
                        json: operation,
                    };
                    own.complete();
                }
            }
        }
    }
    document
}

/// One operation of the document.
struct Operation<'a> {
    path: &'a str,
    method: &'a str,
    json: &'a mut Map<String, Value>,
}

impl Operation<'_> {
    fn complete(mut self) {
        self.describe_security();
        self.describe_parameters();
        self.add_responses();
        self.add_headers();
        self.add_examples();
    }

    fn id(&self) -> &str {
        self.json["operationId"].as_str().unwrap_or_default()
    }

    fn has_response(&self, status: &str) -> bool {
        self.json["responses"].get(status).is_some()
    }

    /// OpenAPI has no scopes for bearer tokens, so the required permission moves to the description and an extension.
    fn describe_security(&mut self) {
        let permission = self.json.get("security").map(|security| {
            let permission = security.pointer("/0/admin/0").and_then(Value::as_str);
            permission.map(str::to_owned)
        });
        let security = match permission {
            Some(Some(permission)) => {
                let description = self.json.get("description").and_then(Value::as_str);
                let description = description
                    .map(|text| format!("{text}\n\n"))
                    .unwrap_or_default();
                let needed = format!("{description}Needs the permission `{permission}`.");
                self.json.insert("description".into(), needed.into());
                self.json
                    .insert("x-required-permission".into(), permission.into());
                json!([{ "admin": [] }])
            }
            Some(None) => json!([{ "admin": [] }]),
            None if self.has_response("401") || self.shows_drafts() => json!([{}, { "admin": [] }]),
            None => json!([]),
        };
        self.json.insert("security".into(), security);
    }

    /// Whether a caller with the permission also sees inactive resources.
    fn shows_drafts(&self) -> bool {
        matches!(self.id(), "readProduct" | "readCategory")
    }

    fn describe_parameters(&mut self) {
        let id = self.id().to_owned();
        let is_cacheable = self.has_response("304");
        let is_write = self.method != "get";
        let parameters = self.json.entry("parameters").or_insert_with(|| json!([]));
        let Some(parameters) = parameters.as_array_mut() else {
            return;
        };
        for parameter in parameters.iter_mut() {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            let schema = &mut parameter["schema"];
            // A parameter can be absent, but never null.
            if let Some(kind) = schema["type"].as_array().and_then(|kinds| kinds.first()) {
                schema["type"] = kind.clone();
            }
            match name.as_str() {
                "slug" | "category" | "product" => {
                    let text = if name == "category" {
                        &mut schema["items"]
                    } else {
                        schema
                    };
                    text["pattern"] = "^[a-z0-9-]+$".into();
                    text["maxLength"] = if name == "category" { 100 } else { 255 }.into();
                }
                "id" | "ids" if schema["type"] != "string" => {
                    let number = if name == "ids" {
                        &mut schema["items"]
                    } else {
                        schema
                    };
                    number["minimum"] = 1.into();
                }
                _ => {
                    if let Some(names) = names_of(&id, &name) {
                        let text = if schema["type"] == "array" {
                            &mut schema["items"]
                        } else {
                            schema
                        };
                        text["enum"] = json!(names);
                    }
                }
            }
        }
        if is_write {
            parameters.push(json!({
                "name": "Idempotency-Key", "in": "header", "required": false,
                "schema": { "type": "string", "minLength": 1, "maxLength": 255 },
                "description": "A key of the caller's choice: within 24 hours a repetition with the same key gets the first \
                                answer, and nothing is written again. Each caller has its own keys. An API key and \
                                the keys that replaced it count as one caller"
            }));
        }
        if is_cacheable {
            parameters.push(json!({
                "name": "If-None-Match", "in": "header", "required": false, "schema": { "type": "string" },
                "description": "The ETag of what the caller has: the answer is a 304 if it is the latest"
            }));
        }
    }

    fn add_responses(&mut self) {
        let mut common = vec![
            (
                "400",
                "The request can't be read, or has an unknown query parameter",
            ),
            ("405", "The address has no such method"),
            ("414", "The address is longer than 16384 bytes"),
            ("429", "The client has called too often"),
            ("431", "The head is larger than 16 KiB"),
            ("500", "Something went wrong here"),
            ("503", "A service that this needs does not answer"),
        ];
        if self.json["security"][0].get("admin").is_some() {
            common.push((
                "401",
                "No or wrong credentials, or a session that has ended",
            ));
            if self.json.contains_key("x-required-permission") {
                common.push(("403", "Not permitted"));
            }
        }
        if self.method != "get" {
            common.push((
                "409",
                "A request with the Idempotency-Key is being processed",
            ));
        }
        if self.json.contains_key("requestBody") {
            common.push(("408", "The body takes too long to arrive"));
            common.push(("413", "The body is larger than 1 MiB"));
            common.push(("415", "The body is of another type"));
            common.push(("422", "Fields break their rules, all of which are named"));
        } else if self.method != "get" {
            common.push(("422", "The Idempotency-Key was used for another request"));
        } else if self.has_query() {
            common.push(("422", "A query parameter holds a NUL character"));
        }
        if self.path.starts_with("/api/products/{slug}") {
            common.push((
                "308",
                "The product has another slug now, to which `Location` leads",
            ));
        }
        for (status, description) in common {
            let responses = &mut self.json["responses"];
            if responses.get(status).is_none() {
                responses[status] = json!({ "description": description });
            }
        }
        self.describe_problems();
    }

    fn describe_problems(&mut self) {
        let (id, permission) = (self.id().to_owned(), self.permission());
        let problems = ProblemExamples {
            id: &id,
            permission: permission.as_deref(),
            query: self.query().map(str::to_owned).collect(),
            is_read: self.method == "get",
            has_body: self.json.contains_key("requestBody"),
        };
        let Some(responses) = self.json["responses"].as_object_mut() else {
            return;
        };
        for (status, response) in responses {
            if status.starts_with(['4', '5']) {
                response["content"]["application/problem+json"] = json!({
                    "schema": { "$ref": "#/components/schemas/Problem" },
                    "example": problems.example(status)
                });
            }
        }
    }

    /// The permission that the operation always needs.
    fn permission(&self) -> Option<String> {
        let named = self.json.get("x-required-permission");
        named.and_then(Value::as_str).map(str::to_owned)
    }

    /// The names of the query parameters.
    fn query(&self) -> impl Iterator<Item = &str> {
        let parameters = self.json.get("parameters").and_then(Value::as_array);
        let all = parameters.into_iter().flatten();
        all.filter(|parameter| parameter["in"] == "query")
            .filter_map(|parameter| parameter["name"].as_str())
    }

    fn has_query(&self) -> bool {
        self.query().next().is_some()
    }

    fn add_headers(&mut self) {
        let (is_cacheable, is_limited) = (
            self.has_response("304"),
            !self.path.starts_with("/api/health/"),
        );
        let (is_read, id) = (self.method == "get", self.id().to_owned());
        let Some(responses) = self.json["responses"].as_object_mut() else {
            return;
        };
        for (status, response) in responses {
            let content = response.pointer("/content/application~1json/schema/$ref");
            let is_page = content.and_then(Value::as_str).is_some_and(|schema| {
                schema.ends_with("Page") || schema.ends_with("SearchResults")
            });
            let has_tag = match status.as_str() {
                "200" | "304" => is_cacheable || !is_read && has_own_tag(&id),
                "201" => has_own_tag(&id),
                _ => false,
            };
            let names = [
                Some("X-Request-Id"),
                has_tag.then_some("ETag"),
                (is_page && status == "200").then_some("Link"),
                matches!(status.as_str(), "201" | "202" | "302" | "308").then_some("Location"),
                (status == "401").then_some("WWW-Authenticate"),
                (status == "405").then_some("Allow"),
                matches!(status.as_str(), "429" | "503").then_some("Retry-After"),
                (!is_read && status.starts_with('2')).then_some("Idempotent-Replayed"),
                is_limited.then_some("RateLimit-Limit"),
                is_limited.then_some("RateLimit-Remaining"),
                is_limited.then_some("RateLimit-Reset"),
            ];
            for name in names.into_iter().flatten() {
                if name == "Location" && has_no_address(&id) {
                    continue;
                }
                let header = json!({ "$ref": format!("#/components/headers/{name}") });
                response["headers"][name] = header;
            }
        }
    }

    fn add_examples(&mut self) {
        let id = self.id().to_owned();
        if let Some(example) = examples::request(&id) {
            self.json["requestBody"]["content"]["application/json"]["example"] = example;
        }
        let Some(responses) = self.json["responses"].as_object_mut() else {
            return;
        };
        for response in responses.values_mut() {
            let Some(content) = response.pointer_mut("/content/application~1json") else {
                continue;
            };
            let schema = content["schema"]["$ref"].as_str().unwrap_or_default();
            let schema = schema.rsplit('/').next().unwrap_or_default();
            if let Some(example) = examples::answer(schema) {
                content["example"] = example;
            }
        }
    }
}

/// Whether what the operation makes has no address: several images have none in common, and movements, secrets and
/// repeated deliveries have none.
fn has_no_address(id: &str) -> bool {
    let is_listed = matches!(id, "rotateWebhookSecret" | "retryDelivery");
    is_listed || id.starts_with("upload") || id.starts_with("makeMovement")
}

/// Whether the operation's answer has a tag for use with `If-Match`.
fn has_own_tag(id: &str) -> bool {
    matches!(
        id,
        "createProduct"
            | "replaceProduct"
            | "patchProduct"
            | "createCategory"
            | "replaceCategory"
            | "replaceSynonyms"
    )
}

/// The values of a parameter, if they are a closed set.
fn names_of(operation: &str, parameter: &str) -> Option<Vec<&'static str>> {
    let sorts = ProductSort::ALL.map(ProductSort::as_str);
    Some(match (operation, parameter) {
        ("listProducts", "sort") => sorts.to_vec(),
        ("searchProducts", "sort") => [&["relevance"][..], &sorts].concat(),
        ("listReviews", "sort") => ReviewSort::ALL.map(ReviewSort::as_str).to_vec(),
        (_, "status") => StatusFilter::ALL.map(StatusFilter::as_str).to_vec(),
        (_, "verified") => VerifiedFilter::ALL.map(VerifiedFilter::as_str).to_vec(),
        ("listChanges", "resource") => Resource::ALL.map(Resource::as_str).to_vec(),
        ("listEvents", "types") => EventType::ALL.map(EventType::as_str).to_vec(),
        ("importProducts", "format") => [&["auto"][..], &Format::ALL.map(Format::as_str)].concat(),
        ("importProducts", "mode") => ImportMode::ALL.map(ImportMode::as_str).to_vec(),
        (_, "stock") => StockFilter::ALL.map(StockFilter::as_str).to_vec(),
        (_, "facets") => Facet::ALL.map(Facet::as_str).to_vec(),
        ("listProducts", "fields") => LIST_MEMBERS.to_vec(),
        ("searchProducts", "fields") => HIT_MEMBERS.to_vec(),
        _ => return None,
    })
}

fn headers() -> Value {
    let text = |description: &str, example: &str| json!({ "description": description, "schema": { "type": "string" }, "example": example });
    let number = |description: &str, example: u32| json!({ "description": description, "schema": { "type": "integer", "minimum": 0 }, "example": example });
    json!({
        "X-Request-Id": text("Names the request in the log", "3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7"),
        "ETag": text("Names the state of what is answered", "\"7-4\""),
        "Link": text("The next page (RFC 8288), where there is one", "</api/products?cursor=Zm9v>; rel=\"next\""),
        "Location": text("Where it is", "/api/products/eggypro-vanilla-1kg"),
        "WWW-Authenticate": text("How to authenticate", "Bearer"),
        "Allow": text("The methods that the address has", "GET, HEAD"),
        "Retry-After": number("Seconds until it is worth another try", 2),
        "Idempotent-Replayed": text("`true` if this repeats the first answer to its Idempotency-Key", "true"),
        "RateLimit-Limit": number("Requests in a window", 100),
        "RateLimit-Remaining": number("Requests that are left of it", 99),
        "RateLimit-Reset": number("Seconds until the next window begins", 900),
    })
}
