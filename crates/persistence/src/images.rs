use std::time::Duration;

use async_trait::async_trait;
use diesel::dsl::now;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Double, Integer, Nullable, Text, Timestamptz};
use eggypro_domain::changes::Tag;
use eggypro_domain::images::{Image, ImageFile, ImageRepository, KeepError, PublicId};
use eggypro_domain::products::MAX_IMAGES;
use eggypro_domain::{Slug, StoreError};

use crate::database::{Database, Touched};
use crate::error::{Failure, corrupt};
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
}

#[async_trait]
impl ImageRepository for PostgresImages {
    async fn check_room(&self, product: &Slug, images: usize) -> Result<(), KeepError> {
        let slug = product.clone();
        let check = move |connection: &mut PgConnection| {
            let shown: Option<Vec<Option<String>>> = products::table
                .filter(products::slug.eq(slug.as_str()))
                .select(products::images)
                .first(connection)
                .optional()?;
            room(shown, images).map(drop)
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

    async fn keep(&self, images: &[Image], product: Option<&Slug>) -> Result<(), KeepError> {
        let (images, product) = (images.to_vec(), product.cloned());
        self.database
            .write(move |connection, touched| keep(connection, &images, product.as_ref(), touched))
            .await
    }

    async fn take_back(
        &self,
        images: &[PublicId],
        time: Duration,
    ) -> Result<Vec<PublicId>, StoreError> {
        let ids: Vec<String> = images.iter().map(|id| id.as_str().to_owned()).collect();
        let take_back = move |connection: &mut PgConnection| {
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
        self.database.run(take_back).await
    }

    async fn discard(&self, image: &PublicId, time: Duration) -> Result<bool, StoreError> {
        let id = image.clone();
        self.database
            .write(move |connection, touched| Ok(discard(connection, &id, time, touched)?))
            .await
    }

    async fn claim_due(&self, limit: u32, time: Duration) -> Result<Vec<PublicId>, StoreError> {
        let claim = move |connection: &mut PgConnection| {
            let due: Vec<String> = images::table
                .filter(images::removal_requested_at.le(now.into_sql::<Nullable<Timestamptz>>()))
                .order(images::removal_requested_at)
                .limit(limit.into())
                .select(images::public_id)
                .load(connection)?;
            if due.is_empty() {
                return Ok(vec![]);
            }
            sql_query(format!(
                "UPDATE images SET removal_requested_at = NULL, removal_attempts = 0 WHERE public_id IN (\
                 SELECT id FROM ({SHOWN}) shown WHERE id = ANY($1)) AND url <> ''"
            ))
            .bind::<Array<Text>, _>(due)
            .execute(connection)?;
            let ids: Vec<Named> = sql_query(
                "UPDATE images SET removal_attempts = removal_attempts + 1, \
                 removal_requested_at = now() + make_interval(secs => $2) WHERE id IN (\
                 SELECT id FROM images WHERE removal_requested_at <= now() ORDER BY removal_requested_at \
                 LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING public_id::text AS id",
            )
            .bind::<BigInt, _>(i64::from(limit))
            .bind::<Double, _>(time.as_secs_f64())
            .load(connection)?;
            Ok(Named::ids(ids)?)
        };
        self.database.run(claim).await
    }

    async fn unused(&self, age: Duration, limit: u32) -> Result<Vec<PublicId>, StoreError> {
        let find = move |connection: &mut PgConnection, _: &mut Touched| {
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
        let discard = move |connection: &mut PgConnection, _: &mut Touched| {
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

    async fn forget(&self, image: &PublicId) -> Result<(), StoreError> {
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

    async fn miss(&self, image: &PublicId) -> Result<(), StoreError> {
        let id = image.clone();
        let miss = move |connection: &mut PgConnection| {
            let often = images::table
                .filter(images::public_id.eq(id.as_str()))
                .filter(images::removal_requested_at.is_not_null())
                .filter(images::removal_attempts.ge(OFTEN));
            if diesel::delete(often).execute(connection)? == 0 {
                postponed(connection, &id)?;
            }
            Ok(())
        };
        self.database.run(miss).await
    }
}

/// How often an image is looked for that is not there.
const OFTEN: i32 = 8;

/// Lets a removal wait: a minute, then twice as long each time, up to a day.
fn postponed(connection: &mut PgConnection, image: &PublicId) -> QueryResult<()> {
    sql_query(
        "UPDATE images SET removal_requested_at = now() + \
         least(interval '1 minute' * power(2, least(greatest(removal_attempts - 1, 0), 20)), interval '1 day') \
         WHERE public_id = $1 AND removal_requested_at IS NOT NULL",
    )
    .bind::<Text, _>(image.as_str())
    .execute(connection)?;
    Ok(())
}

/// What is true of an image `i` that no product shows in any size, and that was kept longer ago than `$1` seconds.
fn unused() -> String {
    format!(
        "i.removal_requested_at IS NULL AND i.created_at <= now() - make_interval(secs => $1) \
         AND NOT EXISTS (SELECT FROM ({SHOWN}) shown WHERE shown.id = i.public_id)"
    )
}

/// The ids of the images that products show, in whatever size.
const SHOWN: &str = "SELECT substring(url FROM 'eggypro-products/[a-z0-9_-]+') AS id \
     FROM (SELECT unnest(images) AS url FROM products) u";

/// What is true of a product that shows the image of the id `$1`, in whatever size.
const SHOWS: &str = "EXISTS (SELECT FROM unnest(images) url WHERE position($1 IN url) > 0)";

/// How many products a change names; what PostgreSQL passes on is bounded.
const NAMED_AT_MOST: usize = 10;

/// Makes the images of a product that is about to be removed due for removal, but for those that another one shows.
pub(crate) fn discard_of_product(connection: &mut PgConnection, product: i32) -> QueryResult<()> {
    sql_query(
        "UPDATE images i SET removal_requested_at = now() WHERE i.removal_requested_at IS NULL \
         AND (i.product_id = $1 OR i.url = ANY(ARRAY(SELECT unnest(images) FROM products WHERE id = $1))) \
         AND NOT EXISTS (SELECT FROM products p WHERE p.images @> ARRAY[i.url] AND p.id <> $1)",
    )
    .bind::<Integer, _>(product)
    .execute(connection)?;
    Ok(())
}

fn keep(
    connection: &mut PgConnection,
    images: &[Image],
    product: Option<&Slug>,
    touched: &mut Touched,
) -> Result<(), Failure<KeepError>> {
    let product = match product {
        Some(slug) => Some(append(connection, slug, images, touched)?),
        None => None,
    };
    for image in images {
        let reserved = images::table
            .filter(images::public_id.eq(image.id.as_str()))
            .filter(images::removal_requested_at.gt(now.into_sql::<Nullable<Timestamptz>>()))
            .filter(images::removal_attempts.eq(0));
        let kept = diesel::update(reserved)
            .set((
                images::url.eq(&image.original),
                images::format.eq(image.format.as_str()),
                images::width.eq(pixels(image.width)),
                images::height.eq(pixels(image.height)),
                images::bytes.eq(pixels(image.size)),
                images::product_id.eq(product),
                images::removal_requested_at.eq(None::<time::OffsetDateTime>),
            ))
            .execute(connection)?;
        if kept == 0 {
            return Err(Failure::Refused(KeepError::Late));
        }
    }
    Ok(())
}

/// Appends images to a product, which nobody else changes until the transaction ends.
fn append(
    connection: &mut PgConnection,
    slug: &Slug,
    images: &[Image],
    touched: &mut Touched,
) -> Result<i32, Failure<KeepError>> {
    let product = products::table.filter(products::slug.eq(slug.as_str()));
    let found: Option<(i32, Vec<Option<String>>)> = product
        .select((products::id, products::images))
        .for_no_key_update()
        .first(connection)
        .optional()?;
    let (id, shown) = found.unzip();
    let mut shown = room(shown, images.len())?;
    shown.extend(images.iter().map(|image| Some(image.original.clone())));
    diesel::update(product)
        .set((
            products::images.eq(shown),
            products::version.eq(products::version + 1),
            products::updated_at.eq(now.into_sql::<Timestamptz>()),
        ))
        .execute(connection)?;
    touched.product(slug);
    id.ok_or(Failure::Refused(KeepError::ProductNotFound))
}

/// What a product shows, if there is one and it has room for so many more.
fn room(
    shown: Option<Vec<Option<String>>>,
    images: usize,
) -> Result<Vec<Option<String>>, Failure<KeepError>> {
    let shown = shown.ok_or(Failure::Refused(KeepError::ProductNotFound))?;
    if shown.len() + images > MAX_IMAGES {
        return Err(Failure::Refused(KeepError::TooManyImages));
    }
    Ok(shown)
}

fn discard(
    connection: &mut PgConnection,
    image: &PublicId,
    time: Duration,
    touched: &mut Touched,
) -> QueryResult<bool> {
    let wanted = images::table
        .filter(images::public_id.eq(image.as_str()))
        .filter(images::removal_requested_at.is_null());
    let is_wanted: bool = diesel::select(diesel::dsl::exists(wanted)).get_result(connection)?;
    if !is_wanted {
        return Ok(false);
    }
    // Before the image, as where a product is removed, lest the two wait for each other.
    sql_query(format!(
        "SELECT FROM products WHERE {SHOWS} ORDER BY id FOR NO KEY UPDATE"
    ))
    .bind::<Text, _>(image.as_str())
    .execute(connection)?;
    let discarded = sql_query(
        "UPDATE images SET removal_attempts = removal_attempts + 1, \
         removal_requested_at = now() + make_interval(secs => $2) \
         WHERE public_id = $1 AND removal_requested_at IS NULL",
    )
    .bind::<Text, _>(image.as_str())
    .bind::<Double, _>(time.as_secs_f64())
    .execute(connection)?;
    if discarded == 0 {
        return Ok(false);
    }
    let shown_by: Vec<Named> = sql_query(format!(
        "UPDATE products SET version = version + 1, updated_at = now(), images = ARRAY(\
         SELECT url FROM unnest(images) WITH ORDINALITY shown (url, place) WHERE position($1 IN url) = 0 ORDER BY place) \
         WHERE {SHOWS} RETURNING slug::text AS id"
    ))
    .bind::<Text, _>(image.as_str())
    .load(connection)?;
    touched.add(Tag::Products);
    if shown_by.len() > NAMED_AT_MOST {
        touched.add(Tag::EveryProduct);
        return Ok(true);
    }
    for Named { id: slug } in shown_by {
        touched.add(Tag::Product(Slug::try_from(slug).map_err(corrupt)?));
    }
    Ok(true)
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

/// The rules of files have bounded it.
fn pixels(number: u32) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}
