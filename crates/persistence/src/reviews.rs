mod write;

use async_trait::async_trait;
use diesel::dsl::{InnerJoin, IntoBoxed, sql};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Integer, Timestamptz};
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
            // A change of a review that only moderators see is not notified, so replicas may lack it unnoticed.
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
            .write(move |connection| write::create(connection, &slug, &review))
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
                write::decide(connection, &[review], decision)?;
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
            .write(move |connection| Ok(write::decide(connection, &reviews, decision)?))
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
    // One more row shows whether there is a next page.
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
        Start::After(cursor) => after(rows, cursor, query.sort),
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

/// A review, and the id, slug and name of its product.
type ReviewedRow = (ReviewRow, (i32, String, String));

fn reviewed((row, (id, slug, name)): ReviewedRow) -> QueryResult<(Review, ReviewedProduct)> {
    let review = Review::try_from(row).map_err(corrupt)?;
    let slug = Slug::try_from(slug).map_err(corrupt)?;
    let id = ProductId(id);
    Ok((review, ReviewedProduct { id, slug, name }))
}

/// The reviews with these ids, without the missing ones and in no order.
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

/// Only the reviews after a cursor. Row values are compared, which PostgreSQL turns into one index search.
fn after<'a>(rows: Rows<'a>, cursor: &ReviewCursor, sort: ReviewSort) -> Rows<'a> {
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

/// Counts reviews up to the limit that a page reports.
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
    Ok(Total::from_bounded_count(counted.count.unsigned_abs()))
}

/// The id of the product whose reviews are requested.
fn reviewed_product(connection: &mut PgConnection, slug: &Slug, of_inactive: bool) -> Result<i32> {
    let id = products::table
        .filter(products::slug.eq(slug.as_str()))
        .filter(products::is_active.or(of_inactive.into_sql::<Bool>()))
        .select(products::id)
        .first(connection)
        .optional()?;
    id.ok_or(Failure::Refused(ReviewError::ProductNotFound))
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
