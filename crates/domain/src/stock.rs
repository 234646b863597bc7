//! Stock: its movements, and reservations.
//!
//! The stock of a product is what can be sold now. Every change of it, in whatever way, is a [`Movement`], and the sum
//! of a product's movements is its stock.

mod input;
mod movement;
mod quantity;
mod repository;
mod reservation;

pub use self::input::{
    MAX_LINES, NewMovement, NewMovements, NewReservation, RESERVATION_SECONDS, StockChange,
    StockLine,
};
pub use self::movement::{Movement, MovementPage, MovementReason, UnknownMovementReason};
pub use self::quantity::{
    Difference, InvalidDifference, InvalidQuantity, InvalidStockLevel, Quantity, StockLevel,
};
pub use self::repository::{Shortage, StockError, StockRepository};
pub use self::reservation::{
    InvalidReservationId, Reservation, ReservationId, ReservationStatus, ReservedLine,
    UnknownReservationStatus,
};
