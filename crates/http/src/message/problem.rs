mod from_domain;
mod stock;

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use eggypro_cache::LoadError;
use eggypro_domain::Permission;
use eggypro_domain::products::Revision;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use self::stock::ShortageBody;
use crate::message::entity_tag;

/// The `Retry-After` of an outage, in seconds.
const RETRY_AFTER: &str = "2";

/// The error of a request (RFC 9457). A handler returns it, and the edge writes the body with the request's id.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    headers: Vec<(HeaderName, HeaderValue)>,
    required_permission: Option<Permission>,
    /// Boxed to keep the type small.
    extra: Option<Box<Extra>>,
    /// The cause for the log. The client does not see it.
    cause: Option<Box<str>>,
}

/// The current version of a resource, for a write that expected another one.
#[derive(Debug, Clone)]
struct Current {
    tag: String,
    version: i32,
}

/// Members that few problems have.
#[derive(Debug, Clone, Default)]
struct Extra {
    current: Option<Current>,
    /// The products that lack stock, with what they have.
    shortages: Vec<ShortageBody>,
    /// The stock of the product, if that is what was not as expected.
    available: Option<i32>,
    /// The results of operations of which none was made, as JSON.
    results: Option<Box<RawValue>>,
}

/// One broken field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct FieldError {
    /// Which one, as in `price` or `ingredients[3]`.
    #[schema(example = "price")]
    pub(crate) field: String,
    /// The rule that it breaks.
    #[schema(example = "Price must be positive")]
    pub(crate) message: String,
}

impl FieldError {
    pub(crate) fn unknown_category(slug: impl fmt::Display) -> Self {
        Self {
            field: "categories".into(),
            message: format!("Unknown category: {slug}"),
        }
    }
}

