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

use self::outcome::{AnnouncedOutcome, Moved, MovementRow, Outcome};
use crate::database::{Call, Database};
use crate::error::Failure;
use crate::idempotency::PostgresUnit;
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

    /// Makes the movements of an order, in one statement unless they belong to a unit of work.
    async fn move_all(
        &self,
        lines: Vec<(Slug, i64)>,
        moved: Moved,
    ) -> std::result::Result<Vec<Movement>, StockError> {
        if PostgresUnit::current().is_some() {
            let make = move |connection: &mut PgConnection| {
                Outcome::movements(move_stock(connection, &lines, &moved)?, &moved)
            };
            return self.database.write(make).await;
        }
        let make = move |connection: &mut PgConnection, origin: &Origin| {
            let (outcomes, announcement) = commit_movements(connection, &lines, &moved, origin)?;
            Ok((Outcome::movements(outcomes, &moved)?, announcement))
        };
        self.database.write_in_one_statement(make).await
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
        if let StockChange::By(change) = movement.change {
            let moved = Moved::by(&origin, movement.reason, movement.reference);
            let made = self.move_all(vec![(slug, change.into())], moved).await?;
            let made = made.into_iter().next();
            return made.ok_or_else(|| StoreError::Unavailable("no movement".to_owned()).into());
        }
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
        let lines = lines.into_iter();
        let lines = lines.map(|line| (line.slug, line.change.into()));
        self.move_all(lines.collect(), moved).await
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
        StockChange::By(change) => {
            move_stock(connection, &[(slug.clone(), change.into())], &moved)?
        }
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
    lines: &[(Slug, i64)],
    moved: &Moved,
) -> QueryResult<Vec<Outcome>> {
    let (slugs, changes) = columns(lines);
    let arguments = (
        slugs.into_sql::<Array<Text>>(),
        changes.into_sql::<Array<BigInt>>(),
        moved.reason.as_str().into_sql::<Text>(),
        moved.reference.as_deref().into_sql::<Nullable<Text>>(),
    );
    Call::new("move_stock", arguments).load(connection)
}

/// Like [`move_stock`], as a transaction of its own. Also returns the announcement of the changes.
fn commit_movements(
    connection: &mut PgConnection,
    lines: &[(Slug, i64)],
    moved: &Moved,
    origin: &Origin,
) -> QueryResult<(Vec<Outcome>, Option<String>)> {
    let (slugs, changes) = columns(lines);
    let actor = &origin.actor;
    let arguments = (
        slugs.into_sql::<Array<Text>>(),
        changes.into_sql::<Array<BigInt>>(),
        moved.reason.as_str().into_sql::<Text>(),
        moved.reference.as_deref().into_sql::<Nullable<Text>>(),
        actor.kind.as_str().into_sql::<Text>(),
        actor.id.as_deref().into_sql::<Nullable<Text>>(),
        actor.name.as_deref().into_sql::<Nullable<Text>>(),
        origin.request_id.as_deref().into_sql::<Nullable<Text>>(),
        origin.reason.as_deref().into_sql::<Nullable<Text>>(),
    );
    let mut rows: Vec<AnnouncedOutcome> =
        Call::new("commit_movements", arguments).load(connection)?;
    let announced = rows.pop_if(|row| row.announcement.is_some());
    let outcomes = rows.into_iter().filter_map(|row| row.outcome).collect();
    Ok((outcomes, announced.and_then(|row| row.announcement)))
}

/// The slugs and the changes of the lines of an order.
fn columns(lines: &[(Slug, i64)]) -> (Vec<&str>, Vec<i64>) {
    let lines = lines.iter();
    lines.map(|(slug, change)| (slug.as_str(), *change)).unzip()
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
