mod addresses;
mod confirm;
mod removal;

use std::time::Duration;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Double, Integer, Text};
use eggypro_domain::images::{ConfirmError, Image, ImageFile, ImageRepository, PublicId};
use eggypro_domain::{Slug, StoreError};

use self::confirm::{check_image_limit, confirm};
use self::removal::{MAX_ATTEMPTS, claim_due, discard, postponed, unused};
pub(crate) use self::removal::{discard_of_product, discard_taken_out};
use crate::database::Database;
use crate::error::corrupt;
use crate::schema::{images, products};

/// The records of images in PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresImages {
    database: Database,
}

impl PostgresImages {
    /// The records of this database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Sets the base of the addresses of images in a local folder, such as `http://localhost:8080/media`, in their
    /// records and wherever products and reviews show them. Returns the number of changed products.
    ///
    /// # Errors
    /// When the database did not answer.
    pub async fn follow(&self, base: &str) -> Result<usize, StoreError> {
        let base = base.to_owned();
        self.database
            .write_large(move |connection| Ok(addresses::follow(connection, &base)?))
            .await
    }
}

#[async_trait]
impl ImageRepository for PostgresImages {
    async fn check_image_limit(&self, product: &Slug, images: usize) -> Result<(), ConfirmError> {
        let slug = product.clone();
        let check = move |connection: &mut PgConnection| {
            let shown: Option<Vec<Option<String>>> = products::table
                .filter(products::slug.eq(slug.as_str()))
                .select(products::images)
                .first(connection)
                .optional()?;
            check_image_limit(shown, images).map(drop)
        };
        self.database.run(check).await
    }

    async fn reserve(
        &self,
        images: &[(PublicId, ImageFile)],
        time: Duration,
    ) -> Result<(), StoreError> {
        let rows: Vec<_> = images.iter().map(|(id, file)| Row::of(id, file)).collect();
        let reserve = move |connection: &mut PgConnection| {
            connection.transaction(|connection| {
                let ids: Vec<i32> = diesel::insert_into(images::table)
                    .values(&rows)
                    .returning(images::id)
                    .get_results(connection)?;
                sql_query("UPDATE images SET removal_requested_at = now() + make_interval(secs => $2) WHERE id = ANY($1)")
                    .bind::<Array<Integer>, _>(ids)
                    .bind::<Double, _>(time.as_secs_f64())
                    .execute(connection)?;
                Ok(())
            })
        };
        self.database.run(reserve).await
    }

    async fn confirm(&self, images: &[Image], product: Option<&Slug>) -> Result<(), ConfirmError> {
        let (images, product) = (images.to_vec(), product.cloned());
        self.database
            .write(move |connection| confirm(connection, &images, product.as_ref()))
            .await
    }

    async fn cancel(
        &self,
        images: &[PublicId],
        time: Duration,
    ) -> Result<Vec<PublicId>, StoreError> {
        let ids: Vec<String> = images.iter().map(|id| id.as_str().to_owned()).collect();
        let cancel = move |connection: &mut PgConnection| {
            let taken: Vec<Named> = sql_query(
                "UPDATE images SET removal_attempts = removal_attempts + 1, \
                 removal_requested_at = now() + make_interval(secs => $2) \
                 WHERE public_id = ANY($1) AND removal_requested_at IS NOT NULL RETURNING public_id::text AS id",
            )
            .bind::<Array<Text>, _>(ids)
            .bind::<Double, _>(time.as_secs_f64())
            .load(connection)?;
            Ok(Named::ids(taken)?)
        };
        self.database.run(cancel).await
    }

    async fn discard(&self, image: &PublicId, time: Duration) -> Result<bool, StoreError> {
        let id = image.clone();
        self.database
            .write(move |connection| Ok(discard(connection, &id, time)?))
            .await
    }

    async fn claim_due(&self, limit: u32, time: Duration) -> Result<Vec<PublicId>, StoreError> {
        self.database
            .write(move |connection| Ok(claim_due(connection, limit, time)?))
            .await
    }

    async fn unused(&self, age: Duration, limit: u32) -> Result<Vec<PublicId>, StoreError> {
        let find = move |connection: &mut PgConnection| {
            let ids: Vec<Named> = sql_query(format!(
                "SELECT public_id::text AS id FROM images i WHERE {} ORDER BY id LIMIT $2",
                unused()
            ))
            .bind::<Double, _>(age.as_secs_f64())
            .bind::<BigInt, _>(i64::from(limit))
            .load(connection)?;
            Ok(Named::ids(ids)?)
        };
        self.database.write_large(find).await
    }

    async fn discard_unused(&self, age: Duration) -> Result<u64, StoreError> {
        let discard = move |connection: &mut PgConnection| {
            let discarded = sql_query(format!(
                "UPDATE images i SET removal_requested_at = now() WHERE {}",
                unused()
            ))
            .bind::<Double, _>(age.as_secs_f64())
            .execute(connection)?;
            Ok(discarded as u64)
        };
        self.database.write_large(discard).await
    }

    async fn delete_record(&self, image: &PublicId) -> Result<(), StoreError> {
        let id = image.clone();
        let forget = move |connection: &mut PgConnection| {
            let due = images::table
                .filter(images::public_id.eq(id.as_str()))
                .filter(images::removal_requested_at.is_not_null());
            diesel::delete(due).execute(connection)?;
            Ok(())
        };
        self.database.run(forget).await
    }

    async fn postpone(&self, image: &PublicId) -> Result<(), StoreError> {
        let id = image.clone();
        let postpone = move |connection: &mut PgConnection| Ok(postponed(connection, &id)?);
        self.database.run(postpone).await
    }

    async fn record_missing(&self, image: &PublicId) -> Result<(), StoreError> {
        let id = image.clone();
        let miss = move |connection: &mut PgConnection| {
            let exhausted = images::table
                .filter(images::public_id.eq(id.as_str()))
                .filter(images::removal_requested_at.is_not_null())
                .filter(images::removal_attempts.ge(MAX_ATTEMPTS));
            if diesel::delete(exhausted).execute(connection)? == 0 {
                postponed(connection, &id)?;
            }
            Ok(())
        };
        self.database.run(miss).await
    }
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    id: String,
}

impl Named {
    fn ids(rows: Vec<Self>) -> QueryResult<Vec<PublicId>> {
        let ids = rows.into_iter().map(|row| row.id.parse());
        ids.collect::<Result<_, _>>().map_err(corrupt)
    }
}

/// An image that is about to be uploaded.
#[derive(Insertable)]
#[diesel(table_name = images)]
struct Row {
    public_id: String,
    url: &'static str,
    format: &'static str,
    width: i32,
    height: i32,
    bytes: i32,
}

impl Row {
    fn of(id: &PublicId, file: &ImageFile) -> Self {
        Self {
            public_id: id.as_str().to_owned(),
            url: "",
            format: file.format().as_str(),
            width: pixels(file.width()),
            height: pixels(file.height()),
            bytes: pixels(file.size()),
        }
    }
}

/// Converts a number that validation has bounded.
fn pixels(number: u32) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}
