use std::str::FromStr;

use time::OffsetDateTime;

use crate::Slug;
use crate::changes::Actor;
use crate::products::Total;

/// One change of the stock of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Movement {
    /// The id. A later movement of a product has a higher one.
    pub id: i64,
    /// The slug of the product.
    pub slug: Slug,
    /// The number of pieces that came, negative for pieces that went. 0 for a count that found what was expected.
    pub change: i32,
    /// The stock after it.
    pub balance: i32,
    /// The reason.
    pub reason: MovementReason,
    /// What it belongs to, such as the number of an order.
    pub reference: Option<String>,
    /// Who made it.
    pub actor: Actor,
    /// The time.
    pub at: OffsetDateTime,
}

impl Movement {
    /// A movement without a reference.
    pub fn new(
        id: i64,
        slug: Slug,
        (change, balance): (i32, i32),
        reason: MovementReason,
        actor: Actor,
        at: OffsetDateTime,
    ) -> Self {
        Self {
            id,
            slug,
            change,
            balance,
            reason,
            reference: None,
            actor,
            at,
        }
    }
}

/// One page of the movements of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovementPage {
    /// The movements, newest first.
    pub items: Vec<Movement>,
    /// The number of all movements of the product.
    pub total: Total,
    /// Whether there are older movements.
    pub has_more: bool,
}

/// Why stock moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum MovementReason {
    /// It was sold.
    Sale,
    /// A supplier delivered it.
    Delivery,
    /// A customer sent it back.
    Return,
    /// It was counted.
    Count,
    /// It was lost, stolen or spoiled.
    Loss,
    /// A mistake was corrected, or a write of the product set the stock.
    Correction,
    /// It was reserved.
    Reservation,
    /// A reservation was released or expired.
    Release,
}

/// A text is not a [`MovementReason`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a reason of a movement")]
pub struct UnknownMovementReason;

impl MovementReason {
    /// All reasons.
    pub const ALL: [Self; 8] = [
        Self::Sale,
        Self::Delivery,
        Self::Return,
        Self::Count,
        Self::Loss,
        Self::Correction,
        Self::Reservation,
        Self::Release,
    ];

    /// The reasons that a caller can give. The others belong to reservations.
    pub const GIVEN: [Self; 6] = [
        Self::Sale,
        Self::Delivery,
        Self::Return,
        Self::Count,
        Self::Loss,
        Self::Correction,
    ];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Delivery => "delivery",
            Self::Return => "return",
            Self::Count => "count",
            Self::Loss => "loss",
            Self::Correction => "correction",
            Self::Reservation => "reservation",
            Self::Release => "release",
        }
    }
}

impl FromStr for MovementReason {
    type Err = UnknownMovementReason;

    fn from_str(name: &str) -> Result<Self, UnknownMovementReason> {
        let mut all = Self::ALL.into_iter();
        all.find(|reason| reason.as_str() == name)
            .ok_or(UnknownMovementReason)
    }
}
