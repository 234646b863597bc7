mod outcome;
mod reservations;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text};
use eggypro_domain::changes::Origin;
use eggypro_domain::products::{COUNT_LIMIT, PageSize, Total};
use eggypro_domain::stock::{
    Movement, MovementPage, NewMovement, NewMovements, NewReservation, Reservation, ReservationId,
    StockChange, StockError, StockRepository,
};
use eggypro_domain::{Slug, StoreError, Valid};

use self::outcome::{Moved, MovementRow, Outcome};
use crate::database::Database;
use crate::error::Failure;
use crate::schema::products;

type Result<T> = std::result::Result<T, Failure<StockError>>;

/// Stock in PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresStock {
    database: Database,
}

impl PostgresStock {
    /// The stock of this database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl StockRepository for PostgresStock {
    async fn make(
        &self,
        product: &Slug,
        movement: Valid<NewMovement>,
    ) -> std::result::Result<Movement, StockError> {
        let (slug, movement) = (product.clone(), movement.into_inner());
        let origin = Origin::current();
        let make = move |connection: &mut PgConnection| make(connection, &slug, movement, &origin);
        self.database.write(make).await
    }

    async fn make_all(
        &self,
        movements: Valid<NewMovements>,
    ) -> std::result::Result<Vec<Movement>, StockError> {
        let NewMovements {
            reason,
            reference,
            lines,
            ..
        } = movements.into_inner();
        let moved = Moved::by(&Origin::current(), reason, reference);
        let make = move |connection: &mut PgConnection| {
            let lines = lines.iter().map(|line| (&line.slug, line.change.into()));
            let outcomes = move_stock(connection, &lines.collect::<Vec<_>>(), &moved)?;
            Outcome::movements(outcomes, &moved)
        };
        self.database.write(make).await
    }

    async fn list(
        &self,
        product: &Slug,
        before: Option<i64>,
        limit: PageSize,
    ) -> std::result::Result<MovementPage, StockError> {
        let slug = product.clone();
        let list = move |connection: &mut PgConnection| page(connection, &slug, before, limit);
        self.database.run(list).await
    }

    async fn reserve(
        &self,
        reservation: Valid<NewReservation>,
    ) -> std::result::Result<Reservation, StockError> {
        let new = reservation.into_inner();
        let origin = Origin::current();
        let reserve =
            move |connection: &mut PgConnection| reservations::create(connection, &new, &origin);
        self.database.write(reserve).await
    }

    async fn find(&self, id: ReservationId) -> std::result::Result<Reservation, StockError> {
        let find = move |connection: &mut PgConnection| reservations::find(connection, id);
        self.database.run(find).await
    }

    async fn confirm(&self, id: ReservationId) -> std::result::Result<Reservation, StockError> {
        let confirm = move |connection: &mut PgConnection| reservations::confirm(connection, id);
        self.database.write(confirm).await
    }

    async fn release(&self, id: ReservationId) -> std::result::Result<Reservation, StockError> {
        let release = move |connection: &mut PgConnection| reservations::release(connection, id);
        self.database.write(release).await
    }

    async fn release_expired(&self, limit: u32) -> std::result::Result<u64, StoreError> {
        let release = move |connection: &mut PgConnection| {
            Ok(reservations::release_expired(connection, limit)?)
        };
        self.database.write(release).await
    }
}

/// Makes a movement in the transaction of the caller.
pub(crate) fn make(
    connection: &mut PgConnection,
    slug: &Slug,
    movement: NewMovement,
    origin: &Origin,
) -> Result<Movement> {
    let moved = Moved::by(origin, movement.reason, movement.reference);
    let outcomes = match movement.change {
        StockChange::By(change) => move_stock(connection, &[(slug, change.into())], &moved)?,
        StockChange::To { stock, expected } => {
            sql_query("SELECT * FROM set_stock($1, $2, $3, $4, $5)")
                .bind::<Text, _>(slug.as_str())
                .bind::<Integer, _>(stock.get())
                .bind::<Nullable<Integer>, _>(expected.map(|stock| stock.get()))
                .bind::<Text, _>(moved.reason.as_str())
                .bind::<Nullable<Text>, _>(&moved.reference)
                .load::<Outcome>(connection)?
        }
    };
    let made = Outcome::movements(outcomes, &moved)?.pop();
    made.ok_or(Failure::Database(diesel::result::Error::NotFound))
}

/// Makes the movements of an order, or returns why not.
fn move_stock(
    connection: &mut PgConnection,
    lines: &[(&Slug, i64)],
    moved: &Moved,
) -> QueryResult<Vec<Outcome>> {
    let (slugs, changes): (Vec<_>, Vec<_>) = lines
        .iter()
        .map(|(slug, change)| (slug.as_str(), *change))
        .unzip();
    sql_query("SELECT * FROM move_stock($1, $2, $3, $4)")
        .bind::<Array<Text>, _>(slugs)
        .bind::<Array<BigInt>, _>(changes)
        .bind::<Text, _>(moved.reason.as_str())
        .bind::<Nullable<Text>, _>(&moved.reference)
        .load(connection)
}

fn page(
    connection: &mut PgConnection,
    slug: &Slug,
    before: Option<i64>,
    limit: PageSize,
) -> Result<MovementPage> {
    let id: Option<i32> = products::table
        .filter(products::slug.eq(slug.as_str()))
        .select(products::id)
        .first(connection)
        .optional()?;
    let id = id.ok_or_else(|| Failure::Refused(StockError::NotFound(vec![slug.clone()])))?;
    let limit = limit.get();
    let mut rows: Vec<MovementRow> = sql_query(
        "SELECT id, change, balance, reason, reference, actor_kind, actor_id, actor_name, at FROM stock_movements \
         WHERE product_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
    )
    .bind::<Integer, _>(id)
    .bind::<BigInt, _>(before.unwrap_or(i64::MAX))
    .bind::<BigInt, _>(i64::from(limit) + 1)
    .load(connection)?;
    let has_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let count: Count = sql_query(
        "SELECT count(*) AS count FROM (SELECT FROM stock_movements WHERE product_id = $1 LIMIT $2) m",
    )
    .bind::<Integer, _>(id)
    .bind::<BigInt, _>(i64::from(COUNT_LIMIT) + 1)
    .get_result(connection)?;
    let items = rows.into_iter().map(|row| row.read(slug));
    Ok(MovementPage {
        items: items.collect::<QueryResult<_>>()?,
        total: Total::from_bounded_count(count.count.try_into().unwrap_or(u32::MAX)),
        has_more,
    })
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}
