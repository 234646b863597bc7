//! The problems of missing stock.

use actix_web::http::StatusCode;
use eggypro_domain::stock::Shortage;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Extra, Problem};

/// A product without enough stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Shortage)]
pub(crate) struct ShortageBody {
    #[schema(example = "eggypro-vanilla-1kg")]
    slug: String,
    /// The pieces that it has.
    #[schema(example = 1)]
    available: i32,
}

impl Problem {
    /// Products lack stock.
    pub(super) fn insufficient_stock(shortages: Vec<Shortage>) -> Self {
        let available = match shortages.as_slice() {
            [one] => Some(one.available),
            _ => None,
        };
        let shortages = shortages.into_iter().map(|short| ShortageBody {
            slug: short.slug.to_string(),
            available: short.available,
        });
        Self {
            extra: Some(Box::new(Extra {
                available,
                shortages: shortages.collect(),
                ..Extra::default()
            })),
            ..Self::new(
                StatusCode::CONFLICT,
                "insufficient-stock",
                "There is not enough stock of what `shortages` names.",
            )
        }
    }

    /// The stock of a product is not the expected one.
    pub(super) fn stock_changed(available: i32) -> Self {
        Self {
            extra: Some(Box::new(Extra {
                available: Some(available),
                ..Extra::default()
            })),
            ..Self::new(
                StatusCode::CONFLICT,
                "stock-changed",
                "The stock is not the expected one.",
            )
        }
    }
}
