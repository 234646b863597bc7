use async_trait::async_trait;
use garde::Valid;

use super::{
    Movement, MovementPage, NewMovement, NewMovements, NewReservation, Reservation, ReservationId,
    ReservationStatus,
};
use crate::products::PageSize;
use crate::{Slug, StoreError};

/// A product without enough stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    /// The slug of the product.
    pub slug: Slug,
    /// The number of pieces that it has.
    pub available: i32,
}

/// Why stock was not moved. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum StockError {
    /// There are no products with these slugs.
    #[error("there are no such products")]
    NotFound(Vec<Slug>),
    /// These products don't have enough stock.
    #[error("there is not enough stock")]
    Insufficient(Vec<Shortage>),
    /// The stock is not the expected one.
    #[error("the stock has changed")]
    Changed {
        /// The stock.
        available: i32,
    },
    /// The stock of these products would exceed 2³¹ - 1.
    #[error("the stock would be too high")]
    TooHigh(Vec<Slug>),
    /// There is no reservation with this id.
    #[error("there is no such reservation")]
    ReservationNotFound,
    /// The reservation has ended, or has expired and is about to be released.
    #[error("the reservation is {0}")]
    ReservationEnded(ReservationStatus),
    /// The store is unavailable or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Moves stock. Each call is atomic, and durable once it returns. The sum of the movements of a product always is its
/// stock, whatever writes run at the same time.
#[async_trait]
pub trait StockRepository: Send + Sync {
    /// Makes one movement.
    ///
    /// # Errors
    /// [`StockError::NotFound`], [`StockError::Insufficient`], [`StockError::Changed`] or [`StockError::TooHigh`].
    async fn make(
        &self,
        product: &Slug,
        movement: Valid<NewMovement>,
    ) -> Result<Movement, StockError>;

    /// Makes all movements of an order or none. Returns one for each product, in the order of their first lines. A
    /// product whose lines add up to 0 has none.
    ///
    /// # Errors
    /// [`StockError::NotFound`] takes precedence over [`StockError::Insufficient`] and that over
    /// [`StockError::TooHigh`]; each names every product.
    async fn make_all(&self, movements: Valid<NewMovements>) -> Result<Vec<Movement>, StockError>;

    /// The movements of a product, newest first, older than the movement with the id `before`.
    ///
    /// # Errors
    /// [`StockError::NotFound`].
    async fn list(
        &self,
        product: &Slug,
        before: Option<i64>,
        limit: PageSize,
    ) -> Result<MovementPage, StockError>;

    /// Takes the stock of a reservation, all or nothing.
    ///
    /// # Errors
    /// As for [`make_all`](Self::make_all).
    async fn reserve(&self, reservation: Valid<NewReservation>) -> Result<Reservation, StockError>;

    /// The reservation with this id.
    ///
    /// # Errors
    /// [`StockError::ReservationNotFound`].
    async fn find(&self, reservation: ReservationId) -> Result<Reservation, StockError>;

    /// Sells the stock of a reservation for good.
    ///
    /// # Errors
    /// [`StockError::ReservationNotFound`] or [`StockError::ReservationEnded`].
    async fn confirm(&self, reservation: ReservationId) -> Result<Reservation, StockError>;

    /// Gives the stock of a reservation back.
    ///
    /// # Errors
    /// [`StockError::ReservationNotFound`] or [`StockError::ReservationEnded`].
    async fn release(&self, reservation: ReservationId) -> Result<Reservation, StockError>;

    /// Releases at most `limit` reservations that have expired, and returns how many. Several servers can call it at
    /// the same time.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn release_expired(&self, limit: u32) -> Result<u64, StoreError>;
}
