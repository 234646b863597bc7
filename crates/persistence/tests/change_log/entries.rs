//! The entries that are written to the log.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Integer, Text};
use eggypro_domain::changes::{Action, ActorKind, EventType, Resource};
use eggypro_persistence::Listener;

use super::*;

#[tokio::test]
async fn a_change_by_hand_is_recorded_like_any_other() {
    let database = TestDatabase::migrated();
    let log = log(&database);
    database.execute(A_PRODUCT);
    database.execute("UPDATE products SET price = 2.50");
    let entries = all(&log).await;
    assert_eq!(entries.len(), 2);
    let (change, made) = (&entries[0], &entries[1]);
    assert_eq!(
        (made.resource, made.action),
        (Resource::Product, Action::Created)
    );
    assert_eq!(
        (change.action, change.diff.as_str()),
        (Action::Updated, r#"{"price": [1.00, 2.50]}"#)
    );
    assert_eq!(change.actor.kind, ActorKind::Database);
    let user: One = sql_query("SELECT session_user::text AS value")
        .get_result(&mut database.connect())
        .unwrap();
    assert_eq!(change.actor.id.as_deref(), Some(user.value.as_str()));
    assert_eq!(
        (change.request_id.as_deref(), change.slug.as_deref()),
        (None, Some("egg"))
    );
    assert_eq!(version(&database, "products"), 2);
    // The trigger does not raise a version that the statement raises itself.
    database.execute("UPDATE products SET price = 3, version = 3");
    assert_eq!(version(&database, "products"), 3);
    // An update without an effect is not recorded.
    database.execute("UPDATE products SET price = 3");
    assert_eq!(
        (version(&database, "products"), all(&log).await.len()),
        (3, 3)
    );
    database.execute("DELETE FROM products");
    let entries = all(&log).await;
    assert_eq!(entries[0].action, Action::Deleted);
    assert!(
        entries[0].diff.contains(r#""price": [3.00, null]"#),
        "{}",
        entries[0].diff
    );
}

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = Text)]
    value: String,
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Integer)]
    version: i32,
}

fn version(database: &TestDatabase, table: &str) -> i32 {
    let displayed = match table {
        "products" => {
            "(SELECT coalesce(sum(display_version), 0)::integer FROM product_categories JOIN categories c ON c.id = category_id)"
        }
        _ => "0",
    };
    let one: Version = sql_query(format!(
        "SELECT version + {displayed} AS version FROM {table}"
    ))
    .get_result(&mut database.connect())
    .unwrap();
    one.version
}

#[tokio::test]
async fn a_transaction_records_each_resource_once() {
    let database = TestDatabase::migrated();
    let log = log(&database);
    database.execute(&format!(
        "BEGIN; {A_PRODUCT}; UPDATE products SET price = 2; UPDATE products SET stock_quantity = 5; COMMIT"
    ));
    let entries = all(&log).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].action, Action::Created);
    assert!(
        entries[0].diff.contains(r#""price": [null, 2.00]"#),
        "{}",
        entries[0].diff
    );
    database.execute("BEGIN; UPDATE products SET price = 9; UPDATE products SET price = 2; COMMIT");
    assert_eq!(all(&log).await.len(), 1, "what was put back is no change");
    database.execute("BEGIN; UPDATE products SET price = 9; ROLLBACK");
    assert_eq!(all(&log).await.len(), 1);
}

