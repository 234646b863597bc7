use std::collections::HashSet;

use async_trait::async_trait;
use time::{Duration, OffsetDateTime};

use super::{InMemoryShop, State};
use crate::changes::Origin;
use crate::products::{PageSize, ProductId, Total};
use crate::stock::{
    Movement, MovementPage, MovementReason, NewMovement, NewMovements, NewReservation, Reservation,
    ReservationId, ReservationStatus, Shortage, StockChange, StockError, StockRepository,
};
use crate::{Slug, StoreError, Valid};

/// A reservation with the ids of its products.
#[derive(Debug, Clone)]
pub(super) struct StoredReservation {
    reservation: Reservation,
    products: Vec<ProductId>,
}

impl State {
    /// Records that the stock of a product has changed from `before`.
    pub(super) fn record_movement(
        &mut self,
        at: usize,
        before: i32,
        reason: MovementReason,
        reference: Option<&str>,
    ) -> Movement {
        let (id, now) = self.tick();
        let product = &self.products[at].product;
        let moved = (product.stock_quantity - before, product.stock_quantity);
        let actor = Origin::current().actor.clone();
        let mut movement =
            Movement::new(id.into(), product.slug.clone(), moved, reason, actor, now);
        movement.reference = reference.map(str::to_owned);
        let product = product.id;
        self.movements.push((product, movement.clone()));
        movement
    }

    /// Sets the stock of the product at a position.
    fn move_stock(
        &mut self,
        at: usize,
        stock: i32,
        reason: MovementReason,
        reference: Option<&str>,
    ) -> Movement {
        let now = self.tick().1;
        let product = &mut self.products[at].product;
        let before = std::mem::replace(&mut product.stock_quantity, stock);
        if before != stock {
            product.version += 1;
            product.updated_at = now;
        }
        self.record_movement(at, before, reason, reference)
    }

    fn position_of(&self, slug: &Slug) -> Option<usize> {
        let mut products = self.products.iter();
        products.position(|stored| stored.product.slug == *slug)
    }

    /// Makes the movements of an order. Lines of one product count together.
    fn move_all(
        &mut self,
        lines: &[(Slug, i64)],
        reason: MovementReason,
        reference: Option<&str>,
    ) -> Result<Vec<Movement>, StockError> {
        let (mut unknown, mut short, mut high, mut moves) = (vec![], vec![], vec![], vec![]);
        let mut seen = HashSet::new();
        for (slug, _) in lines {
            if !seen.insert(slug) {
                continue;
            }
            let of_product = lines.iter().filter(|(of, _)| of == slug);
            let change: i64 = of_product.map(|(_, change)| change).sum();
            let Some(at) = self.position_of(slug) else {
                unknown.push(slug.clone());
                continue;
            };
            let available = self.products[at].product.stock_quantity;
            match i32::try_from(i64::from(available) + change) {
                Ok(stock @ 0..) if change != 0 => moves.push((at, stock)),
                Ok(0..) => {}
                Err(_) if change > 0 => high.push(slug.clone()),
                _ => short.push(Shortage {
                    slug: slug.clone(),
                    available,
                }),
            }
        }
        if !unknown.is_empty() {
            return Err(StockError::NotFound(unknown));
        }
        if !short.is_empty() {
            return Err(StockError::Insufficient(short));
        }
        if !high.is_empty() {
            return Err(StockError::TooHigh(high));
        }
        let moves = moves.into_iter();
        Ok(moves
            .map(|(at, stock)| self.move_stock(at, stock, reason, reference))
            .collect())
    }

    fn reservation(&mut self, id: ReservationId) -> Result<&mut StoredReservation, StockError> {
        let mut all = self.reservations.iter_mut();
        let found = all.find(|stored| stored.reservation.id == id);
        found.ok_or(StockError::ReservationNotFound)
    }

    /// Ends a held reservation that has not expired before `now`.
    fn end(
        &mut self,
        id: ReservationId,
        status: ReservationStatus,
        now: Option<OffsetDateTime>,
    ) -> Result<Reservation, StockError> {
        let stored = self.reservation(id)?;
        let reservation = &mut stored.reservation;
        if reservation.status != ReservationStatus::Held {
            return Err(StockError::ReservationEnded(reservation.status));
        }
        if now.is_some_and(|now| reservation.expires_at <= now) {
            return Err(StockError::ReservationEnded(ReservationStatus::Released));
        }
        reservation.status = status;
        let StoredReservation {
            reservation,
            products,
        } = stored.clone();
        if status == ReservationStatus::Released {
            let reference = Some(reservation.reference.as_str());
            for (id, line) in products.into_iter().zip(&reservation.lines) {
                let mut all = self.products.iter();
                let Some(at) = all.position(|stored| stored.product.id == id) else {
                    continue;
                };
                let stock = self.products[at].product.stock_quantity;
                let stock = stock.saturating_add(line.quantity.get());
                self.move_stock(at, stock, MovementReason::Release, reference);
            }
        }
        Ok(reservation)
    }
}

