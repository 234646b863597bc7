use std::collections::HashMap;
use std::ops::RangeInclusive;

use garde::{Error, Validate};

use super::{Difference, MovementReason, Quantity, ReservedLine, StockLevel};
use crate::{Slug, text};

/// Maximum number of lines of an order.
pub const MAX_LINES: usize = 200;

/// How long a reservation can last, in seconds.
pub const RESERVATION_SECONDS: RangeInclusive<i64> = 10..=86_400;

/// A movement to make.
#[derive(Debug, Clone, PartialEq, Eq, Validate)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct NewMovement {
    /// The change.
    #[garde(skip)]
    pub change: StockChange,
    /// One of [`MovementReason::GIVEN`].
    #[garde(custom(given))]
    pub reason: MovementReason,
    /// 1 to 255 characters.
    #[garde(inner(custom(text::line("Reference", 255))))]
    pub reference: Option<String>,
}

impl NewMovement {
    /// A movement without a reference.
    pub fn new(change: StockChange, reason: MovementReason) -> Self {
        Self {
            change,
            reason,
            reference: None,
        }
    }
}

/// A change of the stock of one product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum StockChange {
    /// Adds or takes pieces.
    By(Difference),
    /// Sets the stock.
    To {
        /// The new stock.
        stock: StockLevel,
        /// The stock that the caller expects before it.
        expected: Option<StockLevel>,
    },
}

/// The movements of an order: all are made or none.
#[derive(Debug, Clone, PartialEq, Eq, Validate)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct NewMovements {
    /// One of [`MovementReason::GIVEN`].
    #[garde(custom(given))]
    pub reason: MovementReason,
    /// 1 to 255 characters.
    #[garde(inner(custom(text::line("Reference", 255))))]
    pub reference: Option<String>,
    /// 1 to 200 lines. Those of one product count together.
    #[garde(custom(number_of_lines))]
    pub lines: Vec<StockLine>,
}

impl NewMovements {
    /// Movements without a reference.
    pub fn new(reason: MovementReason, lines: Vec<StockLine>) -> Self {
        Self {
            reason,
            reference: None,
            lines,
        }
    }
}

/// The change of one product in an order.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StockLine {
    /// The slug of the product.
    pub slug: Slug,
    /// The change.
    pub change: Difference,
}

/// A reservation to make.
#[derive(Debug, Clone, PartialEq, Eq, Validate)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct NewReservation {
    /// What it belongs to: 1 to 255 characters.
    #[garde(custom(text::line("Reference", 255)))]
    pub reference: String,
    /// How long it lasts, in seconds: one of [`RESERVATION_SECONDS`].
    #[garde(custom(duration))]
    pub expires_in: i64,
    /// 1 to 200 lines. Those of one product count together, and must not exceed 2³¹ - 1.
    #[garde(custom(number_of_lines), custom(sums))]
    pub lines: Vec<ReservedLine>,
}

impl NewReservation {
    /// A reservation of 15 minutes.
    pub fn new(reference: String, lines: Vec<ReservedLine>) -> Self {
        Self {
            reference,
            expires_in: 900,
            lines,
        }
    }

    /// The lines, with those of one product as one.
    pub fn merged_lines(&self) -> Vec<ReservedLine> {
        let mut merged: Vec<ReservedLine> = vec![];
        let mut positions = HashMap::new();
        for line in &self.lines {
            match positions.get(&line.slug) {
                Some(at) => {
                    let known: &mut ReservedLine = &mut merged[*at];
                    let sum = i64::from(known.quantity) + i64::from(line.quantity);
                    known.quantity = Quantity::try_from(sum).unwrap_or(known.quantity);
                }
                None => {
                    positions.insert(&line.slug, merged.len());
                    merged.push(line.clone());
                }
            }
        }
        merged
    }
}

fn given(reason: &MovementReason, _: &()) -> garde::Result {
    if MovementReason::GIVEN.contains(reason) {
        return Ok(());
    }
    let given = MovementReason::GIVEN.map(MovementReason::as_str);
    Err(Error::new(format_args!(
        "Reason must be one of {}",
        given.join(", ")
    )))
}

fn duration(seconds: &i64, _: &()) -> garde::Result {
    let (least, most) = (RESERVATION_SECONDS.start(), RESERVATION_SECONDS.end());
    RESERVATION_SECONDS
        .contains(seconds)
        .then_some(())
        .ok_or_else(|| {
            Error::new(format_args!(
                "Expires in must be between {least} and {most} seconds"
            ))
        })
}

fn number_of_lines<T>(lines: &[T], _: &()) -> garde::Result {
    match lines.len() {
        0 => Err(Error::new("At least one line is required")),
        1..=MAX_LINES => Ok(()),
        _ => Err(Error::new(format_args!(
            "At most {MAX_LINES} lines are allowed"
        ))),
    }
}

fn sums(lines: &[ReservedLine], _: &()) -> garde::Result {
    let mut sums: HashMap<&Slug, i64> = HashMap::new();
    for line in lines {
        let sum = sums.entry(&line.slug).or_default();
        *sum += i64::from(line.quantity);
        if Quantity::try_from(*sum).is_err() {
            return Err(Error::new(format_args!(
                "The lines of {} must not exceed 2147483647 pieces",
                line.slug
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
