use async_trait::async_trait;
use diesel::dsl::{InnerJoin, IntoBoxed, sql};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Bool, Integer, Text, Timestamptz};
use eggypro_domain::products::{COUNT_LIMIT, ProductId, Start, Total};
use eggypro_domain::reviews::{
    Decision, InvalidStars, NewReview, Review, ReviewCursor, ReviewError, ReviewId, ReviewPage,
    ReviewQuery, ReviewRepository, ReviewSort, ReviewedProduct, Stars, VerifiedFilter,
};
use eggypro_domain::{Slug, StoreError, Valid};
use time::OffsetDateTime;

use crate::database::Database;
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
        self.database
            .write(move |connection| create(connection, &slug, &review))
            .await
    }

    async fn set_verified(
        &self,
        review: ReviewId,
        is_verified: bool,
    ) -> std::result::Result<Review, ReviewError> {
        let decision = if is_verified {
            Decision::Verify
        } else {
            Decision::Unverify
        };
        self.database
            .write(move |connection| {
                decide(connection, &[review], decision)?;
                let row: Option<ReviewRow> =
                    reviews::table.find(review.0).first(connection).optional()?;
                let row = row.ok_or(Failure::Refused(ReviewError::NotFound))?;
                Ok(row.try_into().map_err(corrupt)?)
            })
            .await
    }

    async fn decide(
        &self,
        reviews: &[ReviewId],
        decision: Decision,
    ) -> std::result::Result<Vec<bool>, StoreError> {
        let reviews = reviews.to_vec();
        self.database
            .write(move |connection| Ok(decide(connection, &reviews, decision)?))
            .await
    }
}

fn page(connection: &mut PgConnection, query: &ReviewQuery) -> Result<ReviewPage> {
    let product = query.product.as_ref();
    let product = product.map(|slug| reviewed_product(connection, slug, query.of_inactive));
    let product = product.transpose()?;
    let total = bounded_count(connection, product, query)?;
    if total == Total::Exactly(0) {
        return Ok(ReviewPage {
            items: vec![],
            total,
            next: None,
        });
    }
    let limit = query.limit.get();
    // One more than wanted, to know whether there is a next page.
    let rows: Vec<ReviewedRow> = sorted(filtered(product, query), query)
        .select((
            ReviewRow::as_select(),
            (products::id, products::slug, products::name),
        ))
        .offset(query.start.offset().into())
        .limit(i64::from(limit) + 1)
        .load(connection)?;
    let items = rows.into_iter().map(reviewed);
    let mut items = items.collect::<QueryResult<Vec<_>>>()?;
    let has_more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let last = items.last().filter(|_| has_more);
    Ok(ReviewPage {
        next: last.map(|(review, _)| ReviewCursor::after(review)),
        items,
        total,
    })
}

/// Reviews, each with its product.
type Rows<'a> = IntoBoxed<'a, InnerJoin<reviews::table, products::table>, Pg>;

fn sorted<'a>(rows: Rows<'a>, query: &ReviewQuery) -> Rows<'a> {
    let rows = match &query.start {
        Start::Offset(_) => rows,
        Start::After(cursor) => behind(rows, cursor, query.sort),
    };
    match query.sort {
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
    }
}

/// A review, and of which product.
type ReviewedRow = (ReviewRow, (i32, String, String));

fn reviewed((row, (id, slug, name)): ReviewedRow) -> QueryResult<(Review, ReviewedProduct)> {
    let review = Review::try_from(row).map_err(corrupt)?;
    let slug = Slug::try_from(slug).map_err(corrupt)?;
    let id = ProductId(id);
    Ok((review, ReviewedProduct { id, slug, name }))
}

/// Those of these ids that there are, in no order.
pub(crate) fn by_ids(
    connection: &mut PgConnection,
    ids: &[i32],
) -> QueryResult<Vec<(Review, ReviewedProduct)>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let rows: Vec<ReviewedRow> = reviews::table
        .inner_join(products::table)
        .filter(reviews::id.eq_any(ids))
        .select((
            ReviewRow::as_select(),
            (products::id, products::slug, products::name),
        ))
        .load(connection)?;
    rows.into_iter().map(reviewed).collect()
}

/// Only those behind a place. Whole rows are compared, which PostgreSQL turns into one step into the index.
fn behind<'a>(rows: Rows<'a>, cursor: &ReviewCursor, sort: ReviewSort) -> Rows<'a> {
    let (rating, at, id) = (
        i32::from(cursor.rating.get()),
        cursor.created_at,
        cursor.id.0,
    );
    let in_time = |comparison: &str| {
        sql::<Bool>(&format!("(reviews.created_at, reviews.id) {comparison} ("))
            .bind::<Timestamptz, _>(at)
            .sql(", ")
            .bind::<Integer, _>(id)
            .sql(")")
    };
    let same_stars = reviews::rating.eq(rating).and(in_time("<"));
    match sort {
        ReviewSort::Newest => rows.filter(in_time("<")),
        ReviewSort::Oldest => rows.filter(in_time(">")),
        ReviewSort::RatingDesc => rows.filter(reviews::rating.lt(rating).or(same_stars)),
        ReviewSort::RatingAsc => rows.filter(reviews::rating.gt(rating).or(same_stars)),
    }
}

