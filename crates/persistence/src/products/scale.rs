//! What pages and searches cost in a shop of 100 000 products.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use eggypro_domain::products::{
    COUNT_LIMIT, Cursor, PageSize, Place, ProductFilter, ProductQuery, ProductSearch, ProductSort,
    SearchPage, Start, Total,
};

use super::{list, search};
use crate::seed;
use crate::testing::TestDatabase;

#[test]
fn a_large_shop_is_served_by_index() {
    let database = TestDatabase::migrated();
    let started = Instant::now();
    seed::generate(&database.address(), 100_000, |_| ()).unwrap();
    assert!(
        started.elapsed() < Duration::from_secs(60),
        "{:?}",
        started.elapsed()
    );
    one_plan_serves_all_pages(&database);
    let mut connection = database.connect();
    for filter in filters() {
        for sort in ProductSort::ALL {
            let query = |start| {
                let mut query = ProductQuery::default();
                query.filter = filter.clone();
                query.sort = sort;
                query.start = start;
                query
            };
            let first = list::page(&mut connection, &query(Start::Offset(0))).unwrap();
            assert_eq!(first.items.len(), 20);
            let deep = Cursor::after(
                sort,
                &list::page(&mut connection, &query(Start::Offset(5_000)))
                    .unwrap()
                    .items[0],
            );
            for start in [Start::Offset(0), Start::Offset(10_000), Start::After(deep)] {
                let plan = list::explain(&mut connection, &query(start)).unwrap();
                assert!(
                    !plan.contains("Seq Scan on products"),
                    "{filter:?} {sort:?}\n{plan}"
                );
            }
        }
    }
    for text in [
        "protein",
        "vanilla bar",
        "egg",
        "zero sugar mint granola",
        "4711",
        "milk",
        "vanila protien",
    ] {
        let plan = search::explain(&mut connection, &search_for(text)).unwrap();
        println!("{text}\n{plan}\n");
        assert!(!plan.contains("Seq Scan on product"), "{text}\n{plan}");
        let fastest = (0..5)
            .map(|_| search_once(&mut connection, text))
            .min()
            .unwrap();
        assert!(fastest < Duration::from_millis(50), "{text}: {fastest:?}");
    }
    for text in ["protein", "vanilla bar", "vanila protien"] {
        cursors_lead_where_offsets_do(&mut connection, text);
    }
    for text in ["p", "prot", "vanilla b", "zzz", "zq", "4711"] {
        let text = text.parse().unwrap();
        let suggest = || {
            let started = Instant::now();
            search::suggestions(&mut connection, &text, 8).unwrap();
            started.elapsed()
        };
        let fastest = std::iter::repeat_with(suggest).take(5).min().unwrap();
        assert!(fastest < Duration::from_millis(15), "{text:?}: {fastest:?}");
    }
}

/// Planning a near page takes longer than to read it.
fn one_plan_serves_all_pages(database: &TestDatabase) {
    #[derive(QueryableByName)]
    struct Planned {
        #[diesel(sql_type = BigInt)]
        anew: i64,
        #[diesel(sql_type = BigInt)]
        once: i64,
    }
    let place = Place {
        offset: 5_000,
        cursor: behind(database, 5_000),
    };
    for (known_total, known_place) in [
        (None, None),
        (Some(Total::AtLeast(COUNT_LIMIT)), None),
        (Some(Total::AtLeast(COUNT_LIMIT)), Some(place)),
    ] {
        let mut connection = database.connect();
        for offset in [
            5_000, 5_020, 9_000, 5_160, 5_000, 5_060, 10_000, 5_100, 5_020, 5_180,
        ] {
            let mut query = ProductQuery::default();
            query.start = Start::Offset(offset);
            query.known_total = known_total;
            query.known_place = known_place.clone();
            let page = list::page(&mut connection, &query).unwrap();
            assert_eq!(page.items.len(), 20);
        }
        let planned: Planned = diesel::sql_query(
            "SELECT custom_plans AS anew, generic_plans AS once FROM pg_prepared_statements \
             WHERE statement LIKE 'SELECT t.total%'",
        )
        .get_result(&mut connection)
        .unwrap();
        // PostgreSQL tries five before it compares.
        assert_eq!(
            (planned.anew, planned.once),
            (5, 5),
            "{known_total:?} {known_place:?}"
        );
    }
}

fn behind(database: &TestDatabase, offset: u32) -> Cursor {
    let mut query = ProductQuery::default();
    query.start = Start::Offset(offset - 1);
    let page = list::page(&mut database.connect(), &query).unwrap();
    Cursor::after(query.sort, &page.items[0])
}

/// With and without a category, and with and without what is sold out.
fn filters() -> Vec<ProductFilter> {
    let categories = [
        vec![],
        vec!["protein-bars"],
        vec!["bundles"],
        vec!["protein-bars", "bundles"],
    ];
    categories
        .into_iter()
        .flat_map(|category| {
            [false, true].map(|in_stock| {
                let mut filter = ProductFilter::default();
                filter.categories = category.iter().map(|slug| slug.parse().unwrap()).collect();
                filter.in_stock = in_stock;
                filter
            })
        })
        .collect()
}

/// Through several blocks of hits.
fn cursors_lead_where_offsets_do(connection: &mut PgConnection, text: &str) {
    let page = |connection: &mut PgConnection, start| {
        let mut search = search_for(text);
        search.start = start;
        search.limit = PageSize::try_from(90).unwrap();
        let started = Instant::now();
        let Ok(page) = search::page(connection, &search) else {
            panic!("{text}: no page");
        };
        (page, started.elapsed())
    };
    let mut start = Start::default();
    let mut fastest = Duration::MAX;
    for number in 0..10 {
        let (by_cursor, time) = page(connection, start);
        let (by_offset, _) = page(connection, Start::Offset(number * 90));
        let ids =
            |page: &SearchPage| -> Vec<_> { page.hits.iter().map(|hit| hit.product.id).collect() };
        assert_eq!(ids(&by_cursor), ids(&by_offset), "{text} {number}");
        fastest = fastest.min(time);
        let Some(next) = by_cursor.next else { break };
        start = Start::After(next);
    }
    assert!(fastest < Duration::from_millis(100), "{text}: {fastest:?}");
}

fn search_once(connection: &mut diesel::PgConnection, text: &str) -> Duration {
    let search = search_for(text);
    let started = Instant::now();
    drop(search::page(connection, &search));
    started.elapsed()
}

fn search_for(text: &str) -> ProductSearch {
    ProductSearch::new(text.parse().unwrap())
}