#[async_trait]
impl StockRepository for InMemoryShop {
    async fn make(
        &self,
        product: &Slug,
        movement: Valid<NewMovement>,
    ) -> Result<Movement, StockError> {
        let NewMovement {
            change,
            reason,
            reference,
        } = movement.into_inner();
        let mut state = self.state();
        let reference = reference.as_deref();
        let (stock, expected) = match change {
            StockChange::By(change) => {
                let line = (product.clone(), change.into());
                let made = state.move_all(&[line], reason, reference)?;
                let movement = made.into_iter().next();
                return movement.ok_or(StockError::NotFound(vec![product.clone()]));
            }
            StockChange::To { stock, expected } => (stock, expected),
        };
        let at = state.position_of(product);
        let at = at.ok_or_else(|| StockError::NotFound(vec![product.clone()]))?;
        let available = state.products[at].product.stock_quantity;
        if expected.is_some_and(|expected| expected.get() != available) {
            return Err(StockError::Changed { available });
        }
        Ok(state.move_stock(at, stock.get(), reason, reference))
    }

    async fn make_all(&self, movements: Valid<NewMovements>) -> Result<Vec<Movement>, StockError> {
        let NewMovements {
            reason,
            reference,
            lines,
        } = movements.into_inner();
        let lines = lines.into_iter();
        let lines: Vec<_> = lines.map(|line| (line.slug, line.change.into())).collect();
        self.state().move_all(&lines, reason, reference.as_deref())
    }

    async fn list(
        &self,
        product: &Slug,
        before: Option<i64>,
        limit: PageSize,
    ) -> Result<MovementPage, StockError> {
        let state = self.state();
        let at = state.position_of(product);
        let at = at.ok_or_else(|| StockError::NotFound(vec![product.clone()]))?;
        let product = &state.products[at].product;
        let all = state.movements.iter().rev();
        let mut all: Vec<Movement> = all
            .filter(|(id, _)| *id == product.id)
            .map(|(_, movement)| movement.clone())
            .collect();
        let total = Total::from_bounded_count(all.len().try_into().unwrap_or(u32::MAX));
        all.retain(|movement| before.is_none_or(|before| movement.id < before));
        let limit = limit.get() as usize;
        let has_more = all.len() > limit;
        all.truncate(limit);
        for movement in &mut all {
            movement.slug = product.slug.clone();
        }
        Ok(MovementPage {
            items: all,
            total,
            has_more,
        })
    }

    async fn reserve(&self, reservation: Valid<NewReservation>) -> Result<Reservation, StockError> {
        let new = reservation.into_inner();
        let mut state = self.state();
        let lines = new.merged_lines();
        let taken = lines.iter();
        let taken = taken.map(|line| (line.slug.clone(), -i64::from(line.quantity)));
        let taken: Vec<_> = taken.collect();
        let reference = Some(new.reference.as_str());
        state.move_all(&taken, MovementReason::Reservation, reference)?;
        let end = state.now() + Duration::seconds(new.expires_in);
        let products = lines
            .iter()
            .filter_map(|line| state.position_of(&line.slug));
        let products = products.map(|at| state.products[at].product.id).collect();
        let id = ReservationId::random();
        let reservation = Reservation::new(id, new.reference, end, lines);
        state.reservations.push(StoredReservation {
            reservation: reservation.clone(),
            products,
        });
        Ok(reservation)
    }

    async fn find(&self, reservation: ReservationId) -> Result<Reservation, StockError> {
        let mut state = self.state();
        Ok(state.reservation(reservation)?.reservation.clone())
    }

    async fn confirm(&self, reservation: ReservationId) -> Result<Reservation, StockError> {
        let mut state = self.state();
        let now = state.now();
        state.end(reservation, ReservationStatus::Confirmed, Some(now))
    }

    async fn release(&self, reservation: ReservationId) -> Result<Reservation, StockError> {
        self.state()
            .end(reservation, ReservationStatus::Released, None)
    }

    async fn release_expired(&self, limit: u32) -> Result<u64, StoreError> {
        let mut state = self.state();
        let now = state.now();
        let is_due = |stored: &&StoredReservation| {
            let reservation = &stored.reservation;
            reservation.status == ReservationStatus::Held && reservation.expires_at <= now
        };
        let due = state.reservations.iter().filter(is_due);
        let due = due.map(|stored| stored.reservation.id);
        let due: Vec<_> = due.take(limit as usize).collect();
        for id in &due {
            // They were just found.
            drop(state.end(*id, ReservationStatus::Released, None));
        }
        Ok(due.len() as u64)
    }
}
