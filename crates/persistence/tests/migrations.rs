//! Migrations go both ways, and many migrators get in nobody's way.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use eggypro_persistence::ConnectionString;
use eggypro_persistence::migrations::{self, MigrationError};
use eggypro_persistence::testing::TestDatabase;
use secrecy::ExposeSecret;

fn names(database: &TestDatabase, query: &str) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let rows: Vec<Row> = sql_query(query).load(&mut *database.connect()).unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

fn tables(database: &TestDatabase) -> Vec<String> {
    let ours = "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public' \
                AND table_name NOT LIKE '\\_\\_diesel%' ORDER BY 1";
    names(database, ours)
}

#[test]
fn they_go_up_and_down_and_up_again() {
    let database = TestDatabase::blank();
    let url = database.address();
    assert_eq!(
        migrations::pending(&url).unwrap().len(),
        migrations::count()
    );
    assert_eq!(migrations::run(&url).unwrap().len(), migrations::count());
    let all = tables(&database);
    for table in [
        "products",
        "reviews",
        "categories",
        "product_categories",
        "api_metrics",
        "images",
    ] {
        assert!(all.iter().any(|name| name == table), "{table} in {all:?}");
    }
    assert!(migrations::pending(&url).unwrap().is_empty());
    assert!(migrations::run(&url).unwrap().is_empty());
    assert_eq!(
        migrations::revert_all(&url).unwrap().len(),
        migrations::count()
    );
    assert!(tables(&database).is_empty());
    migrations::run(&url).unwrap();
    assert_eq!(tables(&database), all);
}

#[test]
fn of_many_migrators_each_succeeds() {
    let database = TestDatabase::blank();
    let migrators: Vec<_> = (0..8)
        .map(|_| {
            let url = database.address();
            std::thread::spawn(move || migrations::run(&url).unwrap().len())
        })
        .collect();
    let applied: usize = migrators
        .into_iter()
        .map(|migrator| migrator.join().unwrap())
        .sum();
    assert_eq!(applied, migrations::count());
}

#[test]
fn the_indexes_and_comments_are_there() {
    let database = TestDatabase::migrated();
    let indexes = names(
        &database,
        "SELECT indexname::text AS name FROM pg_indexes WHERE schemaname = 'public'",
    );
    for index in [
        "products_slug_idx",
        "reviews_product_id_idx",
        "reviews_rating_idx",
        "reviews_verified_idx",
        "categories_slug_idx",
        "api_metrics_endpoint_idx",
        "api_metrics_timestamp_idx",
    ] {
        assert!(indexes.iter().any(|name| name == index), "{index}");
    }
    let bare = "SELECT c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v') AND c.relname NOT LIKE '\\_\\_diesel%' \
                AND obj_description(c.oid) IS NULL";
    assert_eq!(names(&database, bare), Vec::<String>::new());
    let unindexed = "SELECT conrelid::regclass::text || '.' || a.attname AS name FROM pg_constraint k \
                     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] \
                     WHERE k.contype = 'f' AND NOT EXISTS (SELECT FROM pg_index i \
                     WHERE i.indrelid = k.conrelid AND i.indkey[0] = k.conkey[1])";
    assert_eq!(names(&database, unindexed), Vec::<String>::new());
}

#[test]
fn the_database_itself_refuses_what_breaks_a_rule() {
    let database = TestDatabase::migrated();
    let mut connection = database.connect();
    let mut refuses = |values: &str| {
        let statement = format!(
            "INSERT INTO products (name, slug, description, details, price, stock_quantity) VALUES ({values})"
        );
        assert!(
            sql_query(&statement).execute(&mut *connection).is_err(),
            "{values}"
        );
    };
    refuses("'A', 'a', 'd', 'd', 0, 0");
    refuses("'A', 'a', 'd', 'd', 'NaN', 0");
    refuses("'A', 'a', 'd', 'd', 1, -1");
    refuses("'A', 'A B', 'd', 'd', 1, 0");
    refuses("'', 'a', 'd', 'd', 1, 0");
    let product = "INSERT INTO products (name, slug, description, details, price) VALUES ('A', 'a', 'd', 'd', 1)";
    sql_query(product).execute(&mut *connection).unwrap();
    for rating in [0, 6] {
        let review = format!(
            "INSERT INTO reviews (product_id, reviewer_name, rating, comment) SELECT id, 'A', {rating}, 'c' FROM products"
        );
        assert!(sql_query(&review).execute(&mut *connection).is_err());
    }
}