fn filtered<'a>(product: Option<i32>, query: &ReviewQuery) -> Rows<'a> {
    let mut rows = reviews::table.inner_join(products::table).into_boxed();
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

/// The id of a product of which reviews are asked for.
fn reviewed_product(connection: &mut PgConnection, slug: &Slug, of_inactive: bool) -> Result<i32> {
    let id = products::table
        .filter(products::slug.eq(slug.as_str()))
        .filter(products::is_active.or(of_inactive.into_sql::<Bool>()))
        .select(products::id)
        .first(connection)
        .optional()?;
    id.ok_or(Failure::Refused(ReviewError::ProductNotFound))
}

fn create(connection: &mut PgConnection, slug: &Slug, review: &NewReview) -> Result<Review> {
    // Kept from being removed until the review is there.
    let product = products::table
        .filter(products::slug.eq(slug.as_str()))
        .filter(products::is_active)
        .select(products::id)
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

/// Decides of reviews, and says of each whether there is such a review.
fn decide(
    connection: &mut PgConnection,
    ids: &[ReviewId],
    decision: Decision,
) -> QueryResult<Vec<bool>> {
    let ids: Vec<i32> = ids.iter().map(|id| id.0).collect();
    let chosen = || reviews::id.eq_any(&ids);
    // Products before reviews, as where a product is removed, and in one order, lest two callers wait for each other.
    // Nobody else changes their ratings until the transaction ends.
    let of = reviews::table.filter(chosen()).select(reviews::product_id);
    let products: Vec<i32> = products::table
        .filter(products::id.eq_any(of))
        .order(products::id)
        .select(products::id)
        .for_no_key_update()
        .load(connection)?;
    let found: Vec<i32> = reviews::table
        .filter(chosen())
        .select(reviews::id)
        .load(connection)?;
    let changed = match decision {
        Decision::Verify | Decision::Unverify => {
            let is_verified = decision == Decision::Verify;
            diesel::update(
                reviews::table.filter(chosen().and(reviews::is_verified.ne(is_verified))),
            )
            .set(reviews::is_verified.eq(is_verified))
            .returning((reviews::product_id, reviews::rating, reviews::is_verified))
            .load(connection)?
        }
        Decision::Delete => diesel::delete(reviews::table.filter(chosen()))
            .returning((reviews::product_id, reviews::rating, reviews::is_verified))
            .load(connection)?,
    };
    for product in products {
        let stars = stars_of(product, decision, &changed);
        if stars != [0; 5] {
            count_stars(connection, product, &stars)?;
        }
    }
    Ok(ids.iter().map(|id| found.contains(id)).collect())
}

/// How many more reviews of each number of stars count for a product, by the product, stars and state of those that a
/// decision has changed: the state after it, or the last one.
fn stars_of(product: i32, decision: Decision, changed: &[(i32, i32, bool)]) -> [i32; 5] {
    let mut stars = [0; 5];
    for (of, rating, is_verified) in changed {
        let change = match decision {
            Decision::Verify => 1,
            Decision::Unverify => -1,
            Decision::Delete => -i32::from(*is_verified),
        };
        let index = usize::try_from(rating - 1).ok();
        let count = index.and_then(|index| stars.get_mut(index));
        if let Some(count) = count.filter(|_| *of == product) {
            *count += change;
        }
    }
    stars
}

fn count_stars(connection: &mut PgConnection, product: i32, stars: &[i32]) -> QueryResult<usize> {
    sql_query(
        "UPDATE products SET version = version + 1, updated_at = now(), rating_counts = \
         (SELECT array_agg(counted + more ORDER BY stars) \
          FROM unnest(rating_counts, $2) WITH ORDINALITY t(counted, more, stars)) WHERE id = $1",
    )
    .bind::<Integer, _>(product)
    .bind::<Array<Integer>, _>(stars)
    .execute(connection)
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
        let mut review = Self::new(
            ReviewId(row.id),
            ProductId(row.product_id),
            row.reviewer_name,
            Stars::try_from(i64::from(row.rating))?,
            row.comment,
            row.created_at,
        );
        review.reviewer_image_url = row.reviewer_image_url;
        review.image_url = row.image_url;
        review.video_url = row.video_url;
        review.is_verified = row.is_verified;
        Ok(review)
    }
}