/// The body of an answer to a request that failed: `application/problem+json`, RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody<'a> {
    /// Names the kind of problem; stable, for programs.
    #[serde(rename = "type")]
    #[schema(example = "urn:eggypro:problem:validation-failed")]
    kind: String,
    /// The status in words.
    #[schema(example = "Unprocessable Entity")]
    title: &'a str,
    /// The status code.
    #[schema(example = 422)]
    status: u16,
    /// What is wrong with this request, for people.
    detail: &'a str,
    /// The id of the request, as in the header `X-Request-Id`; absent in a problem that is part of an answer.
    #[serde(skip_serializing_if = "str::is_empty")]
    request_id: &'a str,
    /// Every broken field, if fields are what is wrong.
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    errors: &'a [FieldError],
    /// The tag that `If-Match` takes now, if that is what did not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "\"7-4\"", nullable = false)]
    current_etag: Option<&'a str>,
    /// The version that it has now, in the same case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 4, nullable = false)]
    current_version: Option<i32>,
    /// The permission that the caller lacks, if that is what is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "products:write", nullable = false)]
    required_permission: Option<&'a str>,
    /// The stock that the product has, if it has too little or not the expected one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, nullable = false)]
    available: Option<i32>,
    /// Every product that has too little stock, if that is what is wrong.
    #[serde(skip_serializing_if = "<[ShortageBody]>::is_empty")]
    shortages: &'a [ShortageBody],
    /// What became of each operation, if operations have failed; `status` is 424 for those that were not made because of
    /// others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<Object>, nullable = false)]
    results: Option<&'a RawValue>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            errors: vec![],
            headers: vec![],
            required_permission: None,
            extra: None,
            cause: None,
        }
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            format!("There is no such {what}."),
        )
    }

    /// The problem that a cache load failed with.
    pub(crate) fn of_load(error: &LoadError) -> Self {
        let problem = error.downcast_ref::<Self>().cloned();
        problem.unwrap_or_else(|| Self::unexpected(error.to_string()))
    }

    /// The caller is authenticated, but lacks a permission.
    pub(crate) fn not_permitted(permission: Permission) -> Self {
        let detail = format!("This needs the permission {permission}.");
        Self {
            required_permission: Some(permission),
            ..Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
        }
    }

    pub(crate) fn is_not_found(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
    }

    /// The body has invalid fields.
    pub(crate) fn invalid_body(errors: Vec<FieldError>) -> Self {
        let detail = "The body breaks the rules named under `errors`.";
        Self {
            errors,
            ..Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "validation-failed",
                detail,
            )
        }
    }

    /// The body has these invalid fields, each with its message.
    pub(crate) fn of_fields(fields: impl Iterator<Item = (String, String)>) -> Self {
        let errors = fields.map(|(field, message)| FieldError { field, message });
        Self::invalid_body(errors.collect())
    }

    /// The query string has invalid parameters.
    pub(crate) fn invalid_query(detail: impl Into<String>, errors: Vec<FieldError>) -> Self {
        Self {
            errors,
            ..Self::new(StatusCode::BAD_REQUEST, "invalid-query", detail)
        }
    }

    /// A NUL in a query string is a 422, as it is in a body.
    pub(crate) fn nul_in_query(error: FieldError) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            ..Self::invalid_query("A text must not contain NUL characters.", vec![error])
        }
    }

    pub(crate) fn malformed_header(name: &HeaderName) -> Self {
        let detail = format!("The header {name} is malformed.");
        Self::new(StatusCode::BAD_REQUEST, "malformed-header", detail)
    }

    /// The current tag without quotes, if `If-Match` named another one.
    pub(crate) fn current_tag(&self) -> Option<&str> {
        let current = self.extra.as_ref()?.current.as_ref()?;
        Some(current.tag.trim_matches('"'))
    }

    /// `If-Match` does not name the current version.
    fn changed<Id: fmt::Display>(what: &str, current: Revision<Id>) -> Self {
        let detail = format!("The {what} has changed since the version that If-Match names.");
        Self {
            extra: Some(Box::new(Extra {
                current: Some(Current {
                    version: current.version,
                    tag: format!("\"{}\"", entity_tag::of_revision(current)),
                }),
                ..Extra::default()
            })),
            ..Self::new(
                StatusCode::PRECONDITION_FAILED,
                "precondition-failed",
                detail,
            )
        }
    }

    /// Explains a failed `If-Match` with a weak tag. `names_current` means that only the weakness of the tag is wrong.
    pub(crate) fn explaining_weak_tag(self, names_current: bool) -> Self {
        let what = if names_current {
            "Send it without W/, or send current_etag."
        } else {
            "What stands has changed as well since the version that it names."
        };
        Self {
            detail: format!(
                "If-Match names a weak tag (W/), as proxies make them that compress, and a weak tag never holds (RFC \
                 9110, 13.1.1). {what}"
            ),
            ..self
        }
    }

    /// An internal error. Only the log shows the cause.
    pub(crate) fn unexpected(cause: impl Into<String>) -> Self {
        let detail = "Something went wrong here. The request id helps us to find out what.";
        Self {
            cause: Some(cause.into().into_boxed_str()),
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal-error", detail)
        }
    }

    /// The problem of a status that the framework set without a body.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => ("not-found", "There is nothing at this address."),
            StatusCode::METHOD_NOT_ALLOWED => (
                "method-not-allowed",
                "This address does not know the method; `Allow` names those that it knows.",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => ("body-too-large", "The body is too large."),
            StatusCode::REQUEST_TIMEOUT => ("head-too-slow", "The head did not arrive in time."),
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
                ("headers-too-large", "The head is too large.")
            }
            _ => ("bad-request", "The request could not be read."),
        };
        Self::new(status, code, detail)
    }

    /// Whether an error of a field, or of a part of it, is reported.
    pub(crate) fn names(&self, field: &str) -> bool {
        self.errors
            .iter()
            .any(|error| error.field.starts_with(field))
    }

    pub(crate) fn with_error(mut self, error: FieldError) -> Self {
        self.errors.push(error);
        self
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// What is wrong, for people.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// After how many seconds the client may try again, if that helps.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(name, _)| name == header::RETRY_AFTER)?;
        value.to_str().ok()?.parse().ok()
    }

    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The same problem with the results of operations.
    pub(crate) fn with_results(mut self, results: &impl Serialize) -> Self {
        let results = serde_json::value::to_raw_value(results).ok();
        self.extra.get_or_insert_default().results = results;
        self
    }

    pub(crate) fn is_forbidden(&self) -> bool {
        self.status == StatusCode::FORBIDDEN
    }

    /// The body of a problem that is part of an answer, without a request id.
    pub(crate) fn as_json(&self) -> Option<Box<RawValue>> {
        serde_json::value::to_raw_value(&self.described("")).ok()
    }

    /// The JSON body for the request with this id.
    pub(crate) fn body(&self, request_id: &str) -> Vec<u8> {
        // Serialization of texts and numbers does not fail.
        serde_json::to_vec(&self.described(request_id)).unwrap_or_default()
    }

    fn described<'a>(&'a self, request_id: &'a str) -> ProblemBody<'a> {
        let extra = self.extra.as_deref();
        let current = extra.and_then(|extra| extra.current.as_ref());
        ProblemBody {
            kind: format!("urn:eggypro:problem:{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: &self.detail,
            request_id,
            errors: &self.errors,
            current_etag: current.map(|current| current.tag.as_str()),
            current_version: current.map(|current| current.version),
            required_permission: self.required_permission.map(Permission::as_str),
            available: extra.and_then(|extra| extra.available),
            shortages: extra.map_or(&[], |extra| &extra.shortages),
            results: extra.and_then(|extra| extra.results.as_deref()),
        }
    }

    /// The response to the request with this id.
    pub(crate) fn to_response(&self, request_id: &str) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        for header in &self.headers {
            response.insert_header(header.clone());
        }
        response.insert_header(("Cache-Control", "no-store"));
        response.content_type("application/problem+json");
        response.body(self.body(request_id))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    /// Without a body: the edge writes it, because it knows the request's id.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status)
    }
}
