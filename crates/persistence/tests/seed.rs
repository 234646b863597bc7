//! Seeding twice creates no duplicates.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt};
use eggypro_persistence::seed;
use eggypro_persistence::testing::TestDatabase;

fn counts(database: &TestDatabase) -> Vec<i64> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Array<BigInt>)]
        counts: Vec<i64>,
    }
    let query = "SELECT ARRAY[(SELECT count(*) FROM products), (SELECT count(*) FROM reviews), \
                 (SELECT count(*) FROM product_categories), (SELECT count(*) FROM products, generate_series(1, 5) stars \
                 WHERE rating_counts[stars] <> (SELECT count(*) FROM reviews \
                 WHERE product_id = products.id AND is_verified AND rating = stars))] AS counts";
    sql_query(query)
        .get_result::<Row>(&mut *database.connect())
        .unwrap()
        .counts
}

#[test]
fn generated_products_are_the_same_each_time() {
    let database = TestDatabase::migrated();
    let mut reported = vec![];
    seed::generate(&database.address(), 50, |done| reported.push(done)).unwrap();
    assert_eq!(reported, [50]);
    assert_eq!(counts(&database), [50, 150, 50, 0]);
    seed::generate(&database.address(), 60, |_| ()).unwrap();
    assert_eq!(counts(&database), [60, 180, 60, 0]);
}
