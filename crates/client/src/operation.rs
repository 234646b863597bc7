//! The operations of the OpenAPI document. Calls build their requests from this table.

use reqwest::Method;

/// An operation of the API.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The `operationId` of the OpenAPI document.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The path, with parameters such as `{slug}`.
    pub path: &'static str,
    /// Whether answers have an `ETag`, so that they are read conditionally.
    pub is_conditional: bool,
}

impl Operation {
    /// Whether the operation changes something, so that it carries an idempotency key.
    pub fn is_write(&self) -> bool {
        !matches!(self.method, Method::GET | Method::HEAD)
    }
}

macro_rules! operations {
    ($($name:ident = $id:literal: $method:ident $path:literal $(, $conditional:ident)?;)*) => {
        $(pub(crate) static $name: Operation = Operation {
            id: $id,
            method: Method::$method,
            path: $path,
            is_conditional: operations!(@ $($conditional)?),
        };)*

        /// All operations, in the order of their paths.
        pub static OPERATIONS: &[&Operation] = &[$(&$name,)*];
    };
    (@) => { false };
    (@ conditional) => { true };
}

operations! {
    GREET = "greet": GET "/", conditional;
    END_SESSION = "endSession": DELETE "/api/auth/admin";
    READ_CALLER = "readCaller": GET "/api/auth/admin";
    BEGIN_SESSION = "beginSession": POST "/api/auth/admin";
    LIST_CATEGORIES = "listCategories": GET "/api/categories", conditional;
    CREATE_CATEGORY = "createCategory": POST "/api/categories";
    DELETE_CATEGORY = "deleteCategory": DELETE "/api/categories/{slug}";
    READ_CATEGORY = "readCategory": GET "/api/categories/{slug}", conditional;
    REPLACE_CATEGORY = "replaceCategory": PUT "/api/categories/{slug}";
    LIST_CHANGES = "listChanges": GET "/api/changes";
    LIST_EVENTS = "listEvents": GET "/api/events";
    READ_FEED_REPORT = "readFeedReport": GET "/api/feeds/report";
    HEALTH = "health": GET "/api/health";
    LIVE = "live": GET "/api/health/live";
    READY = "ready": GET "/api/health/ready";
    UPLOAD_IMAGES = "uploadImages": POST "/api/images";
    DELETE_IMAGE = "deleteImage": DELETE "/api/images/{public_id}";
    LIST_IMPORTS = "listImports": GET "/api/imports";
    IMPORT_PRODUCTS = "importProducts": POST "/api/imports";
    CANCEL_IMPORT = "cancelImport": DELETE "/api/imports/{id}";
    READ_IMPORT = "readImport": GET "/api/imports/{id}";
    READ_IMPORT_ERRORS = "readImportErrors": GET "/api/imports/{id}/errors.csv";
    LIST_KEYS = "listKeys": GET "/api/keys";
    CREATE_KEY = "createKey": POST "/api/keys";
    REVOKE_KEY = "revokeKey": DELETE "/api/keys/{id}";
    ROTATE_KEY = "rotateKey": POST "/api/keys/{id}/rotate";
    READ_METRICS = "readMetrics": GET "/api/metrics";
    LIST_PRODUCTS = "listProducts": GET "/api/products", conditional;
    CREATE_PRODUCT = "createProduct": POST "/api/products";
    WRITE_PRODUCTS = "writeProducts": POST "/api/products/bulk";
    EXPORT_PRODUCTS = "exportProducts": GET "/api/products/export";
    SEARCH_PRODUCTS = "searchProducts": GET "/api/products/search", conditional;
    SUGGEST_PRODUCTS = "suggestProducts": GET "/api/products/suggest", conditional;
    DELETE_PRODUCT = "deleteProduct": DELETE "/api/products/{slug}";
    READ_PRODUCT = "readProduct": GET "/api/products/{slug}", conditional;
    PATCH_PRODUCT = "patchProduct": PATCH "/api/products/{slug}";
    REPLACE_PRODUCT = "replaceProduct": PUT "/api/products/{slug}";
    UPLOAD_PRODUCT_IMAGES = "uploadProductImages": POST "/api/products/{slug}/images";
    READ_PRODUCT_JSONLD = "readProductJsonld": GET "/api/products/{slug}/jsonld", conditional;
    LIST_REVIEWS = "listReviews": GET "/api/products/{slug}/reviews", conditional;
    CREATE_REVIEW = "createReview": POST "/api/products/{slug}/reviews";
    LIST_MOVEMENTS = "listMovements": GET "/api/products/{slug}/stock";
    MAKE_MOVEMENT = "makeMovement": POST "/api/products/{slug}/stock";
    CREATE_RESERVATION = "createReservation": POST "/api/reservations";
    READ_RESERVATION = "readReservation": GET "/api/reservations/{id}";
    CONFIRM_RESERVATION = "confirmReservation": POST "/api/reservations/{id}/confirm";
    RELEASE_RESERVATION = "releaseReservation": POST "/api/reservations/{id}/release";
    LIST_ALL_REVIEWS = "listAllReviews": GET "/api/reviews";
    DECIDE_REVIEWS = "decideReviews": POST "/api/reviews/bulk";
    DELETE_REVIEW = "deleteReview": DELETE "/api/reviews/{id}";
    VERIFY_REVIEW = "verifyReview": PATCH "/api/reviews/{id}";
    CHECK_INDEX = "checkIndex": POST "/api/search/check";
    READ_SYNONYMS = "readSynonyms": GET "/api/search/synonyms", conditional;
    REPLACE_SYNONYMS = "replaceSynonyms": PUT "/api/search/synonyms";
    MAKE_MOVEMENTS = "makeMovements": POST "/api/stock";
    LIST_WEBHOOKS = "listWebhooks": GET "/api/webhooks";
    CREATE_WEBHOOK = "createWebhook": POST "/api/webhooks";
    DELETE_WEBHOOK = "deleteWebhook": DELETE "/api/webhooks/{id}";
    READ_WEBHOOK = "readWebhook": GET "/api/webhooks/{id}";
    PATCH_WEBHOOK = "patchWebhook": PATCH "/api/webhooks/{id}";
    LIST_DELIVERIES = "listDeliveries": GET "/api/webhooks/{id}/deliveries";
    RETRY_DELIVERY = "retryDelivery": POST "/api/webhooks/{id}/deliveries/{event}/retry";
    ROTATE_WEBHOOK_SECRET = "rotateWebhookSecret": POST "/api/webhooks/{id}/secret";
    TEST_WEBHOOK = "testWebhook": POST "/api/webhooks/{id}/test";
    READ_GOOGLE_FEED = "readGoogleFeed": GET "/feeds/google.xml";
    READ_OPENAI_FEED = "readOpenaiFeed": GET "/feeds/openai.jsonl.gz";
    READ_SITEMAP = "readSitemap": GET "/sitemap.xml";
}