#[tokio::test]
async fn category_changes_raise_the_version_of_products() {
    let database = TestDatabase::migrated();
    let log = log(&database);
    database.execute(A_PRODUCT);
    database.execute("INSERT INTO categories (name, slug) VALUES ('Bars', 'bars'), ('Old', 'old')");
    let names = || {
        #[derive(QueryableByName)]
        struct Names {
            #[diesel(sql_type = Array<Text>)]
            names: Vec<String>,
        }
        let row: Names = sql_query(
            "SELECT array(SELECT c.name::text FROM product_categories JOIN categories c ON c.id = category_id ORDER BY c.id) AS names",
        )
        .get_result(&mut database.connect())
        .unwrap();
        row.names
    };
    database.execute(
        "INSERT INTO product_categories SELECT p.id, c.id FROM products p, categories c ORDER BY c.id",
    );
    assert_eq!(
        (names(), version(&database, "products")),
        (vec!["Bars".into(), "Old".into()], 2)
    );
    let entries = all(&log).await;
    assert_eq!(entries[0].diff, r#"{"categories": [[], ["Bars", "Old"]]}"#);
    let count = entries.len();

    // A new name is recorded for the category only.
    database.execute("UPDATE categories SET name = 'Protein bars' WHERE slug = 'bars'");
    assert_eq!(
        (names()[0].as_str(), version(&database, "products")),
        ("Protein bars", 3)
    );
    let entries = all(&log).await;
    assert_eq!(
        (entries.len(), entries[0].resource),
        (count + 1, Resource::Category)
    );
    // So is the removal of a category.
    database.execute("DELETE FROM categories WHERE slug = 'old'");
    assert_eq!(
        (names(), version(&database, "products")),
        (vec!["Protein bars".to_owned()], 4)
    );
    let entries = all(&log).await;
    assert_eq!(
        (entries.len(), entries[0].action),
        (count + 2, Action::Deleted)
    );
    assert_eq!(entries[0].resource, Resource::Category);
    // Taking a product out of a category is recorded for the product.
    database.execute("DELETE FROM product_categories");
    let entries = all(&log).await;
    assert_eq!(entries[0].diff, r#"{"categories": [["Protein bars"], []]}"#);
    assert_eq!((names().len(), version(&database, "products")), (0, 5));
}

#[tokio::test]
async fn category_links_notify_the_product_even_with_equal_names() {
    let database = TestDatabase::migrated();
    let mut events = Listener::new(database.address()).listen().unwrap();
    while events.recv().await != Some(ListenerEvent::Connected) {}
    database.execute(A_PRODUCT);
    assert_eq!(next_tags(&mut events).await.len(), 3);
    database.execute(
        "INSERT INTO categories (name, slug, is_active) VALUES ('Bars', 'bars', true), ('Bars', 'bars-2', true), ('Old', 'old', false)",
    );
    next_tags(&mut events).await;
    let link = "INSERT INTO product_categories SELECT p.id, c.id FROM products p, categories c WHERE c.slug";
    let mut version = 1;
    for statement in [
        format!("{link} = 'bars'"),
        format!("{link} = 'old'"),
        "UPDATE product_categories SET category_id = (SELECT id FROM categories WHERE slug = 'bars-2') \
         WHERE category_id = (SELECT id FROM categories WHERE slug = 'bars')".to_owned(),
        "DELETE FROM product_categories WHERE category_id = (SELECT id FROM categories WHERE slug = 'old')".to_owned(),
    ] {
        database.execute(&statement);
        assert_eq!(next_tags(&mut events).await, ["product:egg", "products", "reviews:egg"], "{statement}");
        version += 1;
        assert_eq!(self::version(&database, "products"), version, "{statement}");
    }
    database.execute("TRUNCATE product_categories");
    assert_eq!(next_tags(&mut events).await, ["everything"]);
    // All changes of a product in a transaction are one change.
    database.execute(&format!(
        "BEGIN; UPDATE products SET price = 3; DELETE FROM product_categories; {link} = 'bars'; COMMIT"
    ));
    assert_eq!(self::version(&database, "products"), version + 2);
    let entries = all(&log(&database)).await;
    assert_eq!(
        entries[0].diff,
        r#"{"price": [1.00, 3.00], "categories": [[], ["Bars"]]}"#
    );
    assert_eq!(entries[0].actor.kind, ActorKind::Database);
}

#[tokio::test]
async fn reviews_are_recorded_with_shortened_comments() {
    let database = TestDatabase::migrated();
    let log = log(&database);
    database.execute(A_PRODUCT);
    let comment = "ä".repeat(300);
    database.execute(&format!(
        "INSERT INTO reviews (product_id, reviewer_name, rating, comment) SELECT id, 'Ada', 5, '{comment}' FROM products"
    ));
    let entries = all(&log).await;
    assert!(
        entries[0].diff.contains(&"ä".repeat(200)) && !entries[0].diff.contains(&"ä".repeat(201))
    );
    database.execute("UPDATE reviews SET is_verified = true");
    let followed = follow(&log, &mut None, 3).await;
    let types: Vec<_> = followed
        .iter()
        .flat_map(EventType::of)
        .map(EventType::as_str)
        .collect();
    assert_eq!(
        types,
        ["product.created", "review.submitted", "review.verified"]
    );
    // The removal of a product's reviews is not recorded separately.
    database.execute("DELETE FROM products");
    let entries = all(&log).await;
    assert_eq!(
        (entries[0].resource, entries[0].action),
        (Resource::Product, Action::Deleted)
    );
    assert_eq!(entries.len(), 4);
}

#[tokio::test]
async fn a_bulk_load_is_recorded_as_one_change() {
    let database = TestDatabase::migrated();
    let mut events = Listener::new(database.address()).listen().unwrap();
    while events.recv().await != Some(ListenerEvent::Connected) {}
    database.execute(&format!(
        "BEGIN; SET LOCAL eggypro.in_bulk = on; {A_PRODUCT}; {}; COMMIT",
        A_PRODUCT.replace("egg'", "two'")
    ));
    assert_eq!(next_tags(&mut events).await, ["everything"]);
    let entries = all(&log(&database)).await;
    assert_eq!((entries.len(), entries[0].resource_id.as_str()), (1, "*"));
    database.execute("TRUNCATE products CASCADE");
    assert_eq!(next_tags(&mut events).await, ["everything"]);
}

#[tokio::test]
async fn the_log_is_filtered_by_resource_actor_and_time() {
    let database = TestDatabase::migrated();
    let log = log(&database);
    database.execute("INSERT INTO categories (name, slug) VALUES ('Bars', 'bars')");
    database.execute(A_PRODUCT);
    database.execute(
        "BEGIN; SELECT set_config('eggypro.actor_kind', 'key', true), set_config('eggypro.actor_id', 'k1', true); \
         UPDATE products SET price = 2; COMMIT",
    );
    let count = async |change: &dyn Fn(&mut ChangeQuery)| {
        let mut query = ChangeQuery::default();
        change(&mut query);
        let page = log.list(&query).await.unwrap();
        assert_eq!(page.items.len() as u32, page.total.bounded_count());
        page.items.len()
    };
    assert_eq!(count(&|_| ()).await, 3);
    assert_eq!(
        count(&|query| query.resource = Some(Resource::Product)).await,
        2
    );
    assert_eq!(count(&|query| query.slug = Some("bars".into())).await, 1);
    assert_eq!(count(&|query| query.actor = Some("k1".into())).await, 1);
    assert_eq!(
        count(&|query| query.actor = Some("database".into())).await,
        2
    );
    let last = all(&log).await[0].clone();
    assert_eq!(count(&|query| query.since = Some(last.at)).await, 1);
    assert_eq!(count(&|query| query.until = Some(last.at)).await, 2);
    let mut older = ChangeQuery::default();
    older.before = Some((last.at, last.id));
    assert_eq!(log.list(&older).await.unwrap().items.len(), 2);
}
