use std::fmt;
use std::str::FromStr;

use time::OffsetDateTime;
use uuid::Uuid;

use super::Quantity;
use crate::Slug;

/// Stock that was taken for an order which is not paid yet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reservation {
    /// The id.
    pub id: ReservationId,
    /// What it belongs to, such as the number of an order.
    pub reference: String,
    /// The status.
    pub status: ReservationStatus,
    /// When it is released by itself, unless it was confirmed.
    pub expires_at: OffsetDateTime,
    /// What is reserved, each product once.
    pub lines: Vec<ReservedLine>,
}

impl Reservation {
    /// A held reservation.
    pub fn new(
        id: ReservationId,
        reference: String,
        expires_at: OffsetDateTime,
        lines: Vec<ReservedLine>,
    ) -> Self {
        Self {
            id,
            reference,
            status: ReservationStatus::Held,
            expires_at,
            lines,
        }
    }
}

/// A number of pieces of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReservedLine {
    /// The slug of the product when it was reserved.
    pub slug: Slug,
    /// The number of pieces.
    pub quantity: Quantity,
}

/// Identifies a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReservationId(Uuid);

/// A text is not a [`ReservationId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a reservation")]
pub struct InvalidReservationId;

impl ReservationId {
    /// A new, random id.
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }
}

impl fmt::Display for ReservationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for ReservationId {
    type Err = InvalidReservationId;

    fn from_str(text: &str) -> Result<Self, InvalidReservationId> {
        text.parse().map(Self).map_err(|_| InvalidReservationId)
    }
}

/// The status of a reservation. Each ends in exactly one of the last two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReservationStatus {
    /// The stock is taken until the reservation expires.
    Held,
    /// The stock is sold for good.
    Confirmed,
    /// The stock is back, because the reservation was released or has expired.
    Released,
}

/// A text is not a [`ReservationStatus`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a status of a reservation")]
pub struct UnknownReservationStatus;

impl ReservationStatus {
    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Confirmed => "confirmed",
            Self::Released => "released",
        }
    }
}

impl fmt::Display for ReservationStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ReservationStatus {
    type Err = UnknownReservationStatus;

    fn from_str(name: &str) -> Result<Self, UnknownReservationStatus> {
        match name {
            "held" => Ok(Self::Held),
            "confirmed" => Ok(Self::Confirmed),
            "released" => Ok(Self::Released),
            _ => Err(UnknownReservationStatus),
        }
    }
}
