use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Double, Integer, Text, Timestamptz};
use eggypro_domain::changes::Origin;
use eggypro_domain::stock::{
    MovementReason, NewReservation, Quantity, Reservation, ReservationId, ReservationStatus,
    ReservedLine, StockError,
};
use time::OffsetDateTime;

use super::outcome::{Moved, Outcome};
use super::{Result, move_stock};
use crate::error::{Failure, corrupt};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    reference: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Timestamptz)]
    expires_at: OffsetDateTime,
    #[diesel(sql_type = Array<Text>)]
    slugs: Vec<String>,
    #[diesel(sql_type = Array<Integer>)]
    quantities: Vec<i32>,
    #[diesel(sql_type = Bool)]
    has_expired: bool,
}

const COLUMNS: &str = "id::text, reference, status, expires_at, slugs, quantities, expires_at <= now() AS has_expired";

impl Row {
    fn read(self) -> QueryResult<Reservation> {
        let lines = self.slugs.into_iter().zip(self.quantities);
        let lines = lines.map(|(slug, quantity)| {
            Ok(ReservedLine {
                slug: slug.parse().map_err(corrupt)?,
                quantity: Quantity::try_from(i64::from(quantity)).map_err(corrupt)?,
            })
        });
        let lines = lines.collect::<QueryResult<_>>()?;
        let id = self.id.parse().map_err(corrupt)?;
        let mut reservation = Reservation::new(id, self.reference, self.expires_at, lines);
        reservation.status = self.status.parse().map_err(corrupt)?;
        Ok(reservation)
    }
}

pub(super) fn create(
    connection: &mut PgConnection,
    new: &NewReservation,
    origin: &Origin,
) -> Result<Reservation> {
    let lines = new.merged_lines();
    let taken = lines.iter();
    let taken = taken.map(|line| (line.slug.clone(), -i64::from(line.quantity)));
    let reference = Some(new.reference.clone());
    let moved = Moved::by(origin, MovementReason::Reservation, reference);
    let outcomes = move_stock(connection, &taken.collect::<Vec<_>>(), &moved)?;
    Outcome::movements(outcomes, &moved)?;
    let slugs: Vec<_> = lines.iter().map(|line| line.slug.as_str()).collect();
    let quantities: Vec<_> = lines.iter().map(|line| line.quantity.get()).collect();
    // The products are locked since they moved, so they still have these slugs.
    let row: Row = sql_query(format!(
        "INSERT INTO reservations (id, reference, expires_at, product_ids, slugs, quantities) \
         SELECT $1::uuid, $2, now() + make_interval(secs => $3), array_agg(p.id ORDER BY l.number), $4, $5 \
         FROM unnest($4) WITH ORDINALITY l(slug, number) JOIN products p ON p.slug = l.slug RETURNING {COLUMNS}"
    ))
    .bind::<Text, _>(ReservationId::random().to_string())
    .bind::<Text, _>(&new.reference)
    .bind::<Double, _>(new.expires_in as f64)
    .bind::<Array<Text>, _>(slugs)
    .bind::<Array<Integer>, _>(quantities)
    .get_result(connection)?;
    Ok(row.read()?)
}

pub(super) fn find(connection: &mut PgConnection, id: ReservationId) -> Result<Reservation> {
    Ok(select(connection, id, "")?.read()?)
}

pub(super) fn confirm(connection: &mut PgConnection, id: ReservationId) -> Result<Reservation> {
    let mut reservation = held(connection, id)?;
    sql_query("UPDATE reservations SET status = 'confirmed', ended_at = now() WHERE id = $1::uuid")
        .bind::<Text, _>(id.to_string())
        .execute(connection)?;
    reservation.status = ReservationStatus::Confirmed;
    Ok(reservation)
}

pub(super) fn release(connection: &mut PgConnection, id: ReservationId) -> Result<Reservation> {
    let row = select(connection, id, "FOR UPDATE")?;
    let mut reservation = row.read()?;
    if reservation.status != ReservationStatus::Held {
        return Err(ended(reservation.status));
    }
    sql_query("SELECT release_reservations(ARRAY[$1::uuid])")
        .bind::<Text, _>(id.to_string())
        .execute(connection)?;
    reservation.status = ReservationStatus::Released;
    Ok(reservation)
}

pub(super) fn release_expired(connection: &mut PgConnection, limit: u32) -> QueryResult<u64> {
    #[derive(QueryableByName)]
    struct Released {
        #[diesel(sql_type = BigInt)]
        released: i64,
    }
    let released: Released = sql_query(
        "SELECT release_reservations(ARRAY(SELECT id FROM reservations WHERE status = 'held' AND expires_at <= now() \
         ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)) AS released",
    )
    .bind::<BigInt, _>(i64::from(limit))
    .get_result(connection)?;
    Ok(released.released.unsigned_abs())
}

/// Locks a reservation that has not ended or expired.
fn held(connection: &mut PgConnection, id: ReservationId) -> Result<Reservation> {
    let row = select(connection, id, "FOR UPDATE")?;
    let has_expired = row.has_expired;
    let reservation = row.read()?;
    match reservation.status {
        ReservationStatus::Held if has_expired => Err(ended(ReservationStatus::Released)),
        ReservationStatus::Held => Ok(reservation),
        status => Err(ended(status)),
    }
}

fn select(connection: &mut PgConnection, id: ReservationId, lock: &str) -> Result<Row> {
    let row = sql_query(format!(
        "SELECT {COLUMNS} FROM reservations WHERE id = $1::uuid {lock}"
    ))
    .bind::<Text, _>(id.to_string())
    .get_result(connection)
    .optional()?;
    row.ok_or(Failure::Refused(StockError::ReservationNotFound))
}

fn ended(status: ReservationStatus) -> Failure<StockError> {
    Failure::Refused(StockError::ReservationEnded(status))
}
