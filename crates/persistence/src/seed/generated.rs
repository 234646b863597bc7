use std::collections::HashSet;
use std::ops::RangeInclusive;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Integer};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;
use time::{Duration, OffsetDateTime, macros::datetime};

use super::vocabulary::{
    CATEGORIES, COMMENTS, FLAVOURS, INGREDIENTS, KINDS, PRAISES, REVIEWERS, STYLES,
};
use super::{SeedError, sign};
use crate::ConnectionString;
use crate::schema::{categories, product_categories, products, reviews};

/// Number of products in a batch.
const BATCH: u32 = 2_000;

/// The latest creation time of a generated product. It is fixed, so that a number always gives the same product.
const YOUNGEST: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);

/// The slugs of the first `count` generated products.
pub fn slugs(count: u32) -> impl Iterator<Item = String> {
    (1..=count).map(|number| Generated::number(number).product.slug)
}

/// Creates those of the first `count` generated products that are missing, each with three reviews. A number always
/// gives the same product. Calls `progress` after each batch with the number of finished products.
///
/// # Errors
/// When the database can't be reached or refuses a row. The batches that were reported stay.
pub fn generate(
    url: &ConnectionString,
    count: u32,
    mut progress: impl FnMut(u32),
) -> Result<(), SeedError> {
    let mut connection = url.connect()?;
    let categories = connection.transaction(|connection| {
        sign(connection)?;
        categories_by_index(connection)
    })?;
    for first in (1..=count).step_by(BATCH as usize) {
        let last = count.min(first + BATCH - 1);
        connection.transaction(|connection| {
            sign(connection)?;
            sql_query(IN_BULK).execute(connection)?;
            copy(connection, first..=last, &categories)
        })?;
        progress(last);
    }
    connection.transaction(|connection| {
        sign(connection)?;
        // Notifies the servers of the new products.
        sql_query("SELECT add_change('product', '*', NULL, 'created', '{}', '{everything}')")
            .execute(connection)
    })?;
    // Without new statistics the first queries would get plans for an empty table.
    sql_query("VACUUM ANALYZE products").execute(&mut connection)?;
    sql_query("ANALYZE product_categories, reviews, categories").execute(&mut connection)?;
    Ok(())
}

/// Lets the log of changes record a batch as one change.
const IN_BULK: &str = "SELECT set_config('eggypro.in_bulk', 'on', true)";

/// Creates the missing categories of generated products. Returns the ids of all, by index.
fn categories_by_index(connection: &mut PgConnection) -> QueryResult<Vec<i32>> {
    let rows: Vec<_> = CATEGORIES
        .iter()
        .map(|(slug, name)| (categories::slug.eq(slug), categories::name.eq(name)))
        .collect();
    diesel::insert_into(categories::table)
        .values(rows)
        .on_conflict_do_nothing()
        .execute(connection)?;
    CATEGORIES
        .iter()
        .map(|(slug, _)| {
            categories::table
                .filter(categories::slug.eq(slug))
                .select(categories::id)
                .first(connection)
        })
        .collect()
}

fn copy(
    connection: &mut PgConnection,
    numbers: RangeInclusive<u32>,
    categories: &[i32],
) -> QueryResult<()> {
    let generated: Vec<Generated> = numbers.map(Generated::number).collect();
    let slugs: Vec<&str> = generated
        .iter()
        .map(|generated| generated.product.slug.as_str())
        .collect();
    let existing: HashSet<String> = products::table
        .filter(products::slug.eq_any(slugs))
        .select(products::slug)
        .load(connection)?
        .into_iter()
        .collect();
    let missing: Vec<Generated> = generated
        .into_iter()
        .filter(|generated| !existing.contains(&generated.product.slug))
        .collect();
    let ids = reserve_ids(connection, missing.len())?;

    let (mut product_rows, mut links, mut review_rows) = (vec![], vec![], vec![]);
    for (
        id,
        Generated {
            mut product,
            category,
            reviews,
        },
    ) in ids.into_iter().zip(missing)
    {
        product.id = id;
        links.push((
            product_categories::product_id.eq(id),
            product_categories::category_id.eq(categories[category]),
        ));
        review_rows.extend(reviews.into_iter().map(|review| Review {
            product_id: id,
            ..review
        }));
        product_rows.push(product);
    }
    diesel::copy_from(products::table)
        .from_insertable(product_rows)
        .execute(connection)?;
    diesel::copy_from(product_categories::table)
        .from_insertable(links)
        .execute(connection)?;
    diesel::copy_from(reviews::table)
        .from_insertable(review_rows)
        .execute(connection)?;
    Ok(())
}