/// What is said of a database that no shop can be kept in.
fn complaint(database: &TestDatabase) -> String {
    let tell = |error: MigrationError| {
        assert!(!error.is_transient());
        error.to_string()
    };
    let address = database.address();
    let complaint = tell(migrations::run(&address).unwrap_err());
    assert_eq!(tell(migrations::pending(&address).unwrap_err()), complaint);
    complaint
}

#[test]
fn a_database_that_can_t_work_is_refused_with_a_cure() {
    for (options, complaints) in [
        (
            "ENCODING 'SQL_ASCII' LOCALE 'C'",
            &["its encoding is SQL_ASCII", "ENCODING 'UTF8'"][..],
        ),
        ("ENCODING 'LATIN1' LOCALE 'C'", &["its encoding is LATIN1"]),
        (
            "ENCODING 'UTF8' LOCALE 'C'",
            &["its character classes are those of C", "LC_CTYPE 'C.UTF-8'"],
        ),
    ] {
        let said = complaint(&TestDatabase::made_with(options));
        for words in complaints {
            assert!(said.contains(words), "{options}: {said}");
        }
    }
}

/// ICU decides on case there, and trigrams ask the C library.
#[test]
fn letters_must_be_letters_to_trigrams_as_well() {
    let version = "SELECT current_setting('server_version_num') AS name";
    if names(&TestDatabase::migrated(), version)[0].as_str() < "150000" {
        println!("skipped: PostgreSQL lets ICU decide for a whole database since version 15");
        return;
    }
    let database = TestDatabase::made_with(
        "ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'und' LC_COLLATE 'C' LC_CTYPE 'C'",
    );
    let refused = migrations::run(&database.address()).unwrap_err();
    assert!(
        refused.to_string().contains("character classes"),
        "{refused}"
    );
}

#[test]
fn extensions_that_are_gone_or_hidden_are_named() {
    let database = TestDatabase::migrated();
    database.execute("CREATE SCHEMA elsewhere; ALTER EXTENSION pg_trgm SET SCHEMA elsewhere");
    let said = complaint(&database);
    assert!(
        said.contains("pg_trgm is in the schema elsewhere"),
        "{said}"
    );
    database.execute("DROP EXTENSION pg_trgm CASCADE");
    let said = complaint(&database);
    assert!(
        said.contains("pg_trgm is missing: CREATE EXTENSION pg_trgm"),
        "{said}"
    );
}

#[test]
fn a_dump_asks_for_nothing_that_another_postgresql_may_lack() {
    let compressed = names(
        &TestDatabase::migrated(),
        "SELECT attname::text AS name FROM pg_attribute WHERE attcompression <> ''",
    );
    assert_eq!(compressed, Vec::<String>::new());
}

#[test]
fn a_schema_that_is_named_holds_a_shop_of_its_own() {
    let database = TestDatabase::migrated();
    database.execute(
        "CREATE SCHEMA extensions; ALTER EXTENSION pg_trgm SET SCHEMA extensions; \
         ALTER EXTENSION unaccent SET SCHEMA extensions; \
         DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = \"$user\", public, extensions', \
         current_database()); END $$",
    );
    let url = database.url().expose_secret().to_owned();
    let separator = if url.contains('?') { '&' } else { '?' };
    let named: ConnectionString = format!("{url}{separator}schema=tenant").parse().unwrap();
    let refused = migrations::run(&named).unwrap_err().to_string();
    assert!(refused.contains("it lacks the schema that"), "{refused}");
    assert!(!refused.contains("tenant"), "{refused}");
    database.execute("CREATE SCHEMA tenant");
    assert_eq!(migrations::run(&named).unwrap().len(), migrations::count());
    let public: ConnectionString = format!("{url}{separator}schema=public").parse().unwrap();
    assert!(migrations::run(&public).unwrap().is_empty());
    assert_eq!(
        names(
            &database,
            "SELECT schemaname::text AS name FROM pg_tables WHERE tablename = 'products' ORDER BY 1"
        ),
        ["public", "tenant"]
    );
}

#[test]
fn a_role_that_may_make_nothing_finds_out_what_is_pending() {
    let database = TestDatabase::migrated();
    let role = format!("reader_{}", std::process::id());
    database.execute(&format!(
        "CREATE ROLE {role} LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC; \
         GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"
    ));
    let url = database.url().expose_secret().to_owned();
    let separator = if url.contains('?') { '&' } else { '?' };
    let reader: ConnectionString = format!("{url}{separator}user={role}").parse().unwrap();
    let pending = migrations::pending(&reader);
    database.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
    assert_eq!(pending.unwrap(), Vec::<String>::new());
}
