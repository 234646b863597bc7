//! Example problems of operations.

use actix_web::http::StatusCode;
use serde_json::{Value, json};

/// Creates the example problems of one operation.
pub(super) struct ProblemExamples<'a> {
    /// The `operationId`.
    pub(super) id: &'a str,
    /// The permission that the operation always needs, if any.
    pub(super) permission: Option<&'a str>,
    /// The names of the query parameters.
    pub(super) query: Vec<String>,
    /// Whether the operation only reads.
    pub(super) is_read: bool,
    /// Whether the operation takes a body.
    pub(super) has_body: bool,
}

impl ProblemExamples<'_> {
    /// The example body for a status.
    pub(super) fn example(&self, status: &str) -> Value {
        let number: u16 = status.parse().unwrap_or(500);
        let title = StatusCode::from_u16(number).ok();
        let title = title.and_then(|status| status.canonical_reason());
        let (kind, detail) = self.kind_and_detail(status);
        let mut problem = json!({
            "type": format!("urn:eggypro:problem:{kind}"),
            "title": title,
            "status": number,
            "detail": detail,
            "request_id": "3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7"
        });
        if let Some((field, message)) = self.broken_rule(status) {
            problem["errors"] = json!([{ "field": field, "message": message }]);
        }
        if status == "403" {
            problem["required_permission"] = json!(self.needed());
        }
        if kind == "insufficient-stock" {
            problem["available"] = json!(1);
            problem["shortages"] = json!([{ "slug": "eggypro-vanilla-1kg", "available": 1 }]);
        }
        if kind == "operations-failed" {
            problem["results"] = json!([
                { "status": 404, "slug": "eggypro-vanila-1kg", "problem": {
                    "type": "urn:eggypro:problem:not-found", "title": "Not Found", "status": 404,
                    "detail": "There is no such product."
                } },
                { "status": 424, "slug": "eggypro-cocoa-1kg" }
            ]);
        }
        if status == "412" {
            problem["current_etag"] = json!("\"7-4\"");
            problem["current_version"] = json!(4);
        }
        problem
    }

    fn kind_and_detail(&self, status: &str) -> (&'static str, String) {
        let (kind, detail) = match status {
            "400" => return ("invalid-query", self.query_detail()),
            "403" => {
                let detail = format!("This needs the permission {}.", self.needed());
                return ("forbidden", detail);
            }
            "404" => return ("not-found", format!("There is no such {}.", self.thing())),
            "409" => conflict(self.id),
            "410" => (
                "cursor-gone",
                "What stood behind this cursor is not kept any more. Read what you keep anew, and go on from after=latest.",
            ),
            "412" => {
                let since = "has changed since the version that If-Match names.";
                let detail = format!("The {} {since}", self.thing());
                return ("precondition-failed", detail);
            }
            "413" if self.id == "writeProducts" => {
                ("body-too-large", "The body is larger than 5242880 bytes.")
            }
            "422" if self.id == "writeProducts" => (
                "operations-failed",
                "1 of 2 operations have failed, so none was made.",
            ),
            "408" if self.id == "importProducts" => (
                "body-too-slow",
                "The file arrives too slowly: each MiB of it must arrive within 60s.",
            ),
            "413" if self.id == "importProducts" => {
                ("file-too-large", "File size exceeds 200MB limit")
            }
            "415" if self.id == "importProducts" => (
                "unsupported-media-type",
                "A form with a file must be sent as Content-Type: multipart/form-data.",
            ),
            "413" if self.is_upload() => ("file-too-large", "File size exceeds 10MB limit"),
            "415" if self.is_upload() => (
                "invalid-file-type",
                "Invalid file type. Only JPEG, PNG, and WebP are allowed",
            ),
            "422" if !self.has_body && self.is_read => {
                ("invalid-query", "A text must not contain NUL characters.")
            }
            "422" if !self.has_body => (
                "idempotency-key-reused",
                "The Idempotency-Key was used for another request: its method, address or body differs.",
            ),
            _ => of_any(status),
        };
        (kind, detail.to_owned())
    }

    /// The permission that a caller may lack.
    fn needed(&self) -> &str {
        self.permission.unwrap_or(match self.id {
            "listReviews" => "reviews:moderate",
            "writeProducts" => "products:write",
            _ => "products:read",
        })
    }

    fn query_detail(&self) -> String {
        if self.has_limit() {
            return "The query parameters named under `errors` can't be used.".into();
        }
        let known = if self.query.is_empty() {
            "none".into()
        } else {
            self.query.join(", ")
        };
        format!("Unknown query parameter: page. Known here: {known}.")
    }

    /// The invalid field and its message.
    fn broken_rule(&self, status: &str) -> Option<(&str, &str)> {
        Some(match status {
            "400" if self.has_limit() => ("limit", "limit must be a whole number from 1 to 100"),
            "400" => ("page", "page is unknown"),
            "409" if conflict(self.id).0 == "slug-taken" => {
                ("slug", "Slug is taken: eggypro-vanilla-1kg")
            }
            "422" if !self.has_body && !self.is_read => return None,
            "422" if !self.has_body => {
                let name = self.query.first().map_or("page", String::as_str);
                (name, "must not contain NUL characters")
            }
            "422" if self.id == "writeProducts" => return None,
            "422" => match self.id {
                "createCategory" | "replaceCategory" => ("name", "Name is required"),
                "createReview" => ("comment", "Comment is required"),
                "verifyReview" => ("is_verified", "Is verified is required"),
                "decideReviews" => ("ids", "Ids is required"),
                "createKey" => ("name", "Name is required"),
                "createWebhook" | "patchWebhook" => {
                    ("url", "URL is refused: 10.0.0.1 is a private address")
                }
                "makeMovement" => (
                    "change",
                    "Change must be between -2147483648 and 2147483647, and not 0",
                ),
                "makeMovements" => ("lines[0].slug", "Unknown product: eggypro-vanila-1kg"),
                "createReservation" => ("lines", "At least one line is required"),
                "importProducts" => ("file", "Only one file can be imported at once"),
                "rotateKey" => ("overlap_seconds", "Overlap seconds must be 0 to 604800"),
                id if id.starts_with("upload") => ("file", "Image has more than 50 megapixels"),
                _ => ("price", "Price must be positive"),
            },
            _ => return None,
        })
    }

    fn is_upload(&self) -> bool {
        self.id.starts_with("upload")
    }

    fn has_limit(&self) -> bool {
        self.query.iter().any(|name| name == "limit")
    }

    /// The kind of resource that is missing or has changed.
    fn thing(&self) -> &'static str {
        match self.id {
            "deleteReview" | "verifyReview" => "review",
            "deleteImage" => "image",
            "rotateKey" | "revokeKey" => "key",
            "retryDelivery" => "delivery",
            id if id.ends_with("Webhook") => "webhook",
            "rotateWebhookSecret" | "listDeliveries" => "webhook",
            "readReservation" | "confirmReservation" | "releaseReservation" => "reservation",
            "readImport" | "cancelImport" | "readImportErrors" => "import",
            id if id.ends_with("Category") => "category",
            _ => "product",
        }
    }
}