fn reserve_ids(connection: &mut PgConnection, count: usize) -> QueryResult<Vec<i32>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Array<Integer>)]
        ids: Vec<i32>,
    }
    let statement = "SELECT ARRAY(SELECT nextval('products_id_seq')::integer FROM generate_series(1, $1)) AS ids";
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    Ok(sql_query(statement)
        .bind::<BigInt, _>(count)
        .get_result::<Row>(connection)?
        .ids)
}

struct Generated {
    product: Product,
    category: usize,
    reviews: Vec<Review>,
}

#[derive(Insertable)]
#[diesel(table_name = products, treat_none_as_default_value = false)]
struct Product {
    id: i32,
    name: String,
    slug: String,
    description: String,
    details: String,
    price: Decimal,
    ingredients: Vec<Option<String>>,
    stock_quantity: i32,
    rating_counts: Vec<Option<i32>>,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
}

#[derive(Insertable)]
#[diesel(table_name = reviews, treat_none_as_default_value = false)]
struct Review {
    product_id: i32,
    reviewer_name: String,
    rating: i32,
    comment: String,
    is_verified: bool,
    created_at: OffsetDateTime,
}

impl Generated {
    fn number(number: u32) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(number.into());
        let (kind, category) = *pick(&mut random, &KINDS);
        let (style, flavour) = (*pick(&mut random, &STYLES), *pick(&mut random, &FLAVOURS));
        let name = format!("{style} {flavour} {kind} {number}");
        let created_at = YOUNGEST - Duration::minutes(random.random_range(0..1_000_000));
        let reviews: Vec<Review> = (0..3)
            .map(|_| Review::random(&mut random, created_at))
            .collect();
        let mut rating_counts = vec![Some(0); 5];
        for review in reviews.iter().filter(|review| review.is_verified) {
            let count = &mut rating_counts[review.rating.unsigned_abs() as usize - 1];
            *count = count.map(|count| count + 1);
        }
        let product = Product {
            id: 0,
            slug: name.to_lowercase().replace(' ', "-"),
            description: format!(
                "{style} {kind} with {flavour}. {}",
                sentences(&mut random, 2)
            ),
            details: format!(
                "{} Item number {number}. {}",
                sentences(&mut random, 2),
                sentences(&mut random, 1)
            ),
            price: Decimal::new(random.random_range(199..=9_999), 2),
            ingredients: (0..random.random_range(3..8))
                .map(|_| Some((*pick(&mut random, &INGREDIENTS)).into()))
                .collect(),
            // One in five is sold out.
            stock_quantity: if random.random_ratio(1, 5) {
                0
            } else {
                random.random_range(1..500)
            },
            rating_counts,
            created_at,
            updated_at: created_at,
            name,
        };
        Self {
            product,
            category,
            reviews,
        }
    }
}

impl Review {
    fn random(random: &mut impl Rng, product_made_at: OffsetDateTime) -> Self {
        Self {
            product_id: 0,
            reviewer_name: (*pick(random, &REVIEWERS)).into(),
            rating: *pick(random, &[1, 2, 3, 4, 4, 5, 5, 5]),
            comment: (*pick(random, &COMMENTS)).into(),
            is_verified: random.random_ratio(4, 5),
            created_at: product_made_at + Duration::hours(random.random_range(1..10_000)),
        }
    }
}

fn sentences(random: &mut impl Rng, count: usize) -> String {
    (0..count)
        .map(|_| *pick(random, &PRAISES))
        .collect::<Vec<_>>()
        .join(" ")
}

fn pick<'a, T>(random: &mut impl Rng, choices: &'a [T]) -> &'a T {
    &choices[random.random_range(0..choices.len())]
}
