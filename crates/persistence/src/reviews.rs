use async_trait::async_trait;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Integer, Text};
use eggypro_domain::products::{COUNT_LIMIT, ProductId, Total};
use eggypro_domain::reviews::{
    InvalidStars, NewReview, Review, ReviewError, ReviewId, ReviewPage, ReviewQuery,
    ReviewRepository, ReviewSort, Stars, VerifiedFilter,
};
use eggypro_domain::{Slug, Valid};
use time::OffsetDateTime;

use crate::database::{Database, Touched};
use crate::error::{Failure, corrupt};
use crate::schema::{products, reviews};

/// Reviews in PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresReviews {
    database: Database,
}

impl PostgresReviews {
    /// The reviews of this database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }
}

type Result<T> = std::result::Result<T, Failure<ReviewError>>;

#[async_trait]
impl ReviewRepository for PostgresReviews {
    async fn list(&self, query: &ReviewQuery) -> std::result::Result<ReviewPage, ReviewError> {
        let is_public = query.verified == VerifiedFilter::Verified;
        let query = query.clone();
        let read = move |connection: &mut PgConnection| page(connection, &query);
        if is_public {
            self.database.read(read).await
        } else {
            // Nobody tells the replicas' watchers of a review that only moderators see.
            self.database.run(read).await
        }
    }

    async fn create(
        &self,
        product: &Slug,
        review: Valid<NewReview>,
    ) -> std::result::Result<Review, ReviewError> {
        let (slug, review) = (product.clone(), review.into_inner());
        // Nobody but moderators sees it yet, so nothing that is kept is touched.
        let create = move |connection: &mut PgConnection| {
            connection.transaction(|connection| create(connection, &slug, &review))
        };
        self.database.run(create).await
    }

    async fn set_verified(
        &self,
        review: ReviewId,
        is_verified: bool,
    ) -> std::result::Result<Review, ReviewError> {
        self.database
            .write(move |connection, touched| {
                let product = lock_product(connection, review)?;
                let row = reviews::table.find(review.0).for_update();
                let row: Option<ReviewRow> = row.first(connection).optional()?;
                let mut row = row.ok_or(Failure::Refused(ReviewError::NotFound))?;
                if row.is_verified != is_verified {
                    diesel::update(reviews::table.find(review.0))
                        .set(reviews::is_verified.eq(is_verified))
                        .execute(connection)?;
                    row.is_verified = is_verified;
                    count(connection, &product, row.rating, is_verified, touched)?;
                }
                Ok(row.try_into().map_err(corrupt)?)
            })
            .await
    }

    async fn remove(&self, review: ReviewId) -> std::result::Result<(), ReviewError> {
        self.database
            .write(move |connection, touched| {
                let product = lock_product(connection, review)?;
                let removed: Option<(bool, i32)> = diesel::delete(reviews::table.find(review.0))
                    .returning((reviews::is_verified, reviews::rating))
                    .get_result(connection)
                    .optional()?;
                match removed {
                    Some((true, rating)) => {
                        Ok(count(connection, &product, rating, false, touched)?)
                    }
                    Some((false, _)) => Ok(()),
                    None => Err(Failure::Refused(ReviewError::NotFound)),
                }
            })
            .await
    }
}

fn page(connection: &mut PgConnection, query: &ReviewQuery) -> Result<ReviewPage> {
    let product = query.product.as_ref();
    let product = product.map(|slug| active_product(connection, slug));
    let product = product.transpose()?;
    let total = match bounded_count(connection, product, query)? {
        Total::Exactly(0) => {
            return Ok(ReviewPage {
                items: vec![],
                total: Total::Exactly(0),
            });
        }
        total => total,
    };
    let mut rows = filtered(product, query);
    rows = match query.sort {
        ReviewSort::Newest => rows.order((reviews::created_at.desc(), reviews::id.desc())),
        ReviewSort::Oldest => rows.order((reviews::created_at, reviews::id)),
        ReviewSort::RatingDesc => rows.order((
            reviews::rating.desc(),
            reviews::created_at.desc(),
            reviews::id.desc(),
        )),
        ReviewSort::RatingAsc => rows.order((
            reviews::rating,
            reviews::created_at.desc(),
            reviews::id.desc(),
        )),
    };
    let rows: Vec<ReviewRow> = rows
        .select(ReviewRow::as_select())
        .offset(query.offset.into())
        .limit(query.limit.get().into())
        .load(connection)?;
    let items = rows.into_iter().map(Review::try_from);
    Ok(ReviewPage {
        items: items
            .collect::<std::result::Result<_, _>>()
            .map_err(corrupt)?,
        total,
    })
}

fn filtered<'a>(product: Option<i32>, query: &ReviewQuery) -> reviews::BoxedQuery<'a, Pg> {
    let mut rows = reviews::table.into_boxed();
    if let Some(product) = product {
        rows = rows.filter(reviews::product_id.eq(product));
    }
    if let Some(is_verified) = query.verified.wanted() {
        rows = rows.filter(reviews::is_verified.eq(is_verified));
    }
    if let Some(rating) = query.rating {
        rows = rows.filter(reviews::rating.eq(i32::from(rating.get())));
    }
    rows
}

