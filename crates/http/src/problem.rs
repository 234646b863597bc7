use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use eggypro_domain::categories::CategoryError;
use eggypro_domain::changes::FollowError;
use eggypro_domain::images::{ImageError, ImageStoreError, InvalidImage, KeepError};
use eggypro_domain::keys::KeyError;
use eggypro_domain::products::{MAX_IMAGES, ProductError, Revision, SearchError};
use eggypro_domain::reviews::ReviewError;
use eggypro_domain::synonyms::SynonymsError;
use eggypro_domain::{Permission, StoreError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::cursor;
use crate::entity_tag;
use crate::query::Query;

/// How long a client should wait before it tries again after an outage, in seconds.
const RETRY_AFTER: &str = "2";

/// Why a request failed, in the form of RFC 9457. A handler returns it; the edge writes it, with the request's id.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// In a box, since few bear it and all are moved about.
    current: Option<Box<Current>>,
    required_permission: Option<Permission>,
    /// What the log is told and the client is not.
    cause: Option<Box<str>>,
}

/// What stands where a write was refused since it named another state.
#[derive(Debug, Clone)]
struct Current {
    tag: String,
    version: i32,
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
    /// The id of the request, as in the header `X-Request-Id`.
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
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            errors: vec![],
            headers: vec![],
            current: None,
            required_permission: None,
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

    /// Whoever calls is known, and may not do this.
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

    /// The body breaks rules.
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

    /// The query string breaks rules.
    pub(crate) fn invalid_query(detail: impl Into<String>, errors: Vec<FieldError>) -> Self {
        Self {
            errors,
            ..Self::new(StatusCode::BAD_REQUEST, "invalid-query", detail)
        }
    }

    /// A NUL is no text anywhere, in a body or in a query string.
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

    /// The tag that stands where `If-Match` names another one, without quotes.
    pub(crate) fn current_tag(&self) -> Option<&str> {
        let current = self.current.as_ref()?;
        Some(current.tag.trim_matches('"'))
    }

    /// What `If-Match` names is not what stands.
    fn changed<Id: fmt::Display>(what: &str, current: Revision<Id>) -> Self {
        let detail = format!("The {what} has changed since the version that If-Match names.");
        Self {
            current: Some(Box::new(Current {
                version: current.version,
                tag: format!("\"{}\"", entity_tag::of_revision(current)),
            })),
            ..Self::new(
                StatusCode::PRECONDITION_FAILED,
                "precondition-failed",
                detail,
            )
        }
    }

    /// The same, where a weak tag was sent. If that names the version that stands, it is all that is wrong.
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

    /// A bug. The cause goes to the log alone.
    pub(crate) fn unexpected(cause: impl Into<String>) -> Self {
        let detail = "Something went wrong here. The request id helps us to find out what.";
        Self {
            cause: Some(cause.into().into_boxed_str()),
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal-error", detail)
        }
    }

    /// For a status that the framework gave without a word.
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

    pub(crate) fn with_error(mut self, error: FieldError) -> Self {
        self.errors.push(error);
        self
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// What is said to who made the request of this id.
    pub(crate) fn body(&self, request_id: &str) -> Vec<u8> {
        let body = ProblemBody {
            kind: format!("urn:eggypro:problem:{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: &self.detail,
            request_id,
            errors: &self.errors,
            current_etag: self.current.as_ref().map(|current| current.tag.as_str()),
            current_version: self.current.as_ref().map(|current| current.version),
            required_permission: self.required_permission.map(Permission::as_str),
        };
        // A struct of texts and numbers can always be written.
        serde_json::to_vec(&body).unwrap_or_default()
    }

    /// The answer to the request of this id.
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

    /// Without a body: that is written at the edge, which knows the request's id.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(reason) => {
                let detail = "A service that this needs does not answer now. Try again soon.";
                let problem = Self {
                    cause: Some(reason.into()),
                    ..Self::new(
                        StatusCode::SERVICE_UNAVAILABLE,
                        "service-unavailable",
                        detail,
                    )
                };
                problem.with_header(
                    HeaderName::from_static("retry-after"),
                    HeaderValue::from_static(RETRY_AFTER),
                )
            }
            StoreError::Unexpected(source) => Self::unexpected(source.to_string()),
        }
    }
}

