//! Stock: its ledger of movements.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::changes::Actor;
use crate::operation as op;
use crate::page::{Items, Page, Pages};
use crate::request::Request;
use crate::text_enum::text_enum;
use crate::{Call, Client};

/// One change of the stock of a product. The sum of all movements of a product is its stock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Movement {
    /// The id. A later movement of a product has a higher one.
    pub id: i64,
    /// The slug of the product.
    pub slug: String,
    /// The pieces that came; negative for pieces that went.
    pub change: i32,
    /// The stock after it.
    pub balance: i32,
    /// Why it was made.
    pub reason: MovementReason,
    /// What it belongs to, such as an order.
    pub reference: Option<String>,
    /// Who made it.
    pub actor: Actor,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

text_enum! {
    /// Why stock moves.
    MovementReason {
        /// Pieces were sold.
        Sale = "sale",
        /// Pieces were delivered to the shop.
        Delivery = "delivery",
        /// A customer has returned pieces.
        Return = "return",
        /// The stock was counted.
        Count = "count",
        /// Pieces were lost or broken.
        Loss = "loss",
        /// A mistake was corrected. Also that of a write of the product.
        Correction = "correction",
        /// A reservation has taken pieces. Only the server makes it.
        Reservation = "reservation",
        /// A reservation has released pieces. Only the server makes it.
        Release = "release",
    }
}

/// A movement to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewMovement {
    /// What becomes of the stock.
    #[serde(flatten)]
    pub stock: StockChange,
    /// Why.
    pub reason: MovementReason,
    /// What it belongs to: 1 to 255 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// What becomes of a stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum StockChange {
    /// Pieces to add, or to take if negative. Not 0.
    By {
        /// The number of pieces.
        change: i32,
    },
    /// The stock to set, such as what was counted.
    To {
        /// The stock to set.
        set: i32,
        /// The stock before it; with another one, nothing is set.
        #[serde(skip_serializing_if = "Option::is_none")]
        expected: Option<i32>,
    },
}

impl NewMovement {
    /// Adds pieces, or takes them if `change` is negative.
    pub fn by(change: i32, reason: MovementReason) -> Self {
        Self {
            stock: StockChange::By { change },
            reason,
            reference: None,
        }
    }

    /// Sets the stock.
    pub fn to(set: i32, reason: MovementReason) -> Self {
        Self {
            stock: StockChange::To {
                set,
                expected: None,
            },
            reason,
            reference: None,
        }
    }

    /// Names what the movement belongs to, such as an order.
    pub fn reference(self, reference: impl Into<String>) -> Self {
        Self {
            reference: Some(reference.into()),
            ..self
        }
    }
}

/// Movements of several products of which all are made or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewMovements {
    /// Why.
    pub reason: MovementReason,
    /// What they belong to: 1 to 255 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// 1 to 200 lines. Those of one product count together.
    pub lines: Vec<MovementLine>,
}

/// The change of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MovementLine {
    /// The slug of the product.
    pub slug: String,
    /// Pieces to add, or to take if negative. Not 0.
    pub change: i32,
}

/// The movements that were made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Movements {
    /// The movements, one for each product.
    pub movements: Vec<Movement>,
}

/// The calls of stock. See [`Client::stock`].
#[derive(Debug, Clone, Copy)]
pub struct Stock<'a>(&'a Client);

impl Client {
    /// Stock and its movements.
    pub fn stock(&self) -> Stock<'_> {
        Stock(self)
    }
}

impl Stock<'_> {
    /// Makes a movement, exactly once, however often the request has to be sent.
    ///
    /// # Errors
    /// 404 if there is no such product, 409 if it has too little stock or not the expected one, with the stock that is
    /// [available](crate::Problem::available).
    pub fn move_one(&self, product: &str, movement: &NewMovement) -> Call<Movement> {
        let request = Request::new(&op::MAKE_MOVEMENT, &[&product]);
        Call::json(self.0, request.json(movement))
    }

    /// Makes movements of several products: all or none.
    ///
    /// # Errors
    /// 409 if a product has too little stock, with all such [shortages](crate::Problem::shortages).
    pub fn move_all(&self, movements: &NewMovements) -> Call<Movements> {
        let request = Request::new(&op::MAKE_MOVEMENTS, &[]);
        Call::json(self.0, request.json(movements))
    }

    /// Reads a page of the movements of a product, the newest first. `limit` is 1 to 100.
    ///
    /// # Errors
    /// 404 if there is no such product.
    pub fn movements(
        &self,
        product: &str,
        limit: Option<u8>,
        cursor: Option<&str>,
    ) -> Call<Page<Movement>> {
        let request = Request::new(&op::LIST_MOVEMENTS, &[&product]);
        let request = request.query(|query| {
            query.add("limit", limit).add("cursor", cursor);
        });
        Call::json(self.0, request)
    }

    /// Reads all movements of a product, page by page.
    pub fn all_movements(&self, product: &str) -> Items<Movement> {
        let (client, product) = (self.0.clone(), product.to_owned());
        let pages = Pages::new(move |cursor| {
            let stock = client.stock();
            stock.movements(&product, Some(100), cursor.as_deref())
        });
        pages.items()
    }
}