fn conflict(operation: &str) -> (&'static str, &'static str) {
    match operation {
        "createReview" => (
            "duplicate-review",
            "The same name has said the same of this product within a day.",
        ),
        "beginSession" => (
            "renewed-too-early",
            "A session is renewed in the last third of its token's time.",
        ),
        "endSession" => (
            "no-session",
            "This needs the token of a session: the secret and keys end otherwise.",
        ),
        "rotateKey" => (
            "key-ended",
            "The key has ended, so that nothing can follow it. Make another one.",
        ),
        "writeProducts" => (
            "operations-failed",
            "1 of 2 operations have failed, so none was made.",
        ),
        "makeMovement" | "makeMovements" | "createReservation" => (
            "insufficient-stock",
            "There is not enough stock of what `shortages` names.",
        ),
        "importProducts" => (
            "too-many-imports",
            "20 imports have not ended. Wait for them, or cancel one.",
        ),
        "createWebhook" => (
            "too-many-webhooks",
            "The shop has 100 webhooks. Delete one first.",
        ),
        "cancelImport" => ("import-ended", "The import has ended: it is done."),
        "retryDelivery" => (
            "webhook-inactive",
            "The webhook is switched off, so nothing is sent to it. Switch it on first.",
        ),
        "confirmReservation" | "releaseReservation" => (
            "reservation-ended",
            "The reservation has ended: it is released.",
        ),
        "createProduct" | "replaceProduct" | "patchProduct" | "createCategory"
        | "replaceCategory" => ("slug-taken", "The slug eggypro-vanilla-1kg is taken."),
        _ => (
            "idempotency-in-flight",
            "A request with this Idempotency-Key is being processed.",
        ),
    }
}

/// The code and detail of statuses that are the same for all operations.
fn of_any(status: &str) -> (&'static str, &'static str) {
    match status {
        "401" => (
            "unauthorized",
            "This needs `Authorization: Bearer` with the admin secret, an API key or the token of a session.",
        ),
        "405" => (
            "method-not-allowed",
            "This address does not know the method; `Allow` names those that it knows.",
        ),
        "408" => ("body-too-slow", "The body did not arrive within 10s."),
        "413" => ("body-too-large", "The body is larger than 1048576 bytes."),
        "414" => ("url-too-long", "The address is longer than 16384 bytes."),
        "415" => (
            "unsupported-media-type",
            "The body must be sent as Content-Type: application/json.",
        ),
        "422" => (
            "validation-failed",
            "The body breaks the rules named under `errors`.",
        ),
        "429" => (
            "too-many-requests",
            "This client has called too often. Try again later.",
        ),
        "431" => (
            "headers-too-large",
            "The headers are longer than 16384 bytes.",
        ),
        "503" => (
            "service-unavailable",
            "A service that this needs does not answer now. Try again soon.",
        ),
        _ => (
            "internal-error",
            "Something went wrong here. The request id helps us to find out what.",
        ),
    }
}
