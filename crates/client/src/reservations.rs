//! Reservations: stock that is taken for an order which is not paid yet.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::operation as op;
use crate::request::Request;
use crate::text_enum::text_enum;
use crate::{Call, Client};

/// Stock that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Reservation {
    /// The id.
    pub id: String,
    /// What it belongs to, such as an order.
    pub reference: String,
    /// Whether the stock is still taken.
    pub status: ReservationStatus,
    /// When the server releases it, unless it was confirmed.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
    /// Each product once.
    pub lines: Vec<ReservationLine>,
}

text_enum! {
    /// What has become of a reservation.
    ReservationStatus {
        /// The stock is taken.
        Held = "held",
        /// The stock is sold for good.
        Confirmed = "confirmed",
        /// The stock is back.
        Released = "released",
    }
}

/// The pieces of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReservationLine {
    /// The slug of the product.
    pub slug: String,
    /// The number of pieces, at least 1.
    pub quantity: i32,
}

/// A reservation to make: all of its stock is taken, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewReservation {
    /// What it belongs to, such as an order.
    pub reference: String,
    /// After how many seconds the server releases it: 10 to 86 400, 900 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u32>,
    /// 1 to 200 lines.
    pub lines: Vec<ReservationLine>,
}

impl NewReservation {
    /// A reservation without products.
    pub fn new(reference: impl Into<String>) -> Self {
        Self {
            reference: reference.into(),
            expires_in: None,
            lines: vec![],
        }
    }

    /// Adds pieces of a product.
    pub fn line(mut self, slug: impl Into<String>, quantity: i32) -> Self {
        let slug = slug.into();
        self.lines.push(ReservationLine { slug, quantity });
        self
    }

    /// Changes after which time the server releases it: 10 s to a day.
    pub fn expires_in(mut self, time: Duration) -> Self {
        self.expires_in = Some(u32::try_from(time.as_secs()).unwrap_or(u32::MAX));
        self
    }
}

/// The calls of reservations. See [`Client::reservations`].
#[derive(Debug, Clone, Copy)]
pub struct Reservations<'a>(&'a Client);

impl Client {
    /// Reservations of stock.
    pub fn reservations(&self) -> Reservations<'_> {
        Reservations(self)
    }
}

impl Reservations<'_> {
    /// Takes stock now.
    ///
    /// # Errors
    /// 409 if a product has too little stock, with all such [shortages](crate::Problem::shortages).
    pub fn create(&self, reservation: &NewReservation) -> Call<Reservation> {
        let request = Request::new(&op::CREATE_RESERVATION, &[]);
        Call::json(self.0, request.json(reservation))
    }

    /// Reads a reservation.
    ///
    /// # Errors
    /// 404 if it does not exist.
    pub fn get(&self, id: &str) -> Call<Reservation> {
        Call::json(self.0, Request::new(&op::READ_RESERVATION, &[&id]))
    }

    /// Sells the stock for good.
    ///
    /// # Errors
    /// 404, 409 if it was released or has expired.
    pub fn confirm(&self, id: &str) -> Call<Reservation> {
        Call::json(self.0, Request::new(&op::CONFIRM_RESERVATION, &[&id]))
    }

    /// Gives the stock back.
    ///
    /// # Errors
    /// 404, 409 if it was confirmed.
    pub fn release(&self, id: &str) -> Call<Reservation> {
        Call::json(self.0, Request::new(&op::RELEASE_RESERVATION, &[&id]))
    }
}