/// Counts as far as a page tells.
fn bounded_count(
    connection: &mut PgConnection,
    product: Option<i32>,
    query: &ReviewQuery,
) -> QueryResult<Total> {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = Integer)]
        count: i32,
    }
    let mut statement =
        sql_query("SELECT count(*)::integer AS count FROM (SELECT FROM reviews WHERE ")
            .into_boxed::<Pg>();
    let mut parameters = 0;
    let mut next = |condition: &str| {
        parameters += 1;
        format!("{condition} = ${parameters} AND ")
    };
    if let Some(product) = product {
        statement = statement
            .sql(next("product_id"))
            .bind::<Integer, _>(product);
    }
    if let Some(is_verified) = query.verified.wanted() {
        statement = statement
            .sql(next("is_verified"))
            .bind::<Bool, _>(is_verified);
    }
    if let Some(rating) = query.rating {
        let rating = i32::from(rating.get());
        statement = statement.sql(next("rating")).bind::<Integer, _>(rating);
    }
    let statement = statement.sql(format!("true LIMIT {}) counted", COUNT_LIMIT + 1));
    let counted: Counted = statement.get_result(connection)?;
    Ok(Total::of_bounded_count(counted.count.unsigned_abs()))
}

fn active_product(connection: &mut PgConnection, slug: &Slug) -> Result<i32> {
    let id = active_products(slug).first(connection).optional()?;
    id.ok_or(Failure::Refused(ReviewError::ProductNotFound))
}

/// The id of the active product of a slug.
#[diesel::dsl::auto_type]
fn active_products<'a>(slug: &'a Slug) -> _ {
    let text: &'a str = slug.as_str();
    products::table
        .filter(products::slug.eq(text))
        .filter(products::is_active)
        .select(products::id)
}

fn create(connection: &mut PgConnection, slug: &Slug, review: &NewReview) -> Result<Review> {
    // Kept from being removed until the review is there.
    let product = active_products(slug)
        .for_key_share()
        .first(connection)
        .optional()?;
    let product: i32 = product.ok_or(Failure::Refused(ReviewError::ProductNotFound))?;
    // Who says the same at the same time waits here until this one is there.
    let same = format!(
        "review {product} {:?} {}",
        review.reviewer_name, review.comment
    );
    sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind::<Text, _>(same)
        .execute(connection)?;
    let is_repeated = reviews::table
        .filter(reviews::product_id.eq(product))
        .filter(reviews::reviewer_name.eq(&review.reviewer_name))
        .filter(reviews::comment.eq(&review.comment))
        .filter(diesel::dsl::sql::<Bool>(
            "created_at > now() - interval '1 day'",
        ));
    if diesel::select(diesel::dsl::exists(is_repeated)).get_result(connection)? {
        return Err(Failure::Refused(ReviewError::Duplicate));
    }
    let row: ReviewRow = diesel::insert_into(reviews::table)
        .values((
            reviews::product_id.eq(product),
            reviews::reviewer_name.eq(&review.reviewer_name),
            reviews::reviewer_image_url.eq(&review.reviewer_image_url),
            // Validation has bounded it.
            reviews::rating.eq(i32::try_from(review.rating).unwrap_or_default()),
            reviews::comment.eq(&review.comment),
            reviews::image_url.eq(&review.image_url),
            reviews::video_url.eq(&review.video_url),
        ))
        .returning(ReviewRow::as_returning())
        .get_result(connection)?;
    Ok(row.try_into().map_err(corrupt)?)
}

/// The product of a review.
struct Product {
    id: i32,
    slug: Slug,
}

/// Locks the product of a review before the review itself, as where a product is removed, lest the two wait for each
/// other. Nobody else changes its rating until the transaction ends.
fn lock_product(connection: &mut PgConnection, review: ReviewId) -> Result<Product> {
    let found: Option<(i32, String)> = products::table
        .inner_join(reviews::table)
        .filter(reviews::id.eq(review.0))
        .select((products::id, products::slug))
        .first(connection)
        .optional()?;
    let (id, _) = found.ok_or(Failure::Refused(ReviewError::NotFound))?;
    let slug: Option<String> = products::table
        .find(id)
        .select(products::slug)
        .for_no_key_update()
        .first(connection)
        .optional()?;
    let slug = slug.ok_or(Failure::Refused(ReviewError::NotFound))?;
    let slug = Slug::try_from(slug).map_err(corrupt)?;
    Ok(Product { id, slug })
}

/// Counts the stars of a review for its product, or no longer.
fn count(
    connection: &mut PgConnection,
    product: &Product,
    rating: i32,
    is_counted: bool,
    touched: &mut Touched,
) -> QueryResult<()> {
    let change = if is_counted { 1 } else { -1 };
    sql_query(
        "UPDATE products SET rating_counts[$2] = rating_counts[$2] + $3, version = version + 1, updated_at = now() \
         WHERE id = $1",
    )
    .bind::<Integer, _>(product.id)
    .bind::<Integer, _>(rating)
    .bind::<Integer, _>(change)
    .execute(connection)?;
    touched.product(&product.slug);
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = reviews)]
struct ReviewRow {
    id: i32,
    product_id: i32,
    reviewer_name: String,
    reviewer_image_url: Option<String>,
    rating: i32,
    comment: String,
    image_url: Option<String>,
    video_url: Option<String>,
    is_verified: bool,
    created_at: OffsetDateTime,
}

impl TryFrom<ReviewRow> for Review {
    type Error = InvalidStars;

    fn try_from(row: ReviewRow) -> std::result::Result<Self, InvalidStars> {
        Ok(Self {
            id: ReviewId(row.id),
            product_id: ProductId(row.product_id),
            reviewer_name: row.reviewer_name,
            reviewer_image_url: row.reviewer_image_url,
            rating: Stars::new(row.rating.into())?,
            comment: row.comment,
            image_url: row.image_url,
            video_url: row.video_url,
            is_verified: row.is_verified,
            created_at: row.created_at,
        })
    }
}