impl From<FollowError> for Problem {
    fn from(error: FollowError) -> Self {
        match error {
            FollowError::Gone => {
                let detail = "What stood behind this cursor is not kept any more. Read what you keep anew, and go on from after=latest.";
                Self::new(StatusCode::GONE, "cursor-gone", detail)
            }
            FollowError::Store(error) => error.into(),
        }
    }
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::NotFound => Self::not_found("key"),
            KeyError::Ended => {
                let detail = "The key has ended, so that nothing can follow it. Make another one.";
                Self::new(StatusCode::CONFLICT, "key-ended", detail)
            }
            KeyError::Store(error) => error.into(),
        }
    }
}

impl From<ProductError> for Problem {
    fn from(error: ProductError) -> Self {
        match error {
            ProductError::NotFound => Self::not_found("product"),
            ProductError::Changed(current) => Self::changed("product", current),
            ProductError::SlugTaken(slug) => slug_taken(slug.as_str()),
            ProductError::UnknownCategories(slugs) => {
                Self::invalid_body(slugs.iter().map(FieldError::unknown_category).collect())
            }
            ProductError::Store(error) => error.into(),
        }
    }
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::UnknownCursor => Query::refused("cursor", cursor::INVALID),
            SearchError::Store(error) => error.into(),
        }
    }
}

impl From<CategoryError> for Problem {
    fn from(error: CategoryError) -> Self {
        match error {
            CategoryError::NotFound => Self::not_found("category"),
            CategoryError::Changed(current) => Self::changed("category", current),
            CategoryError::SlugTaken(slug) => slug_taken(slug.as_str()),
            CategoryError::Store(error) => error.into(),
        }
    }
}

impl From<SynonymsError> for Problem {
    fn from(error: SynonymsError) -> Self {
        match error {
            SynonymsError::Changed(current) => Self::changed("synonyms", current),
            SynonymsError::Store(error) => error.into(),
        }
    }
}

impl From<ReviewError> for Problem {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::NotFound => Self::not_found("review"),
            ReviewError::ProductNotFound => Self::not_found("product"),
            ReviewError::Duplicate => {
                let detail = "The same name has said the same of this product within a day.";
                Self::new(StatusCode::CONFLICT, "duplicate-review", detail)
            }
            ReviewError::Store(error) => error.into(),
        }
    }
}

impl From<ImageError> for Problem {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::NotFound => Self::not_found("image"),
            ImageError::ImageStore(error) => error.into(),
            ImageError::Keep(KeepError::ProductNotFound) => Self::not_found("product"),
            ImageError::Keep(KeepError::TooManyImages) => Self::invalid_body(vec![FieldError {
                field: "file".into(),
                message: format!("Too many images: a product has at most {MAX_IMAGES}"),
            }]),
            ImageError::Keep(KeepError::Late) => {
                StoreError::Unavailable("an upload took too long".into()).into()
            }
            ImageError::Keep(KeepError::Store(error)) => error.into(),
        }
    }
}

impl From<ImageStoreError> for Problem {
    fn from(error: ImageStoreError) -> Self {
        match error {
            ImageStoreError::NoPicture => InvalidImage::Broken.into(),
            ImageStoreError::Unavailable {
                reason,
                retry_after,
            } => {
                let mut problem = Self::from(StoreError::Unavailable(reason));
                if let Some(time) = retry_after {
                    problem.headers = vec![(header::RETRY_AFTER, time.as_secs().max(1).into())];
                }
                problem
            }
        }
    }
}

fn slug_taken(slug: &str) -> Problem {
    let errors = vec![FieldError {
        field: "slug".into(),
        message: format!("Slug is taken: {slug}"),
    }];
    let detail = format!("The slug {slug} is taken.");
    Problem {
        errors,
        ..Problem::new(StatusCode::CONFLICT, "slug-taken", detail)
    }
}
