//! The problems of the domain's errors.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use eggypro_domain::StoreError;
use eggypro_domain::categories::CategoryError;
use eggypro_domain::changes::FollowError;
use eggypro_domain::images::{ConfirmError, ImageError, ImageStoreError, InvalidImage};
use eggypro_domain::keys::KeyError;
use eggypro_domain::products::{MAX_IMAGES, ProductError, SearchError};
use eggypro_domain::reviews::ReviewError;
use eggypro_domain::stock::StockError;
use eggypro_domain::synonyms::SynonymsError;
use eggypro_domain::webhooks::{MAX_WEBHOOKS, WebhookError};

use super::{FieldError, Problem, RETRY_AFTER};
use crate::message::cursor;
use crate::message::query::Query;

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
                problem.with_header(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER))
            }
            StoreError::Unexpected(source) => Self::unexpected(source.to_string()),
        }
    }
}

impl From<FollowError> for Problem {
    fn from(error: FollowError) -> Self {
        match error {
            FollowError::PositionExpired => {
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
            ProductError::SkuTaken => {
                let detail = "Another product has this SKU.";
                Self::new(StatusCode::CONFLICT, "sku-taken", detail)
            }
            ProductError::GtinTaken => {
                let detail = "Another product has this GTIN.";
                Self::new(StatusCode::CONFLICT, "gtin-taken", detail)
            }
            ProductError::VariantClash(clash) => {
                Self::new(StatusCode::CONFLICT, "variant-clash", format!("{clash}."))
            }
            ProductError::Contradicts(rules) => {
                let fields = rules.into_iter().map(|rule| (rule.field, rule.message));
                Self::of_fields(fields)
            }
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

impl From<StockError> for Problem {
    fn from(error: StockError) -> Self {
        match error {
            StockError::NotFound(_) => Self::not_found("product"),
            StockError::Insufficient(shortages) => Self::insufficient_stock(shortages),
            StockError::Changed { available } => Self::stock_changed(available),
            StockError::TooHigh(slugs) => Self::of_fields(slugs.iter().map(|slug| {
                let message = format!("The stock of {slug} would exceed 2147483647");
                ("change".to_owned(), message)
            })),
            StockError::ReservationNotFound => Self::not_found("reservation"),
            StockError::ReservationEnded(status) => {
                let detail = format!("The reservation has ended: it is {status}.");
                Self::new(StatusCode::CONFLICT, "reservation-ended", detail)
            }
            StockError::Store(error) => error.into(),
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

impl From<WebhookError> for Problem {
    fn from(error: WebhookError) -> Self {
        match error {
            WebhookError::NotFound => Self::not_found("webhook"),
            WebhookError::DeliveryNotFound => Self::not_found("delivery"),
            WebhookError::TooMany => {
                let detail = format!("The shop has {MAX_WEBHOOKS} webhooks. Delete one first.");
                Self::new(StatusCode::CONFLICT, "too-many-webhooks", detail)
            }
            WebhookError::Inactive => {
                let detail =
                    "The webhook is switched off, so nothing is sent to it. Switch it on first.";
                Self::new(StatusCode::CONFLICT, "webhook-inactive", detail)
            }
            WebhookError::Store(error) => error.into(),
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
            ImageError::Keep(ConfirmError::ProductNotFound) => Self::not_found("product"),
            ImageError::Keep(ConfirmError::TooManyImages) => Self::invalid_body(vec![FieldError {
                field: "file".into(),
                message: format!("Too many images: a product has at most {MAX_IMAGES}"),
            }]),
            ImageError::Keep(ConfirmError::ReservationEnded) => {
                StoreError::Unavailable("an upload took too long".into()).into()
            }
            ImageError::Keep(ConfirmError::Store(error)) => error.into(),
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
